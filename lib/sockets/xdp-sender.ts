/** Ethernet frames that Linux reads out of a region which is registered with it once: a socket of AF_XDP, its UMEM. */
import { addon } from '../addon/addon.js';
import { guarded } from '../addon/native-error.js';
import { checkOptions, outOfRange, powerOfTwo, within, wrongType } from '../limits.js';
import { Region } from '../memory/region.js';
import { PAGE_SIZE } from '../units.js';
import { checkZeroCopy, refusePosting } from './region-sender.js';

const OPTIONS = ['interface', 'queue', 'region', 'offset', 'bytes', 'frameBytes', 'ringFrames', 'zeroCopy'];
/** Header of Ethernet: a frame without it is none. */
const MIN_FRAME_BYTES = 14;
const MAX_QUEUE = 65535;
const MAX_RING_FRAMES = 2 ** 16;
const NONE = new Float64Array(0);

/** What `XdpSender.open` takes. */
export interface XdpSenderOptions {
  /** Name of the interface, such as eth0. */
  interface: string;
  /** Its queue, 0 by default. */
  queue?: number;
  /** Memory that is registered. Linux keeps its pages until close(), also where the region is closed before. */
  region: Region;
  /** Where the registered memory begins in the region: a multiple of 4096; 0 by default. */
  offset?: number;
  /** Its length, a multiple of `frameBytes`; all from `offset` on by default. Counts as locked memory. */
  bytes?: number;
  /** 2048 (default) or 4096: no frame crosses a multiple of it, counted from `offset`. */
  frameBytes?: 2048 | 4096;
  /** Frames that may be in flight: a power of two from 1 to 65536, 1024 by default. */
  ringFrames?: number;
  /** The network card reads the memory itself, where its driver can; otherwise Linux copies each frame (default). */
  zeroCopy?: boolean;
}

/** A frame in the registered memory. */
export interface XdpFrame {
  /** Where it begins in the region. */
  offset: number;
  /** Its length with its Ethernet header, 14 bytes or more; a frame longer than the interface carries is lost. */
  bytes: number;
}

/**
 * Transmits Ethernet frames out of a region, past Linux's protocols, by AF_XDP. Needs CAP_NET_RAW in the network
 * namespace, and room below RLIMIT_MEMLOCK; the remedy of an error says what is missing.
 *
 * A frame belongs to Linux from send() until completions() returns its offset; it must not change in between.
 * Owner: the thread that made it, with which it is closed, too; it is never posted.
 */
export class XdpSender implements Disposable {
  readonly #handle: number;
  readonly #begin: number;
  readonly #bytes: number;
  readonly #frameBytes: number;
  readonly #done: Float64Array<ArrayBuffer>;
  #inFlight = 0;
  #closed = false;

  private constructor(options: Required<XdpSenderOptions>) {
    const { region, ...rest } = options;
    this.#handle = guarded(() => addon().xdpOpen({ ...rest, region: region.id }));
    this.#begin = options.offset;
    this.#bytes = options.bytes;
    this.#frameBytes = options.frameBytes;
    this.#done = new Float64Array(options.ringFrames);
    refusePosting(this, 'XdpSender');
  }

