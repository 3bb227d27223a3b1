/**
 * What a datagram socket does: one skb for each message, transmitted by who sends it, and gone when the device is done.
 * Models: udp_sendmsg and sock_alloc_send_pskb; the transmit path's specification, section 1.4. There is no clone, no
 * acknowledgement and nothing to retransmit; the send buffer is charged until completion. The payload lies in memory of
 * the kernel's allocator, not in pages that a socket may choose, so no design spares it the bounce.
 * Deviations: the payload is mapped apart from the header; a datagram that is larger than a frame is one packet.
 * Owner: the thread of its CPU. A socket belongs to one task.
 */
import type { PageFrag } from '../page/page-frag.js';
import type { Cpu } from '../smp/cpu.js';
import { type Lifetime, releaseShare } from './lifetime.js';
import type { PeerTable } from './peer.js';
import type { Qdisc } from './qdisc.js';
import type { SkbTable } from './skb.js';
import type { SocketTable } from './socket.js';
import type { StreamPath } from './stream-path.js';
import type { TransmitPath } from './transmit-path.js';
import type { TxQueue } from './tx-queue.js';

/** Payload bytes of an IPv4 datagram at most. */
export const MAX_DATAGRAM = 65507;

export interface DatagramParts {
  readonly cpu: Cpu;
  readonly sockets: SocketTable;
  readonly skbs: SkbTable;
  /** Socket i transmits on queue i mod their number. */
  readonly queues: readonly TxQueue[];
  readonly qdisc: Qdisc;
  readonly lifetime: Lifetime;
  readonly peers: PeerTable;
  /** Copies user bytes into fragments, which are ordinary pages. */
  readonly filler: Pick<StreamPath, 'fill'>;
}

export class DatagramPath implements TransmitPath {
  readonly isTimed = false;
  readonly #parts: DatagramParts;

  constructor(parts: DatagramParts) {
    this.#parts = parts;
  }

  /** All of the message or nothing of it. */
  send(socket: number, frag: PageFrag, user: number, bytes: number): number {
    const { cpu, sockets, skbs, queues, qdisc, lifetime, filler } = this.#parts;
    if (sockets.inQueues(socket) >= sockets.limits.sendBuffer) return 0;
    const skb = sockets.skb(socket, sockets.end(socket));
    if (!skbs.isFree(skb)) return 0;
    skbs.init(skb, socket);
    if (filler.fill(skb, frag, user, bytes) < bytes) {
      releaseShare(cpu, skb, skbs, lifetime);
      return 0;
    }
    sockets.addDatagram(socket, bytes, skbs.charge(skb));
    qdisc.xmit(cpu, queues[socket % queues.length]!, skb);
    return bytes;
  }

  /** Half of the send buffer has to be free. */
  isWritable(socket: number): boolean {
    const { sockets, skbs } = this.#parts;
    const free = sockets.limits.sendBuffer - sockets.inQueues(socket);
    return 2 * free >= sockets.limits.sendBuffer && skbs.isFree(sockets.skb(socket, sockets.end(socket)));
  }

  completed(cpu: Cpu, skb: number): void {
    const { sockets, skbs, peers, lifetime } = this.#parts;
    const socket = skbs.socket(skb);
    const charge = skbs.charge(skb);
    peers.receiveDatagram(socket, skbs.bytes(skb));
    releaseShare(cpu, skb, skbs, lifetime);
    sockets.datagramDone(socket, charge);
  }

  isDue(_socket: number, _now: number): boolean {
    return false;
  }

  softirq(_socket: number): void {}
}
