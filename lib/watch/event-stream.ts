/**
 * What a host bounces, device by device, as events come out of an instance of tracing. It is read without waiting, so
 * that a command that reads it can end at any moment.
 */
import { readSync } from 'node:fs';
import { CaptureReader } from '../capture/capture-reader.js';
import type { TraceInstance } from '../tracefs/trace-instance.js';

/** What was bounced for a device. */
export interface DeviceTotal {
  /** Attempts: events, which Linux prints before it searches for slots. */
  attempts: number;
  bytes: number;
}

/** Events of an interval. */
export interface EventTotals {
  readonly devices: ReadonlyMap<string, DeviceTotal>;
  /** Events that were lost because the ring was full. */
  readonly lost: number;
  /** Lines of no form that is known. */
  readonly unparsed: number;
}

/** Bytes of a read, and of all reads of a call: a host may write faster than they are read. */
const CHUNK_BYTES = 2 ** 16;
const MAX_BYTES = 2 ** 22;
/** Bytes of the ring, of all CPUs together. */
const RING_BYTES = 2 ** 25;
const EVENT = 'events/swiotlb/swiotlb_bounced/enable';

/** Owned by one watcher; main thread only. */
export class EventStream {
  readonly #instance: TraceInstance;
  readonly #file: number;
  readonly #reader: CaptureReader;
  readonly #chunk = Buffer.alloc(CHUNK_BYTES);
  readonly #decoder = new TextDecoder();
  #devices = new Map<string, DeviceTotal>();
  #rest = '';
  #told = { lost: 0, unparsed: 0 };

  /** Starts the events of an instance that records nothing yet. @throws the error of Linux */
  constructor(instance: TraceInstance) {
    this.#instance = instance;
    this.#reader = new CaptureReader('trace_pipe', ({ kind, device, size }) => {
      if (kind === 'bounce') this.#add(device ?? '', size);
    });
    instance.resize(RING_BYTES);
    instance.set(EVENT, '1');
    this.#file = instance.open('trace_pipe');
    instance.set('tracing_on', '1');
  }

  /** Takes events that are there. Returns whether there may be more of them. @throws the error of Linux */
  drain(): boolean {
    for (let taken = 0; taken < MAX_BYTES; ) {
      const bytes = this.#read();
      if (bytes === 0) return false;
      taken += bytes;
      const lines = (this.#rest + this.#decoder.decode(this.#chunk.subarray(0, bytes), { stream: true })).split('\n');
      this.#rest = lines.pop()!;
      for (const line of lines) this.#reader.add(line);
    }
    return true;
  }

  /** Returns what was taken since the last call. Devices that were seen before stay, with zeros. */
  totals(): EventTotals {
    const { lostEvents, unparsedLines } = this.#reader;
    const lost = lostEvents - this.#told.lost;
    const unparsed = unparsedLines - this.#told.unparsed;
    const devices = this.#devices;
    this.#told = { lost: lostEvents, unparsed: unparsedLines };
    this.#devices = new Map([...devices.keys()].map((device) => [device, { attempts: 0, bytes: 0 }]));
    return { devices, lost, unparsed };
  }

  /** Ends the recording. What is in the ring is dropped. */
  stop(): void {
    this.#instance.trySet('tracing_on', '0');
  }

  #read(): number {
    try {
      return readSync(this.#file, this.#chunk);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EAGAIN') return 0;
      throw error;
    }
  }

  #add(device: string, size: number): void {
    const total = this.#devices.get(device);
    if (total === undefined) this.#devices.set(device, { attempts: 1, bytes: size });
    else {
      total.attempts++;
      total.bytes += size;
    }
  }
}