  /**
   * Registers the memory, and opens a socket that transmits through a queue of an interface.
   * @throws ERR_SOCKET where the interface, the queue or a right is missing, ERR_REGION_CLOSED, ERR_OUT_OF_RANGE,
   * ERR_NOT_POWER_OF_TWO, ERR_INVALID_ARG_TYPE, ERR_UNKNOWN_OPTION, ERR_ADDON_NOT_BUILT
   */
  static open(options: XdpSenderOptions): XdpSender {
    checkOptions('XdpSender.open()', options, OPTIONS);
    const { interface: name, region, queue = 0, offset = 0, frameBytes = 2048 } = options ?? {};
    const { ringFrames = 1024, zeroCopy = false } = options ?? {};
    if (typeof name !== 'string') throw wrongType('interface', 'a string', name);
    if (!(region instanceof Region)) throw wrongType('region', 'a Region', region);
    if (region.closed) region.view(); // throws
    within('queue', queue, 0, MAX_QUEUE);
    powerOfTwo('frameBytes', frameBytes);
    within('frameBytes', frameBytes, 2048, 4096);
    powerOfTwo('ringFrames', ringFrames);
    within('ringFrames', ringFrames, 1, MAX_RING_FRAMES);
    checkZeroCopy(zeroCopy);
    within('offset', offset, 0, region.bytes - frameBytes);
    if (offset % PAGE_SIZE !== 0) throw outOfRange(`offset must be a multiple of ${PAGE_SIZE}, not ${offset}`);
    const { bytes = region.bytes - offset } = options;
    within('bytes', bytes, frameBytes, region.bytes - offset);
    if (bytes % frameBytes !== 0) throw outOfRange(`bytes must be a multiple of frameBytes, not ${bytes}`);
    return new XdpSender({ interface: name, region, queue, offset, bytes, frameBytes, ringFrames, zeroCopy });
  }

  /** Frames that Linux has, and has not told that it is done with. */
  get inFlight(): number {
    return this.#inFlight;
  }

  /** Whether close() was called. */
  get closed(): boolean {
    return this.#closed;
  }

  /**
   * Hands frames to Linux and returns how many, in their order: less than all where the ring is full. Never waits.
   * @throws ERR_OUT_OF_RANGE for a frame outside of the memory, too short, or across a multiple of `frameBytes`, and
   * then none is sent; ERR_SOCKET where Linux refuses; ERR_SOCKET_CLOSED, ERR_INVALID_ARG_TYPE
   */
  send(frames: readonly XdpFrame[]): number {
    if (!Array.isArray(frames)) throw wrongType('frames', 'an array', frames);
    const free = Math.min(frames.length, this.#done.length - this.#inFlight);
    const [offsets, lengths] = [new Float64Array(free), new Float64Array(free)];
    for (const [index, frame] of frames.entries()) {
      this.#check(frame);
      if (index >= free) continue;
      offsets[index] = frame.offset - this.#begin;
      lengths[index] = frame.bytes;
    }
    const taken = this.#hand(offsets, lengths);
    this.#inFlight += taken;
    return taken;
  }

  /**
   * Returns the offsets in the region at which frames lay that Linux is done with: they are the caller's again. Has
   * Linux go on with what it was handed, of which it transmits some at a time. Never waits.
   * @throws ERR_SOCKET where Linux refuses, ERR_SOCKET_CLOSED
   */
  completions(): number[] {
    if (this.#inFlight > 0) this.#hand(NONE, NONE);
    const count = guarded(() => addon().xdpCompletions(this.#handle, this.#done));
    this.#inFlight -= count;
    return Array.from(this.#done.subarray(0, count), (offset) => offset + this.#begin);
  }

  /** Closes the socket, and lets go of the memory. What is in flight may be lost. Idempotent. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    addon().xdpClose(this.#handle);
  }

  /** As `close`. */
  [Symbol.dispose](): void {
    this.close();
  }

  #hand(offsets: Float64Array, lengths: Float64Array): number {
    return guarded(() => addon().xdpSend(this.#handle, offsets, lengths));
  }

  /** Linux drops a frame that does not fit without a word, and never tells that it is done with it. */
  #check(frame: XdpFrame): void {
    if (typeof frame !== 'object' || frame === null) throw wrongType('frame', 'an object with offset and bytes', frame);
    const { offset, bytes } = frame;
    within('offset', offset, this.#begin, this.#begin + this.#bytes - MIN_FRAME_BYTES);
    const room = this.#frameBytes - ((offset - this.#begin) % this.#frameBytes);
    if (room < MIN_FRAME_BYTES)
      throw outOfRange(`no frame fits between offset ${offset} and its multiple of frameBytes`);
    within('bytes', bytes, MIN_FRAME_BYTES, room);
  }
}
