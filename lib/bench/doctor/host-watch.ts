/** Watches the host during an examination: a busy thread, distances between CPUs, and what Linux counts meanwhile. */
import { addon } from '../../addon/addon.js';
import { Region } from '../../memory/region.js';
import { MIB } from '../../units.js';
import { HostFiles, type MissingFact } from '../facts/host-files.js';
import { cpuQuota, whyQuotaUnknown } from '../host/cgroup.js';
import { clockFacts } from '../host/clock.js';
import { type HostReading, hostDelta, readHost } from '../host/host-reading.js';
import type { DoctorThreads } from './doctor-threads.js';
import type { BusySlice } from './guards/busy.js';
import type { Fact } from './guards/guard.js';
import { lineFactor, type Observed, ofHost, ofSlices } from './observed.js';

/** In which all round trips of one look have to be made. */
const LINE_MS = 300;
const LOCKED_BYTES = 4 * MIB;

/** Owner: the main thread. */
export class HostWatch {
  readonly #threads: DoctorThreads;
  readonly #files: HostFiles;
  readonly #first: HostReading = readHost();
  readonly #slices: BusySlice[] = [];
  readonly #tripsNs: number[] = [];
  #isPinned: boolean | null = null;

  constructor(threads: DoctorThreads, files = new HostFiles()) {
    this.#threads = threads;
    this.#files = files;
  }

  /** Tries what the instrument would like to have. */
  async prepare(): Promise<void> {
    const refusal = await this.#threads.pin();
    this.#isPinned = refusal === null;
    if (refusal !== null) this.#miss('pinned threads', refusal);
    const lock = lockRefusal();
    if (lock !== null) this.#miss('locked memory', lock);
  }

  /** Keeps a CPU busy for a while, and looks how far the CPUs are from each other. Forgets it if `isSpoilt`. */
  async look(ms: number, isSpoilt: () => Promise<boolean> = async () => false): Promise<void> {
    try {
      const slice = await this.#threads.ask('home', 'busy', ms);
      const trip = await this.#threads.ask('loose', 'line', LINE_MS);
      if (await isSpoilt()) return;
      this.#slices.push(slice);
      if (trip !== null) this.#tripsNs.push(trip);
    } catch (error) {
      this.#miss('a busy thread', (error as Error).message);
    }
  }

  quotaFacts(): Fact[] {
    const quota = this.#quotaCpus();
    const { throttledMs } = hostDelta(this.#first, readHost());
    return [
      { what: 'CPUs that a control group allows', value: quota, unit: quota === 'none' ? null : 'CPUs' },
      {
        what: 'CPU time that it stopped so far',
        value: inNs(quota === null ? throttledMs || null : throttledMs),
        unit: 'ns',
      },
    ];
  }

  observed(): Observed {
    const { resolutionNs } = clockFacts();
    const quotaCpus = this.#quotaCpus();
    const host = ofHost(hostDelta(this.#first, readHost()), this.#threads.cpus.length);
    // What a group counted whose process this may not be.
    const isOfOthers = quotaCpus === null && host.throttledShare === 0;
    return {
      usableCpus: this.#threads.cpus.length,
      isPinned: this.#isPinned,
      quotaCpus,
      lineFactor: lineFactor(this.#tripsNs),
      nativeClockNs: addon().cpuInfo().clockOverheadNs,
      engineClockStepNs: resolutionNs > 0 ? resolutionNs : null,
      ...host,
      ...(isOfOthers && { throttledShare: null }),
      ...ofSlices(this.#slices),
    };
  }

  /** Why parts of what was observed are not known. */
  missing(observed: Observed): MissingFact[] {
    const { stealShare, throttledShare, lineFactor: line, quotaCpus } = observed;
    if (stealShare === null) this.#miss('steal and load of others', this.#files.reason('/proc/stat'));
    const whyNoQuota = quotaCpus === null ? whyQuotaUnknown(this.#files)! : null;
    if (throttledShare === null) this.#miss('throttling', whyNoQuota ?? 'no control group of this process counts it');
    if (whyNoQuota !== null) this.#miss('quota', whyNoQuota);
    if (line === null) this.#miss('cache line between CPUs', this.#whyNoLine());
    return this.#files.missing;
  }

  #whyNoLine(): string {
    if (this.#threads.cpus.length === 1) return 'there is one CPU';
    return this.#isPinned === false ? 'threads cannot be pinned to two CPUs' : 'no two CPUs ran in time';
  }

  #quotaCpus(): Observed['quotaCpus'] {
    const quota = cpuQuota(this.#files);
    if (quota !== null) return quota;
    return whyQuotaUnknown(this.#files) === null ? 'none' : null;
  }

  #miss(fact: string, reason: string): void {
    this.#files.miss(fact, reason);
  }
}

function inNs(ms: number | null): number | null {
  return ms === null ? null : ms * 1e6;
}

/** Why memory cannot be locked; null if it can. */
function lockRefusal(): string | null {
  using memory = Region.create({ bytes: LOCKED_BYTES, lock: 'try' });
  if (memory.lockRefusal === null) return null;
  const { errno, limitBytes } = memory.lockRefusal;
  return `${LOCKED_BYTES / MIB} MiB are refused (errno ${errno}, limit ${limitBytes} B): Linux may move or evict pages`;
}
