/**
 * Which bouncing device a socket transmits to: what it has learned from its own mappings, and whether that still holds.
 * Models: sk_set_bounce_device of the 2026 patch and the socket's {device, serial, timestamp}; the transmit path's
 * specification, sections 2.1, 2.3 and 2.4. Both flavours: `faithful` lets whoever maps change the cache under the
 * socket's owner; in `hardened` it leaves {device, serial} in a mailbox of one place, which the owner empties. Deviations:
 * devices have numbers, and serials are compared in 24 bits, so that a mailbox is one word.
 * Threads: `teach` on any CPU, in the context of start-transmit; the rest belongs to the socket's owner.
 */

import { type DeviceTable, NO_DEVICE } from '../device/device-table.js';
import type { Flavour } from '../flavour.js';
import type { PercentLimit } from '../page/percent-limit.js';
import type { Arena } from '../smp/arena.js';
import { HARDIRQ } from '../smp/copy-ledger.js';
import type { Cpu } from '../smp/cpu.js';

const STRIDE = 32;
// In one word each: device in the top byte, serial in the 24 bits below; 0 is none.
const CACHE = 0;
const MAILBOX = 1;
const SEEN_AT = 2; // tick at which the device was last met
const FLAGS = 3;

const SERIAL_BITS = 24;
const SERIAL_MASK = (1 << SERIAL_BITS) - 1;
/** Devices that fit beside a serial. */
export const MAX_DEVICES = 127;

const EXCLUDED = 1;
const PRIVATE = 2;
const CLOSED = 4;
const UNTAUGHT = EXCLUDED | CLOSED;

/** A tick that is always fresh. */
const UNTIL_MET = 0x7fffffff;

export interface LearnedDeviceConfig {
  readonly sockets: number;
  readonly flavour: Flavour;
  /** How long a device is remembered that no mapping confirms, milliseconds. */
  readonly ttlMs: number;
}

export class LearnedDevices {
  readonly flavour: Flavour;
  readonly #config: LearnedDeviceConfig;
  readonly #isHardened: boolean;
  readonly #devices: DeviceTable;
  readonly #percentLimit: PercentLimit;
  readonly #words: Int32Array;

  constructor(arena: Arena, config: LearnedDeviceConfig, devices: DeviceTable, percentLimit: PercentLimit) {
    this.flavour = config.flavour;
    this.#isHardened = config.flavour === 'hardened';
    this.#config = config;
    this.#devices = devices;
    this.#percentLimit = percentLimit;
    this.#words = arena.int32(config.sockets * STRIDE);
  }

  reset(): void {
    this.#words.fill(0);
  }

  /** The socket has the zero-copy flag set, which excludes it. Before anybody uses it. */
  exclude(socket: number): void {
    this.#setFlag(socket, EXCLUDED);
  }

  /** What is written to the socket's fragments must not be seen by the host (records of kernel TLS, before encryption). */
  keepPrivate(socket: number): void {
    this.#setFlag(socket, PRIVATE);
  }

