/**
 * The other end of each stream: receives what the device is done with and acknowledges it later.
 * Models: a receiver behind a link; the transmit path's specification, section 1.1 step 20. An skb is acknowledged
 * when `lagBytes` more have arrived (data in flight on a long link) and `delayNs` have passed. On this lag depends how
 * long memory stays in use, and with it which cache the copies meet.
 * Owner: the CPU that takes the interrupts of the socket's queue.
 */
import type { Arena } from '../smp/arena.js';
import type { Cpu, CpuTable } from '../smp/cpu.js';
import type { SkbTable } from './skb.js';
import type { SocketTable } from './socket.js';

export interface PeerConfig {
  /** Charged bytes that follow an skb before it is acknowledged; at most three quarters of the send buffer. */
  readonly lagBytes: number;
  readonly delayNs: number;
}

const STRIDE = 32;
const RETIRED = 0; // ordinal of the next skb to arrive
const ACKED = 1; // ordinal of the next skb to acknowledge
const CHARGE_ARRIVED = 1; // doubles
const CHARGE_ACKED = 2;
const BYTES_ARRIVED = 3;

export class PeerTable {
  readonly #config: PeerConfig;
  readonly #skbs: SkbTable;
  readonly #sockets: SocketTable;
  readonly #words: Int32Array;
  readonly #doubles: Float64Array;
  readonly #cpus: CpuTable;

  constructor(arena: Arena, config: PeerConfig, skbs: SkbTable, sockets: SocketTable, cpus: CpuTable) {
    this.#config = config;
    this.#skbs = skbs;
    this.#sockets = sockets;
    this.#words = arena.int32(sockets.limits.sockets * STRIDE);
    this.#doubles = new Float64Array(this.#words.buffer, this.#words.byteOffset, this.#words.length / 2);
    this.#cpus = cpus;
  }

  reset(): void {
    this.#words.fill(0);
  }

  /** Acknowledgements may become due without anything else happening. */
  get isTimed(): boolean {
    return this.#config.delayNs > 0 || this.#cpus.isDraining();
  }

  receivedBytes(socket: number): number {
    return this.#doubles[(socket * STRIDE) / 2 + BYTES_ARRIVED]!;
  }

  receivedSkbs(socket: number): number {
    return this.#words[socket * STRIDE + RETIRED]!;
  }

  /** The socket's next skb has arrived. */
  receive(cpu: Cpu, socket: number, skb: number): void {
    const words = this.#words;
    const doubles = this.#doubles;
    const at = socket * STRIDE;
    if (this.#config.delayNs > 0) this.#skbs.setRetiredAt(skb, cpu.list.now);
    words[at + RETIRED] = (words[at + RETIRED]! + 1) | 0;
    const arrived = at / 2 + CHARGE_ARRIVED;
    doubles[arrived] = doubles[arrived]! + this.#skbs.charge(skb);
    const bytes = at / 2 + BYTES_ARRIVED;
    doubles[bytes] = doubles[bytes]! + this.#skbs.bytes(skb);
  }

  /** Acknowledges what is due at `now`; true when there was something. */
  acknowledge(socket: number, now: number): boolean {
    const words = this.#words;
    const doubles = this.#doubles;
    const at = socket * STRIDE;
    const flush = this.#cpus.isDraining();
    const arrived = doubles[at / 2 + CHARGE_ARRIVED]!;
    const first = words[at + ACKED]!;
    let ordinal = first;
    let acked = doubles[at / 2 + CHARGE_ACKED]!;
    while (ordinal !== words[at + RETIRED]) {
      const skb = this.#sockets.skb(socket, ordinal);
      const next = acked + this.#skbs.charge(skb);
      if (!flush) {
        if (arrived - next < this.#config.lagBytes) break;
        if (this.#config.delayNs > 0 && now - this.#skbs.retiredAt(skb) < this.#config.delayNs) break;
      }
      acked = next;
      ordinal = (ordinal + 1) | 0;
    }
    if (ordinal === first) return false;
    words[at + ACKED] = ordinal;
    doubles[at / 2 + CHARGE_ACKED] = acked;
    this.#sockets.setAcked(socket, ordinal);
    return true;
  }
}
