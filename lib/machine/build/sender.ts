/**
 * A sending task: writes messages from its own buffer, when they are due and until its socket makes it wait.
 * Owner: the CPU that the task runs on.
 */
import { FIRST_WINDOW, type RegionWindows } from '../../memory/region-windows.js';
import type { TransmitPath } from '../../net/transmit-path.js';
import type { PageFrag } from '../../page/page-frag.js';
import { type Cpu, TIME } from '../../smp/cpu.js';
import type { MachineConfig } from './config.js';
import { messageIntervalNs } from './sizing.js';

const SOURCE_STEP = 64;

/** What a sender sends. */
export interface SenderTask {
  readonly socket: number;
  /** Id of the region that is the machine's memory. */
  readonly ramRegion: number;
  /** Where regions beside it lie, if tasks may send from such. */
  readonly windows: RegionWindows | undefined;
  /** Physical address at which the buffers of all tasks begin. */
  readonly users: number;
  readonly config: MachineConfig;
}

export class Sender {
  readonly socket: number;
  readonly #cpu: Cpu;
  readonly #path: TransmitPath;
  readonly #frag: PageFrag;
  readonly #user: number;
  readonly #message: number;
  readonly #span: number;
  readonly #offset: number;
  /** Time from one message to the next; 0: a message is always due. */
  readonly #intervalNs: number;
  readonly #reads: number;
  readonly #ram: number;
  readonly #windows: RegionWindows | undefined;
  #dueAt: number;
  #at = 0;
  #taken = 0;
  #left: number;
  #waiting = false;

  /** `path`: what the task writes to, from pages of `frag`. */
  constructor(cpu: Cpu, path: TransmitPath, frag: PageFrag, { socket, ramRegion, windows, users, config }: SenderTask) {
    this.socket = socket;
    this.#cpu = cpu;
    this.#path = path;
    this.#frag = frag;
    const { messageBytes, userBufferBytes, userOffsetBytes, readsPerMessage } = config.sockets;
    this.#user = users + socket * userBufferBytes;
    this.#message = messageBytes;
    this.#reads = readsPerMessage;
    this.#ram = ramRegion;
    this.#windows = windows;
    this.#offset = userOffsetBytes;
    this.#span = userBufferBytes - messageBytes - userOffsetBytes + 1;
    this.#left = config.sockets.messagesPerSender;
    this.#intervalNs = messageIntervalNs(config);
    // So that the tasks do not all send at once.
    this.#dueAt = this.#intervalNs > 0 ? cpu.clock() + (this.#intervalNs * socket) / config.sockets.senders : 0;
  }

  /** True when the socket has taken all messages. */
  get finished(): boolean {
    return this.#left === 0;
  }

  /** The page that the task is filling, or `NO_PAGE`. The task holds one reference to it. */
  get heldPage(): number {
    return this.#frag.pfn;
  }

  /** True if a step would write bytes. */
  get isReady(): boolean {
    if (this.#left === 0) return false;
    return this.#waiting ? this.#path.isWritable(this.socket) : this.#cpu.list.now >= this.#dueAt;
  }

  /** Writes one message, or the part of it that the socket takes. Returns false when the task has to wait. */
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

  /** Reads a message as often as `sockets.readsPerMessage` says: work of the application. */
  #compute(message: number): void {
    const { list } = this.#cpu;
    const began = list.clock();
    list.reset();
    if (message >= FIRST_WINDOW) this.#windows!.locate(message);
    const [region, offset] =
      message < FIRST_WINDOW ? [this.#ram, message] : [this.#windows!.region, this.#windows!.offset];
    list.pushSource(region, offset, this.#message, 0);
    for (let read = 0; read < this.#reads; read++) list.checksum(0);
    this.#cpu.addTime(TIME.application, list.now - began);
  }

  /** Returns when the next message is due. A task that is late by more than an interval does not send a burst. */
  #nextDue(): number {
    const { now } = this.#cpu.list;
    return (now - this.#dueAt > this.#intervalNs ? now : this.#dueAt) + this.#intervalNs;
  }

  /** Ends the task, and drops its page fragment. */
  exit(): void {
    this.#left = 0;
    this.#frag.drop(this.#cpu);
  }
}
