/** Watches what a host bounces, interval by interval: how full its pools are, and what is bounced for which device. */
import { removeLeftovers } from '../tracefs/leftovers.js';
import { fixed, type Missing, type MissingFinder, nothingShown } from '../tracefs/missing.js';
import { TraceInstance } from '../tracefs/trace-instance.js';
import type { TracingFiles } from '../tracefs/tracing-files.js';
import type { Undoing } from '../tracefs/undoing.js';
import { EventStream } from './event-stream.js';
import { occupancyOf, type PoolOccupancy } from './occupancy.js';

/** What was bounced for a device in an interval. */
export interface DeviceRate {
  readonly device: string;
  readonly bytesPerSecond: number;
  /** Attempts to bounce: an event is printed before slots are searched. */
  readonly attemptsPerSecond: number;
  /** In the interval. */
  readonly bytes: number;
  /** In the interval. */
  readonly attempts: number;
}

/** What an interval showed. */
export interface WatchSample {
  readonly schema: 'copytax.watch/1';
  /** When it ended, as ISO 8601. */
  readonly time: string;
  /** How long it was. */
  readonly seconds: number;
  /** Null where the host does not show them. */
  readonly pools: readonly PoolOccupancy[] | null;
  /** The one with the most bytes first; null where the host does not show them. */
  readonly devices: readonly DeviceRate[] | null;
  /** Events that Linux lost in the interval: what was bounced was at least what is told. Null without events. */
  readonly lostEvents: number | null;
  /** Lines of events that could not be read. Null without events. */
  readonly unparsedLines: number | null;
  readonly missing: readonly Missing[];
}

/** What a watcher works with. */
export interface WatchedHost {
  readonly files: TracingFiles;
  readonly finder: MissingFinder;
  readonly undoing: Undoing;
  /** Milliseconds of a clock that never goes back. */
  readonly now: () => number;
}

/** Main thread only. What it has changed on the host, `undoing` undoes. */
export class Watcher {
  /** What a process that was killed had left. */
  readonly notes: readonly string[];
  readonly #host: WatchedHost;
  /** What hides events. */
  readonly #missing: Missing[] = [];
  #events: EventStream | null;
  #begunMs: number;

  /** Starts the first interval. @throws ERR_TRACING if the host shows nothing */
  constructor(host: WatchedHost) {
    this.#host = host;
    const occupancy = host.finder.occupancy();
    const tracing = host.finder.tracing();
    this.notes = typeof tracing === 'string' ? removeLeftovers(host.files, tracing) : [];
    this.#events = this.#opened(tracing);
    if (occupancy !== null && this.#events === null) throw nothingShown([occupancy, ...this.#missing]);
    this.#begunMs = host.now();
  }

  /** Takes events that are there, so that the ring does not overflow. Returns whether there may be more. */
  drain(): boolean {
    try {
      return this.#events?.drain() ?? false;
    } catch (error) {
      this.#events?.stop();
      this.#events = null;
      const why = `they cannot be read any more (${(error as NodeJS.ErrnoException).code})`;
      this.#missing.push(fixed('events', why, 'start it again'));
      return false;
    }
  }

  /** Ends the interval, and starts the next one. */
  sample(): WatchSample {
    this.drain();
    const endedMs = this.#host.now();
    const seconds = (endedMs - this.#begunMs) / 1000;
    this.#begunMs = endedMs;
    const totals = this.#events?.totals() ?? null;
    // It may be mounted, or go, at any time.
    const hidden = this.#host.finder.occupancy();
    const devices =
      totals && [...totals.devices].map(([device, { bytes, attempts }]) => rate(device, bytes, attempts, seconds));
    return {
      schema: 'copytax.watch/1',
      time: new Date().toISOString(),
      seconds,
      pools: hidden === null ? occupancyOf(this.#host.files) : null,
      devices: devices?.toSorted((a, b) => b.bytes - a.bytes || a.device.localeCompare(b.device, 'en')) ?? null,
      lostEvents: totals?.lost ?? null,
      unparsedLines: totals?.unparsed ?? null,
      missing: [...(hidden === null ? [] : [hidden]), ...this.#missing],
    };
  }

  #opened(tracing: string | Missing): EventStream | null {
    if (typeof tracing !== 'string') {
      this.#missing.push(tracing);
      return null;
    }
    const { files, undoing, finder } = this.#host;
    try {
      return new EventStream(new TraceInstance(files, tracing, undoing));
    } catch (error) {
      this.#missing.push(finder.refusedInstance(tracing, error));
      return null;
    }
  }
}

function rate(device: string, bytes: number, attempts: number, seconds: number): DeviceRate {
  const perSecond = (value: number) => (seconds > 0 ? value / seconds : 0);
  return { device, bytesPerSecond: perSecond(bytes), attemptsPerSecond: perSecond(attempts), bytes, attempts };
}
