/** What a TCP and a UDP sender have in common: a socket of Linux that is one thread's, and sends from regions. */
import { inspect } from 'node:util';
import { addon } from '../addon/addon.js';
import { guarded } from '../addon/native-error.js';
import type { ConnectSpec } from '../addon/network-addon.js';
import type { RegionRange } from '../buffers/send.js';
import { CopytaxError, isCopytaxError } from '../errors.js';
import { checkOptions, outOfRange, shown, within, wrongType } from '../limits.js';
import { Region } from '../memory/region.js';
import { advanced } from './advanced.js';

/** A wait cannot be interrupted, not even by the end of its worker thread. */
export const MAX_WAIT_MS = 60_000;
export const MAX_BUFFER_BYTES = 2 ** 30;
const USUAL_WAIT_MS = 10_000;
const RANGE = ['offset', 'bytes'];
/** Of a zero-copy call: Linux counts all bytes of a call against RLIMIT_MEMLOCK, however few it takes. */
const MAX_PINNED_BYTES = 2 ** 20;

/** What Linux has told of sends without a copy. All 0 for a sender without `zeroCopy`. */
export interface Completions {
  /** Calls that took bytes, each of which Linux tells about. */
  sends: number;
  /** Of these, those that Linux is done with: their bytes may change. */
  completed: number;
  /** Of these, those that Linux copied after all, as it does for receivers on the same host. */
  copied: number;
}

/** How long a call that blocks may take. */
export interface SendAllOptions {
  /** Milliseconds, 0..60000, 10000 by default. */
  timeoutMs?: number;
}

/**
 * A socket of Linux that sends bytes of regions, without a copy in JavaScript and without a turn of the event loop.
 * Linux copies what it takes into its own memory, unless `zeroCopy` was asked for.
 *
 * Owner: the thread that made it, with which it is closed, too. It is never posted; a Region that another thread is to
 * send from is attached there, and sent through a sender of that thread.
 */
export abstract class RegionSender implements Disposable {
  /** Whether Linux sends the memory itself, and tells of it. */
  readonly zeroCopy: boolean;
  readonly #handle: number;
  #closed = false;
  readonly #counts: Completions = { sends: 0, completed: 0, copied: 0 };

  /** For the subclasses: `TcpSender.connect` and `UdpSender.open` make senders. `handle`: of the addon. */
  protected constructor(name: string, handle: number, zeroCopy: boolean) {
    this.#handle = handle;
    this.zeroCopy = zeroCopy;
    refusePosting(this, name);
  }

  /** Whether close() was called. */
  get closed(): boolean {
    return this.#closed;
  }

  /**
   * Hands bytes to Linux, as many as it takes at once, and returns their number; 0 where it has no room now. Never
   * waits. Without `zeroCopy` the bytes may change afterwards; with it not before `completions()` counts the send as
   * completed. close() of the region does not wait for that: Linux keeps the pages until it has sent them.
   * @throws ERR_SOCKET for what Linux refuses, ERR_SOCKET_CLOSED, ERR_REGION_CLOSED, ERR_OUT_OF_RANGE,
   * ERR_INVALID_ARG_TYPE, ERR_UNKNOWN_OPTION
   */
  send(region: Region, range: RegionRange = {}): number {
    const { offset, bytes } = this.#checked('send()', region, range);
    return this.#sendSome(region.id, offset, bytes);
  }

  /**
   * Hands all bytes to Linux. Blocks this thread until they are taken.
   * @throws ERR_TIMED_OUT with `bytesTaken` in its details; otherwise as `send`, and then ERR_SOCKET has `bytesTaken`
   */
  sendAll(region: Region, range: RegionRange = {}, options: SendAllOptions = {}): void {
    const { offset, bytes } = this.#checked('sendAll()', region, range);
    checkOptions('sendAll()', options, ['timeoutMs']);
    const { timeoutMs = USUAL_WAIT_MS } = options;
    within('timeoutMs', timeoutMs, 0, MAX_WAIT_MS);
    const end = performance.now() + timeoutMs;
    let bytesTaken = 0;
    try {
      while (bytesTaken < bytes) {
        const some = this.#sendSome(region.id, offset + bytesTaken, bytes - bytesTaken);
        bytesTaken += some;
        if (some > 0) continue;
        const leftMs = Math.ceil(end - performance.now());
        if (leftMs <= 0 || !this.awaitRoom(leftMs)) throw timedOut(bytesTaken, bytes, timeoutMs);
      }
    } catch (error) {
      if (!isCopytaxError(error, 'ERR_SOCKET')) throw error;
      const message = `${error.message}; ${bytesTaken} of ${bytes} bytes were taken before`;
      throw new CopytaxError('ERR_SOCKET', message, { ...error.details, bytesTaken }, error);
    }
  }

