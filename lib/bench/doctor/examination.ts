/**
 * An examination of the host: every guard is measured once, and between them the host is watched. What a host refuses
 * is written down as refused. Owner: the main thread, which only waits, so that it may be interrupted at any time.
 */
import { addon } from '../../addon/addon.js';
import { type CopyKernelName, copyKernelIndex } from '../../memory/copy-kernels.js';
import { packageVersion } from '../../package-facts.js';
import { counters } from '../counters/counters.js';
import type { MissingFact } from '../facts/host-files.js';
import type { HostFacts } from '../facts/host-schema.js';
import { StandstillWatch } from '../run/standstill.js';
import { DOCTOR_SCHEMA, type DoctorDocument } from './doctor-schema.js';
import { DoctorThreads } from './doctor-threads.js';
import { judgements, verdictOf } from './fitness-rules.js';
import { GUARD_NAMES, type GuardName } from './guard-list.js';
import { guardReport } from './guard-report.js';
import type { Findings } from './guards/guard.js';
import { HostWatch } from './host-watch.js';
import { noisyNeighbour, throttledGroup, unpinnedThread } from './shared-guards.js';

const WATCH_MS = 500;
/** Guards between two looks at the host. */
const GUARDS_PER_LOOK = 3;
/** Times of the measurements, milliseconds; set-up comes on top. With the looks, about ten seconds. */
const GUARD_MS: Readonly<Record<GuardName, number>> = {
  'first-touch': 500,
  'zero-page': 800,
  'small-pages': 500,
  'unpinned-thread': 1000,
  'saturated-timer': 500,
  'noisy-neighbour': 1200,
  'throttled-cgroup': 1200,
  'pending-stores': 500,
  'one-layout': 1000,
};
/** No part begins later than this. A part may take twice its time, and all of it 20 s. */
const LAST_BEGIN_MS = 14_000;
/** Whatever is still being measured then is left out. */
const LIMIT_MS = 18_500;

/** A part in which the process stood still is measured again, but not for ever. */
const MOST_REPEATS = 3;

/** The copy that any C program makes. */
const COPY_KERNEL: CopyKernelName = 'libc';

export interface ExaminationOptions {
  readonly host: HostFacts;
  readonly signal: AbortSignal;
  /** Multiplies the times of all parts. Default 1. */
  readonly scale?: number;
  /** When it began, by performance.now(): a command counts the start of its process. Default: now. */
  readonly beganMs?: number;
  /** Notices that the process stood still. Default: one of this process, for as long as `run` takes. */
  readonly standstill?: Pick<StandstillWatch, 'begin' | 'stoodStill' | 'stoodMs' | 'close'>;
  /** Called before each part. */
  readonly onPart?: (name: string, leftMs: number) => void;
}

/** What `copytax bench` cannot count of copies here; nothing where Linux grants all counters. */
function uncounted(): MissingFact[] {
  using opened = counters();
  return opened.reason === '' ? [] : [{ fact: 'performance counters', reason: opened.reason }];
}

export class Examination {
  readonly #options: ExaminationOptions;
  readonly #scale: number;
  readonly #threads: DoctorThreads;
  readonly #watch: HostWatch;
  readonly #created = new Date();
  readonly #began: number;
  readonly #found = new Map<GuardName, Findings | { readonly refusal: string }>();
  #standstill: NonNullable<ExaminationOptions['standstill']> | undefined;
  #isOver = false;

  /** Starts threads, which `close` ends. @throws ERR_ADDON_NOT_BUILT */
  constructor(options: ExaminationOptions) {
    this.#options = options;
    this.#scale = options.scale ?? 1;
    this.#began = options.beganMs ?? performance.now();
    this.#threads = new DoctorThreads(addon().affinity(), copyKernelIndex(COPY_KERNEL));
    this.#watch = new HostWatch(this.#threads);
  }

  /** Resolves when all is measured, when its time is over, or soon after the signal. */
  async run(): Promise<void> {
    const { signal } = this.#options;
    if (signal.aborted) return;
    const stopped = new Promise<void>((resolve) => {
      signal.addEventListener('abort', () => resolve(), { once: true });
    });
    this.#standstill = this.#options.standstill ?? new StandstillWatch();
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => {
      const wait = (): void => {
        const leftMs = LIMIT_MS - this.#spentMs();
        if (leftMs <= 0) resolve();
        else timer = setTimeout(wait, leftMs);
      };
      wait();
    });
    await Promise.race([this.#all(this.#standstill), stopped, late]);
    clearTimeout(timer);
    this.#standstill.close();
    this.#isOver = true;
  }

  /** Milliseconds since it began, without those in which the process stood still. */
  #spentMs(): number {
    return performance.now() - this.#began - (this.#standstill?.stoodMs ?? 0);
  }

