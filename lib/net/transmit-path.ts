/**
 * The kind of socket that senders write to: the part in which streams and datagrams differ.
 * Threads: one for each CPU, over the same sockets; `send` in process context, the rest in softirq.
 */
import type { PageFrag } from '../page/page-frag.js';
import type { Cpu } from '../smp/cpu.js';
import type { Filler } from './filler.js';
import type { Lifetime } from './lifetime.js';
import type { PeerTable } from './peer.js';
import type { Qdisc } from './qdisc.js';
import type { SkbTable } from './skb.js';
import type { SocketTable } from './socket.js';

/** What every kind of socket works with. */
export interface PathParts {
  readonly sockets: SocketTable;
  readonly skbs: SkbTable;
  readonly lifetime: Lifetime;
  readonly peers: PeerTable;
  readonly filler: Filler;
  readonly qdisc: Qdisc;
}

export interface TransmitPath {
  /** True if transmission may become due with time alone. */
  readonly isTimed: boolean;
  /**
   * Takes bytes from the buffer of a user: the body of sendmsg, up to where it would sleep.
   * @param pfrag the task's current page
   * @param userOffset physical address of the bytes
   * @returns how many bytes were taken; fewer than `bytes` if the send buffer is full or there is no page
   */
  send(socket: number, pfrag: PageFrag, userOffset: number, bytes: number): number;
  /** True if a sender that had to wait may write again. */
  isWritable(socket: number): boolean;
  /** Finishes an skb of this kind that the device is done with; the driver has unmapped it. */
  finish(cpu: Cpu, skb: number): void;
  /**
   * True if `softirq` may transmit at `now` what was too early before. Plain reads, may be stale
   * (docs/design/0004-stale-reads.md).
   */
  isDue(socket: number, now: number): boolean;
  /** Acts on completions and acknowledgements: frees and transmits. */
  softirq(socket: number): void;
}
