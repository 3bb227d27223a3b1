/**
 * A sending task: writes messages from a buffer of its own until its socket makes it wait, or when they are due.
 * Owner: the CPU that the task runs on.
 */
import type { TransmitPath } from '../../net/transmit-path.js';
import type { PageFrag } from '../../page/page-frag.js';
import { type Cpu, TIME } from '../../smp/cpu.js';
import type { MachineConfig } from './config.js';
import { messageIntervalNs } from './sizing.js';

const SOURCE_STEP = 64;

export class Sender {
  readonly socket: number;
  readonly #cpu: Cpu;
  readonly #path: TransmitPath;
  readonly #frag: PageFrag;
  readonly #user: number;
  readonly #message: number;
  readonly #span: number;
  readonly #offset: number;
  /** From one message to the next; 0: they are always due. */
  readonly #intervalNs: number;
  readonly #reads: number;
  readonly #ram: number;
  #dueAt: number;
  #at = 0;
  #taken = 0;
  #left: number;
  #waiting = false;

  /**
   * @param user where the buffers of all tasks begin in the region `ram`
   * @param path what the task writes to, from pages of `frag`
   */
  constructor(
    cpu: Cpu,
    socket: number,
    ram: number,
    user: number,
    path: TransmitPath,
    frag: PageFrag,
    config: MachineConfig,
  ) {
    this.socket = socket;
    this.#cpu = cpu;
    this.#path = path;
    this.#frag = frag;
    const { messageBytes, userBufferBytes, userOffsetBytes, readsPerMessage } = config.sockets;
    this.#user = user + socket * userBufferBytes;
    this.#message = messageBytes;
    this.#reads = readsPerMessage;
    this.#ram = ram;
    this.#offset = userOffsetBytes;
    this.#span = userBufferBytes - messageBytes - userOffsetBytes + 1;
    this.#left = config.sockets.messagesPerSender;
    this.#intervalNs = messageIntervalNs(config);
    // Not all tasks at once.
    this.#dueAt = this.#intervalNs > 0 ? cpu.clock() + (this.#intervalNs * socket) / config.sockets.senders : 0;
  }

  /** Everything that was to be sent is with the socket. */
  get finished(): boolean {
    return this.#left === 0;
  }

  /** The page that the task is filling, or `NO_PAGE`: one reference to it is the task's. */
  get heldPage(): number {
    return this.#frag.pfn;
  }

  /** Would a step take bytes? */
  get isReady(): boolean {
    if (this.#left === 0) return false;
    return this.#waiting ? this.#path.isWritable(this.socket) : this.#cpu.list.now >= this.#dueAt;
  }

  /** Writes one message, or what of it the socket takes. False when it has to wait. */
  step(): boolean {
    if (!this.isReady) return false;
    const from = this.#user + this.#offset + this.#at + this.#taken;
    if (this.#reads > 0 && !this.#waiting) this.#compute(from);
    const taken = this.#path.send(this.socket, this.#frag, from, this.#message - this.#taken);
    this.#taken += taken;
    this.#waiting = this.#taken < this.#message;
    if (!this.#waiting) {
      this.#taken = 0;
      this.#left--;
      if (this.#intervalNs > 0) this.#dueAt = this.#nextDue();
      const next = this.#at + this.#message;
      this.#at = (next % this.#span) & ~(SOURCE_STEP - 1);
    }
    return taken > 0;
  }

  #compute(message: number): void {
    const { list } = this.#cpu;
    const began = list.clock();
    list.reset();
    list.push(this.#ram, 0, this.#ram, message, this.#message, 0);
    for (let read = 0; read < this.#reads; read++) list.checksum(0);
    this.#cpu.addTime(TIME.application, list.now - began);
  }

  /** A task that is late by more than an interval does not make up for it with a burst. */
  #nextDue(): number {
    const { now } = this.#cpu.list;
    return (now - this.#dueAt > this.#intervalNs ? now : this.#dueAt) + this.#intervalNs;
  }

  /** The task ends: its page fragment goes. */
  exit(): void {
    this.#left = 0;
    this.#frag.drop(this.#cpu);
  }
}