  /** What has been measured so far. */
  document(): DoctorDocument {
    const observed = this.#watch.observed();
    const judged = judgements(observed);
    const interrupted = this.#options.signal.aborted || !this.#isOver;
    const why = interrupted ? 'the examination was interrupted before it ended' : 'there was no time left for it';
    return {
      schema: DOCTOR_SCHEMA,
      version: packageVersion(),
      created: this.#created.toISOString(),
      seconds: (performance.now() - this.#began) / 1000,
      interrupted,
      machine: this.#options.host,
      cpus: [...this.#threads.cpus],
      copyKernel: COPY_KERNEL,
      verdict: interrupted ? null : verdictOf(judged),
      judgements: judged,
      guards: GUARD_NAMES.map((name) => guardReport(name, this.#found.get(name) ?? { refusal: why })),
      missing: [...this.#pauses(), ...this.#watch.missing(observed), ...uncounted()],
    };
  }

  /** Ends the threads, when what they measure just now is done. */
  close(): Promise<void> {
    return this.#threads.close();
  }

  #pauses(): MissingFact[] {
    const stoodMs = this.#standstill?.stoodMs ?? 0;
    if (stoodMs === 0) return [];
    const reason = `the process stood still for ${(stoodMs / 1000).toFixed(1)} s; what that spoilt was measured again`;
    return [{ fact: 'an examination without a pause', reason }];
  }

  async #all(standstill: NonNullable<ExaminationOptions['standstill']>): Promise<void> {
    await this.#watch.prepare();
    const stoodStill = () => standstill.stoodStill();
    for (let at = 0; at <= GUARD_NAMES.length; at++) {
      const name = GUARD_NAMES[at];
      if (at % GUARDS_PER_LOOK === 0 || name === undefined) {
        await this.#part('the host', at, async () => {
          standstill.begin();
          let isSpoilt = false;
          await this.#watch.look(WATCH_MS * this.#scale, async () => {
            isSpoilt = await stoodStill();
            return isSpoilt;
          });
          return isSpoilt;
        });
      }
      if (name === undefined) return;
      await this.#part(name, at, async () => {
        standstill.begin();
        await this.#measure(name);
        const isSpoilt = await stoodStill();
        if (isSpoilt) this.#found.set(name, { refusal: 'the process stood still while it was measured' });
        return isSpoilt;
      });
    }
  }

  /** Does a part, again where the process stood still meanwhile, if there is time. */
  async #part(name: string, guardsDone: number, part: () => Promise<boolean>): Promise<void> {
    for (let time = 0; time <= MOST_REPEATS; time++) {
      if (!this.#begin(name, guardsDone) || !(await part())) return;
    }
  }

  async #measure(name: GuardName): Promise<void> {
    try {
      this.#found.set(name, await this.#findings(name, GUARD_MS[name] * this.#scale));
    } catch (error) {
      this.#found.set(name, { refusal: (error as Error).message });
    }
  }

  #findings(name: GuardName, ms: number): Promise<Findings> {
    switch (name) {
      case 'unpinned-thread':
        return unpinnedThread(this.#threads, ms);
      case 'throttled-cgroup':
        return throttledGroup(this.#threads, ms, () => this.#watch.quotaFacts());
      case 'noisy-neighbour':
        return noisyNeighbour(this.#threads, ms);
      default:
        return this.#threads.ask('home', name, ms);
    }
  }

  /** False when there is no time for another part. */
  #begin(part: string, guardsDone: number): boolean {
    if (this.#isOver || this.#options.signal.aborted || this.#spentMs() > LAST_BEGIN_MS) return false;
    const looks = Math.ceil((GUARD_NAMES.length - guardsDone) / GUARDS_PER_LOOK) + 1;
    const guards = GUARD_NAMES.slice(guardsDone).reduce((sum, name) => sum + GUARD_MS[name], 0);
    this.#options.onPart?.(part, (guards + looks * WATCH_MS) * this.#scale);
    return true;
  }
}