  /**
   * Waits until Linux takes more, or has an error that the next send throws. Returns false where it did not within
   * `timeoutMs` milliseconds, 0..60000. Blocks this thread.
   * @throws ERR_SOCKET_CLOSED, ERR_OUT_OF_RANGE
   */
  awaitRoom(timeoutMs: number): boolean {
    within('timeoutMs', timeoutMs, 0, MAX_WAIT_MS);
    return guarded(() => addon().socketAwaitRoom(this.#handle, timeoutMs));
  }

  /** Returns the counts of sends without a copy since the sender was made. Never waits. @throws ERR_SOCKET_CLOSED */
  completions(): Completions {
    const now = guarded(() => addon().socketCompletions(this.#handle));
    for (const name of ['sends', 'completed', 'copied'] as const) {
      this.#counts[name] = advanced(this.#counts[name], now[name]);
    }
    return { ...this.#counts };
  }

  /**
   * Waits until Linux is done with all sends. Returns false where it was not within `timeoutMs` milliseconds, 0..60000:
   * over TCP a receiver that does not read keeps them. Blocks this thread.
   * @throws ERR_SOCKET_CLOSED, ERR_OUT_OF_RANGE
   */
  awaitCompletions(timeoutMs: number): boolean {
    within('timeoutMs', timeoutMs, 0, MAX_WAIT_MS);
    return guarded(() => addon().socketAwaitCompletions(this.#handle, timeoutMs));
  }

  /** Closes the socket. Linux still sends what it has taken, and tells no more about it. Idempotent. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    addon().socketClose(this.#handle);
  }

  /** As `close`. */
  [Symbol.dispose](): void {
    this.close();
  }

  /** Of one call: returns how many of the bytes Linux is offered; throws for bytes that no call can send. */
  protected abstract offered(bytes: number): number;

  /** Says what an error of Linux means for this sender, where more is known than by Linux. */
  protected explained(error: unknown): unknown {
    return error;
  }

  #sendSome(id: number, offset: number, bytes: number): number {
    const offered = Math.min(this.offered(bytes), this.zeroCopy ? MAX_PINNED_BYTES : bytes);
    try {
      return Math.max(
        0,
        guarded(() => addon().socketSend(this.#handle, id, offset, offered)),
      );
    } catch (error) {
      throw this.explained(error);
    }
  }

  #checked(name: string, region: Region, range: RegionRange): Required<RegionRange> {
    if (!(region instanceof Region)) throw wrongType('region', 'a Region', region);
    checkOptions(name, range, RANGE);
    if (region.closed) region.view(); // throws
    const { offset = 0 } = range;
    within('offset', offset, 0, region.bytes - 1);
    const { bytes = region.bytes - offset } = range;
    within('bytes', bytes, 1, region.bytes - offset);
    return { offset, bytes };
  }
}

/** Returns the handle of a socket that is connected. */
export function connected(spec: ConnectSpec): number {
  return guarded(() => addon().socketConnect(spec));
}

/** Refuses what is no address of IPv4, and what is no port. */
export function checkReceiver(address: unknown, port: unknown): void {
  if (typeof address !== 'string') throw wrongType('address', 'a string', address);
  if (typeof port !== 'number') throw wrongType('port', 'a number', port);
  within('port', port, 1, 65535);
  if (/^\d{1,3}(\.\d{1,3}){3}$/.test(address)) return;
  const why = address.includes(':')
    ? 'these senders do not speak IPv6, writeRegion() and sendRegion() do'
    : "no name is looked up here: pass what dns.lookup(name, 4) of 'node:dns/promises' finds";
  throw outOfRange(`address must be one of IPv4, such as 10.0.0.1, not ${shown(address)}; ${why}`);
}

/** Refuses what is no boolean. */
export function checkZeroCopy(zeroCopy: unknown): void {
  if (typeof zeroCopy !== 'boolean') throw wrongType('zeroCopy', 'a boolean', zeroCopy);
}

function timedOut(bytesTaken: number, bytes: number, timeoutMs: number): CopytaxError {
  const message = `Linux took ${bytesTaken} of ${bytes} bytes in ${timeoutMs} ms: the receiver does not read on`;
  const remedy = 'look at why the receiver does not read, wait longer (timeoutMs), or send the rest later';
  return new CopytaxError('ERR_TIMED_OUT', message, { bytesTaken, bytes, timeoutMs, remedy });
}

/** As of a Region: a structured clone would be an object without methods, and reads all enumerable properties. */
export function refusePosting(sender: object, name: string): void {
  const get = (): never => {
    const message = `a ${name} cannot be posted: make one in the other thread`;
    throw new CopytaxError('ERR_NOT_POSTABLE', message, { remedy: 'make another sender in the thread that sends' });
  };
  Object.defineProperty(sender, 'ofThisThread', { get, enumerable: true });
  Object.defineProperty(sender, 'toJSON', { value: () => ({ closed: (sender as RegionSender).closed }) });
  Object.defineProperty(sender, inspect.custom, {
    value: () => ({ [name]: { closed: (sender as RegionSender).closed } }),
  });
}
