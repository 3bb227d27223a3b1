/**
 * The transmit side of a datagram socket: one skb for each message, transmitted by its sender, freed at completion.
 * Models: udp_sendmsg and sock_alloc_send_pskb: docs/spec/tx-path.md#headers-retransmits-and-datagrams. There is no
 * clone, no acknowledgement and nothing to retransmit; the send buffer is charged until completion. The payload lies in
 * memory of Linux's allocator, not in pages that a socket may choose, so every design bounces it.
 * Deviations: the payload is mapped apart from the header; a datagram that is larger than a frame is one packet.
 * Owner: the thread of its CPU. A socket belongs to one task.
 */
import type { PageFrag } from '../page/page-frag.js';
import type { Cpu } from '../smp/cpu.js';
import type { Filler } from './filler.js';
import { type Lifetime, releaseData } from './lifetime.js';
import type { PeerTable } from './peer.js';
import type { Qdisc } from './qdisc.js';
import type { SkbTable } from './skb.js';
import type { SocketTable } from './socket.js';
import type { PathParts, TransmitPath } from './transmit-path.js';

/** Highest number of payload bytes of an IPv4 datagram. */
export const MAX_DATAGRAM = 65507;

export class DatagramPath implements TransmitPath {
  readonly isTimed = false;
  readonly #cpu: Cpu;
  readonly #sockets: SocketTable;
  readonly #skbs: SkbTable;
  readonly #lifetime: Lifetime;
  readonly #peers: PeerTable;
  readonly #filler: Filler;
  readonly #qdisc: Qdisc;

  constructor(cpu: Cpu, parts: PathParts) {
    this.#cpu = cpu;
    this.#sockets = parts.sockets;
    this.#skbs = parts.skbs;
    this.#lifetime = parts.lifetime;
    this.#peers = parts.peers;
    this.#filler = parts.filler;
    this.#qdisc = parts.qdisc;
  }

  /** Takes the whole message, or nothing of it. */
  send(socket: number, pfrag: PageFrag, userOffset: number, bytes: number): number {
    const sockets = this.#sockets;
    const skbs = this.#skbs;
    if (sockets.inQueues(socket) >= sockets.limits.sendBufferBytes) return 0;
    const skb = sockets.skb(socket, sockets.end(socket));
    if (!skbs.isFree(skb)) return 0;
    skbs.init(skb, socket);
    const filled = this.#filler.fill(skb, pfrag, userOffset, bytes);
    this.#filler.endSend(socket);
    if (filled < bytes) {
      releaseData(this.#cpu, skb, skbs, this.#lifetime);
      return 0;
    }
    sockets.addDatagram(socket, bytes, skbs.charge(skb));
    this.#qdisc.xmit(this.#cpu, this.#qdisc.queueOf(socket), skb);
    return bytes;
  }

  /** True if half of the send buffer is free. */
  isWritable(socket: number): boolean {
    const sockets = this.#sockets;
    const free = sockets.limits.sendBufferBytes - sockets.inQueues(socket);
    return 2 * free >= sockets.limits.sendBufferBytes && this.#skbs.isFree(sockets.skb(socket, sockets.end(socket)));
  }

  finish(cpu: Cpu, skb: number): void {
    const socket = this.#skbs.socket(skb);
    const charge = this.#skbs.charge(skb);
    this.#peers.receiveDatagram(socket, this.#skbs.bytes(skb));
    releaseData(cpu, skb, this.#skbs, this.#lifetime);
    this.#sockets.datagramDone(socket, charge);
  }

  isDue(_socket: number, _now: number): boolean {
    return false;
  }

  softirq(_socket: number): void {}
}
