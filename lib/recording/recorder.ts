/** Records in an instance of tracing what a host bounces, until time is up, the ring is full, or it is stopped. */
import { setTimeout as pause } from 'node:timers/promises';
import { DMA_EVENTS } from '../capture/event-fields.js';
import { addProbes, layoutOf, missedCalls, probesOf } from '../tracefs/probes.js';
import { TraceInstance } from '../tracefs/trace-instance.js';
import type { TracingFiles } from '../tracefs/tracing-files.js';
import type { Undoing } from '../tracefs/undoing.js';
import { type DebugfsReading, debugfsReading } from './sidecar.js';

/** What a recording is made with. */
export interface RecordingPlan {
  readonly files: TracingFiles;
  /** Where tracefs is. */
  readonly tracing: string;
  readonly undoing: Undoing;
  /** As `uname -r`. */
  readonly release: string;
  /** As `process.arch`. */
  readonly arch: string;
  /** Whether ends of mappings are wanted as well. */
  readonly pairs: boolean;
  /** Bytes of the ring, of all CPUs together. */
  readonly ringBytes: number;
}

/** How ends of mappings are recorded, and why not by probes. */
export interface Pairs {
  readonly by: 'probes' | 'dma' | 'none';
  readonly note: string | null;
}

export interface Recording {
  readonly seconds: number;
  readonly ended: 'time' | 'full' | 'stopped';
  readonly before: DebugfsReading;
  readonly after: DebugfsReading;
  /** Events of each CPU that the ring had no room for. */
  readonly dropped: ReadonlyMap<number, number>;
  readonly missedByProbes: number | null;
}

/** How often it is looked whether the ring is full. */
const LOOK_MS = 200;
const BOUNCED = 'events/swiotlb/swiotlb_bounced';
/** Events are dropped when the ring is full, since without the first ones the others tell less. */
const KEEP_FIRST = 'nooverwrite';

/** Main thread only. What it has changed on the host, the `undoing` of its plan undoes. */
export class Recorder {
  readonly pairs: Pairs;
  /** Bytes that Linux gave the ring. */
  readonly ringBytes: number;
  readonly #plan: RecordingPlan;
  readonly #instance: TraceInstance;
  readonly #group: string | null;
  readonly #events: readonly string[];

  /** Prepares a recording. @throws the error of Linux that refuses an instance */
  constructor(plan: RecordingPlan) {
    this.#plan = plan;
    const { files, tracing, undoing } = plan;
    const hasDmaEvents = files.has(`${tracing}/events/dma`);
    const probed = plan.pairs ? this.#probed(hasDmaEvents) : { note: 'they were not asked for' };
    this.#group = probed.group ?? null;
    this.#instance = new TraceInstance(files, tracing, undoing);
    this.#instance.trySet('trace_options', KEEP_FIRST);
    this.ringBytes = this.#instance.resize(plan.ringBytes);
    this.#events = [BOUNCED];
    this.#instance.set(`${BOUNCED}/enable`, '1');
    this.pairs = this.#withPairs(plan.pairs && hasDmaEvents, probed.note);
  }

  /** Clock of the trace, as Linux names it; null where it does not. */
  get clock(): string | null {
    return /\[(\w+)\]/.exec(this.#instance.text('trace_clock') ?? '')?.[1] ?? null;
  }

  /** The probes as Linux has them. */
  get definitions(): readonly string[] {
    const { files, tracing } = this.#plan;
    return this.#group === null ? [] : probesOf(files, tracing, this.#group);
  }

  /** Records until `signal` at the latest. `onLook` is called now and then with the milliseconds that are left. */
  async record(ms: number, signal: AbortSignal, onLook: (leftMs: number) => void): Promise<Recording> {
    const { files, tracing } = this.#plan;
    const before = debugfsReading(files);
    const begunMs = performance.now();
    this.#instance.set('tracing_on', '1');
    let dropped = this.#dropped();
    for (let left = ms; left > 0 && !signal.aborted && dropped.size === 0; left = begunMs + ms - performance.now()) {
      onLook(left);
      await pause(Math.min(left, LOOK_MS), undefined, { signal }).catch(() => {});
      dropped = this.#dropped();
    }
    this.#instance.set('tracing_on', '0');
    const seconds = (performance.now() - begunMs) / 1000;
    const after = debugfsReading(files);
    for (const event of this.#events) this.#instance.trySet(`${event}/enable`, '0');
    dropped = this.#dropped();
    const ended = signal.aborted ? 'stopped' : dropped.size > 0 ? 'full' : 'time';
    const missedByProbes = this.#group === null ? null : missedCalls(files, tracing, this.#group);
    return { seconds, ended, before, after, dropped, missedByProbes };
  }

  /** Opens what was recorded, for reading; closed with the instance. @throws the error of Linux */
  open(): number {
    return this.#instance.open('trace');
  }

  #probed(hasDmaEvents: boolean): { readonly group?: string; readonly note: string | null } {
    const { files, tracing, undoing, release, arch } = this.#plan;
    const layout = layoutOf({ release, arch, hasDmaEvents });
    if (typeof layout !== 'string') return { note: layout.unknown };
    if (!files.has(`${tracing}/kprobe_events`)) return { note: 'this Linux has no probes (CONFIG_KPROBE_EVENTS)' };
    try {
      return { group: addProbes(files, tracing, layout, undoing), note: null };
    } catch (error) {
      return { note: `Linux refuses the probes (${(error as NodeJS.ErrnoException).code})` };
    }
  }

  /** Enables what tells ends of mappings: probes, or else the events of `dma`, which are of other mappings as well. */
  #withPairs(hasDmaEvents: boolean, note: string | null): Pairs {
    const events = this.#events as string[];
    if (this.#group !== null && this.#instance.trySet(`events/${this.#group}/enable`, '1')) {
      events.push(`events/${this.#group}`);
      return { by: 'probes', note: null };
    }
    const why = note ?? 'this instance of tracing refuses the probes';
    if (!hasDmaEvents) return { by: 'none', note: why };
    const taken = DMA_EVENTS.map((name) => `events/dma/${name}`).filter((event) =>
      this.#instance.trySet(`${event}/enable`, '1'),
    );
    events.push(...taken);
    return { by: taken.length > 0 ? 'dma' : 'none', note: why };
  }

  #dropped(): Map<number, number> {
    const dropped = new Map<number, number>();
    for (const cpu of this.#instance.cpus) {
      const stats = this.#instance.text(`per_cpu/cpu${cpu}/stats`);
      const events = Number(/^dropped events: (\d+)$/m.exec(stats ?? '')?.[1] ?? 0);
      if (events > 0) dropped.set(cpu, events);
    }
    return dropped;
  }
}
