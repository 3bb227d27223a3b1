/**
 * How the bytes of a user get into skbs: one of the parts that a design may differ in. `SkbFiller` copies them into
 * page fragments; others hang the memory that they lie in on the skb.
 * Process context, under the socket lock. Owner: the thread of its CPU.
 */
import type { PageFrag } from '../page/page-frag.js';

/** How the bytes of a user get into skbs. */
export interface Filler {
  /**
   * Adds user bytes to an skb until it is full, sealed (`SkbTable.seal`), or there is no memory. Fewer bytes than asked
   * mean one of these three: a stream goes on with another skb, or waits for memory. A filler that can add some more
   * has to do so within the call. An skb of a datagram is filled by one call, which has to add all bytes.
   * @param pfrag the task's current page
   * @param userOffset physical address of the bytes
   * @returns how many bytes were added
   */
  fill(skb: number, pfrag: PageFrag, userOffset: number, bytes: number): number;
  /** Ends a send call of the socket: what `fill` keeps open from one skb of the call to the next is closed. */
  endSend(socket: number): void;
}
