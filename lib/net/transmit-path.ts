/**
 * What kind of socket a machine's senders write to: the part in which streams and datagrams differ.
 * Threads: one for each CPU, over the same sockets; `send` in process context, the rest in softirq.
 */
import type { PageFrag } from '../page/page-frag.js';
import type { Cpu } from '../smp/cpu.js';

export interface TransmitPath {
  /** Something may become due with time alone. */
  readonly isTimed: boolean;
  /**
   * Takes bytes from a user's buffer: the body of sendmsg, up to where it would sleep.
   * @param frag the task's page fragment
   * @param user physical address of the bytes
   * @returns how many bytes were taken; fewer than asked when the send buffer is full or there is no page
   */
  send(socket: number, frag: PageFrag, user: number, bytes: number): number;
  /** Could a sender that was told to wait write again? */
  isWritable(socket: number): boolean;
  /** The device is done with an skb of this kind, which is unmapped. */
  completed(cpu: Cpu, skb: number): void;
  /** Is there something for `softirq` to transmit at `now` that was too early before? A glance. */
  isDue(socket: number, now: number): boolean;
  /** Makes use of completions and acknowledgements. */
  softirq(socket: number): void;
}