  isPrivate(socket: number): boolean {
    return (this.#words[socket * STRIDE + FLAGS]! & PRIVATE) !== 0;
  }

  /** The socket knows its device from the start, as after a transmission. Before anybody uses it. */
  tell(socket: number, device: number): void {
    this.#replace(socket * STRIDE, entry(device, this.#devices.serial));
    this.#words[socket * STRIDE + SEEN_AT] = UNTIL_MET;
  }

  /**
   * While something of the socket is given to a device, a device turns out to bounce. Hot path. In `hardened` that says
   * nothing about the socket when it is another device, or a hard interrupt's mapping.
   */
  teach(cpu: Cpu, socket: number, device: number): void {
    if (this.#isHardened && (device !== cpu.txDevice || cpu.context === HARDIRQ)) return;
    const words = this.#words;
    const at = socket * STRIDE;
    if (words[at + FLAGS]! & UNTAUGHT || this.#percentLimit.percent === 0) return;
    if (words[at + CACHE] !== entry(device, this.#devices.seemingSerial)) {
      // The serial is read before the reference is taken: one that is too old is stale, one that is too new would be wrong.
      const found = entry(device, this.#devices.serial);
      if (this.#isHardened) this.#post(at, found);
      else this.#replace(at, found);
    }
    const now = cpu.ticks;
    if (words[at + SEEN_AT] !== now) words[at + SEEN_AT] = now;
  }

  /** The device that the next page may be taken for, or `NO_DEVICE`. What is stale or too old is forgotten. */
  usable(cpu: Cpu, socket: number): number {
    const words = this.#words;
    const at = socket * STRIDE;
    if (words[at + MAILBOX] !== 0) this.#collect(at);
    const cached = words[at + CACHE]!;
    if (cached === 0 || this.#percentLimit.percent === 0) return NO_DEVICE;
    const isFresh =
      (cached & SERIAL_MASK) === (this.#devices.seemingSerial & SERIAL_MASK) &&
      cpu.ticks - words[at + SEEN_AT]! < this.#config.ttlMs;
    if (!isFresh) {
      this.#drop(at + CACHE);
      return NO_DEVICE;
    }
    if (this.#isHardened && words[at + FLAGS]! & PRIVATE) return NO_DEVICE;
    return cached >>> SERIAL_BITS;
  }

  /**
   * The socket is closed. In `hardened` nobody teaches it anything any more, not even who is in the middle of giving its
   * last packet to a device: which is what a reference to the socket for that long would be for.
   */
  close(socket: number): void {
    if (this.#isHardened) this.#setFlag(socket, CLOSED);
    this.forget(socket);
  }

  /** What the socket knows is no longer true: cache and mailbox give their references up. */
  forget(socket: number): void {
    const at = socket * STRIDE;
    this.#drop(at + CACHE);
    this.#drop(at + MAILBOX);
  }

  /** The device that is cached, fresh or not. */
  cached(socket: number): number {
    return this.#words[socket * STRIDE + CACHE]! >>> SERIAL_BITS;
  }

  /** References that the sockets hold to the device, those in mailboxes included; exact when no CPU is at work. */
  holds(device: number): number {
    let holds = 0;
    for (let at = 0; at < this.#words.length; at += STRIDE) {
      for (const place of [CACHE, MAILBOX]) if (this.#words[at + place]! >>> SERIAL_BITS === device) holds++;
    }
    return holds;
  }

  #drop(place: number): void {
    const old = Atomics.exchange(this.#words, place, 0);
    if (old !== 0) this.#devices.put(old >>> SERIAL_BITS);
  }

  /** Leaves word for the owner, and drops what the mailbox held. A device that waits there already is not put there again. */
  #post(at: number, found: number): void {
    if (this.#words[at + MAILBOX] === found) return;
    this.#devices.get(found >>> SERIAL_BITS);
    const before = Atomics.exchange(this.#words, at + MAILBOX, found);
    if (before !== 0) this.#devices.put(before >>> SERIAL_BITS);
    if (Atomics.load(this.#words, at + FLAGS) & CLOSED) this.#drop(at + MAILBOX);
  }

  #collect(at: number): void {
    const found = Atomics.exchange(this.#words, at + MAILBOX, 0);
    const before = this.#words[at + CACHE]!;
    this.#words[at + CACHE] = found;
    if (before !== 0) this.#devices.put(before >>> SERIAL_BITS);
  }

  /** As it was posted: the cache changes while the socket's owner may be using it. */
  #replace(at: number, found: number): void {
    const before = this.#words[at + CACHE]!;
    if (before >>> SERIAL_BITS !== found >>> SERIAL_BITS) {
      this.#devices.get(found >>> SERIAL_BITS);
      if (before !== 0) this.#devices.put(before >>> SERIAL_BITS);
    }
    this.#words[at + CACHE] = found;
  }

  #setFlag(socket: number, flag: number): void {
    const at = socket * STRIDE + FLAGS;
    Atomics.or(this.#words, at, flag);
  }
}

function entry(device: number, serial: number): number {
  return (device << SERIAL_BITS) | (serial & SERIAL_MASK);
}
