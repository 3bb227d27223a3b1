/**
 * The bouncing device that each socket transmits to: what a socket has learned from its own mappings, and whether that
 * still holds.
 * Models: sk_set_bounce_device of the 2026 patch and the socket's {device, serial, timestamp}:
 * docs/spec/tx-path.md#state-that-the-patch-adds, docs/spec/tx-path.md#learning-a-device,
 * docs/spec/tx-path.md#validity-of-a-learned-device. Both flavours: in `faithful` the CPU that maps changes the cache
 * while the owner of the socket may be using it; in `hardened` it leaves {device, serial} in a mailbox with one place,
 * which the owner empties (docs/spec/tx-path.md#rule-a-mailbox-for-learned-devices).
 * Deviations: devices have numbers, and serials are compared in 24 bits, so that a mailbox is one word.
 * Threads: `teach` on any CPU, in the context of start-transmit; the rest belongs to the owner of the socket.
 */

import { type DeviceTable, NO_DEVICE } from '../device/device-table.js';
import type { Flavour } from '../flavour.js';
import type { PercentLimit } from '../page/percent-limit.js';
import type { Arena } from '../smp/arena.js';
import { HARDIRQ } from '../smp/copy-ledger.js';
import type { Cpu } from '../smp/cpu.js';

const STRIDE = 32;
// Two words of the form: device in the top byte, serial in the 24 bits below; 0 is none.
const CACHE = 0;
const MAILBOX = 1;
const SEEN_AT = 2; // tick at which a mapping last confirmed the device
const FLAGS = 3;

const SERIAL_BITS = 24;
const SERIAL_MASK = (1 << SERIAL_BITS) - 1;
/** Number of devices that fit beside a serial. */
export const MAX_DEVICES = 127;

const EXCLUDED = 1;
const PRIVATE = 2;
const CLOSED = 4;
const UNTAUGHT = EXCLUDED | CLOSED;

/** A tick that is always fresh. */
const ALWAYS_FRESH = 0x7fffffff;

export interface LearnedDeviceConfig {
  readonly sockets: number;
  readonly flavour: Flavour;
  /** How long a socket remembers a device that no mapping confirms, milliseconds. */
  readonly ttlMs: number;
}

/** What sockets have learned of the devices that they transmit to. */
export class LearnedDevices {
  /** Which of the two designs it is. */
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

  /** Forgets everything. One thread, before any other uses it. */
  reset(): void {
    this.#words.fill(0);
  }

  /** Excludes a socket, as its zero-copy flag does. Before the socket is used. */
  exclude(socket: number): void {
    this.#setFlag(socket, EXCLUDED);
  }

  /** Marks payload as private: the host must not see it (records of kernel TLS, before encryption). */
  keepPrivate(socket: number): void {
    this.#setFlag(socket, PRIVATE);
  }

  /** True if the payload of the socket is private. */
  isPrivate(socket: number): boolean {
    return (this.#words[socket * STRIDE + FLAGS]! & PRIVATE) !== 0;
  }

  /** Makes the socket know its device from the start, as after a transmission. Before the socket is used. */
  preset(socket: number, device: number): void {
    this.#replace(socket * STRIDE, entry(device, this.#devices.serial));
    this.#words[socket * STRIDE + SEEN_AT] = ALWAYS_FRESH;
  }

  /**
   * Teaches a socket that a device bounces; called while a packet of the socket is given to a device. Hot path.
   * `hardened` ignores mappings of another device and of hard interrupts, which are not of the packet
   * (docs/spec/tx-path.md#rule-learn-from-the-device-of-the-packet).
   */
  teach(cpu: Cpu, socket: number, device: number): void {
    if (this.#isHardened && (device !== cpu.txDevice || cpu.context === HARDIRQ)) return;
    const words = this.#words;
    const at = socket * STRIDE;
    if (words[at + FLAGS]! & UNTAUGHT || this.#percentLimit.percent === 0) return;
    if (words[at + CACHE] !== entry(device, this.#devices.plainSerial)) {
      // The serial is read before the reference is taken: one that is too old is stale, one that is too new is wrong.
      const found = entry(device, this.#devices.serial);
      if (this.#isHardened) this.#post(at, found);
      else this.#replace(at, found);
    }
    const now = cpu.ticks;
    if (words[at + SEEN_AT] !== now) words[at + SEEN_AT] = now;
  }

  /** The device that the next page may be taken for, or `NO_DEVICE`. Forgets a device that is stale or expired. */
  usable(cpu: Cpu, socket: number): number {
    const words = this.#words;
    const at = socket * STRIDE;
    if (words[at + MAILBOX] !== 0) this.#collect(at);
    const cached = words[at + CACHE]!;
    if (cached === 0 || this.#percentLimit.percent === 0) return NO_DEVICE;
    const isFresh =
      (cached & SERIAL_MASK) === (this.#devices.plainSerial & SERIAL_MASK) &&
      cpu.ticks - words[at + SEEN_AT]! < this.#config.ttlMs;
    if (!isFresh) {
      this.#drop(at + CACHE);
      return NO_DEVICE;
    }
    if (this.#isHardened && words[at + FLAGS]! & PRIVATE) return NO_DEVICE;
    return cached >>> SERIAL_BITS;
  }

  /**
   * Closes the socket. In `hardened` it learns nothing any more, not even from its last packet, which may be given to a
   * device right now; Linux would hold a reference to the socket for that time
   * (docs/spec/tx-path.md#rule-hold-the-socket-during-start-transmit).
   */
  close(socket: number): void {
    if (this.#isHardened) this.#setFlag(socket, CLOSED);
    this.forget(socket);
  }

  /** Makes the socket forget its device: cache and mailbox drop their references. */
  forget(socket: number): void {
    const at = socket * STRIDE;
    this.#drop(at + CACHE);
    this.#drop(at + MAILBOX);
  }

  /** The device in the cache, fresh or not. */
  cached(socket: number): number {
    return this.#words[socket * STRIDE + CACHE]! >>> SERIAL_BITS;
  }

  /** References to the device in caches and mailboxes of all sockets; exact when no CPU is at work. */
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

  /**
   * Puts a device into the mailbox, and drops the reference of the one it replaces. Does nothing if it is there
   * already.
   */
  #post(at: number, found: number): void {
    if (this.#words[at + MAILBOX] === found) return;
    this.#devices.get(found >>> SERIAL_BITS);
    const before = Atomics.exchange(this.#words, at + MAILBOX, found);
    if (before !== 0) this.#devices.put(before >>> SERIAL_BITS);
    if (Atomics.load(this.#words, at + FLAGS) & CLOSED) this.#drop(at + MAILBOX);
  }

  /** Moves the device in the mailbox to the cache. */
  #collect(at: number): void {
    const found = Atomics.exchange(this.#words, at + MAILBOX, 0);
    const before = this.#words[at + CACHE]!;
    this.#words[at + CACHE] = found;
    if (before !== 0) this.#devices.put(before >>> SERIAL_BITS);
  }

  /** Replaces the cache as in the posted patch: while the owner of the socket may be using it. */
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
