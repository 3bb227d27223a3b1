/**
 * What a sampled process holds: a machine for the transmit designs, memory for copies, and both in generations that can
 * be renewed apart from each other.
 * Owner: the main thread of the process, which is pinned to the first CPU for the copies, as in `copy-cost`.
 */
import { copyBatch } from '../../benchmarks/copy-cost/copy-sizes.js';
import { configOf, shapes } from '../../benchmarks/shared/tx-shapes.js';
import { addon } from '../../lib/addon/addon.js';
import { lineRoundTrip } from '../../lib/bench/host/line-round-trip.js';
import { defaultSettings } from '../../lib/bench/plan/settings.js';
import { WarmUp } from '../../lib/bench/run/warm-up.js';
import { isErrorCode } from '../../lib/errors.js';
import type { MachineConfig } from '../../lib/machine/build/config.js';
import { ThreadedMachine } from '../../lib/machine/run/threaded-machine.js';
import { timedCopy } from '../../lib/memory/copy.js';
import { copyKernelIndex } from '../../lib/memory/copy-kernels.js';
import { Region } from '../../lib/memory/region.js';
import { type Random, random, randomInt } from '../../lib/random.js';
import { KIB, MIB } from '../../lib/units.js';
import type { TurnRequest } from './draws.js';
import type { CellFacts, SampleRow } from './turn.js';

const DESIGNS = ['direct', 'bounce', 'bounce-pages', 'page-pool'] as const;
const COPIES = ['hot', 'cold'] as const;
const BYTES = 64 * KIB;

/** What is sampled: the transmit designs as in `tx-designs`, and copies as in `copy-cost`. */
export const CELLS: readonly CellFacts[] = [
  ...DESIGNS.map((id) => ({ id, unit: 'Gbit/s', kind: 'design' }) as const),
  ...COPIES.map((state) => ({ id: `copy ${state}`, unit: 'ns', kind: 'copy' }) as const),
];

/** Warm-up of a sample, as a share of it. */
const WARMUP_SHARE = 0.2;
/** Fresh threads are warm when no design gets better any more, at the latest after this many rounds. */
const MOST_ROUNDS = 14;
const LEAST_ROUNDS = 6;
/** Offsets of copies, as in `copy-cost`. */
const OFFSET_STEP = 64;
const OFFSETS = 64;

export interface RigSettings {
  readonly cpus: readonly number[];
  readonly sampleMs: number;
  readonly seed: number;
}

/** How fast the CPUs are, and how far from each other: nanoseconds, or null. */
interface HostState {
  readonly tripNs: number | null;
  readonly pulseNs: number | null;
}

const later = (a: number | null, b: number | null) => (a === null || b === null ? null : Math.max(a, b));

/** Returns the configurations of the designs, by the index of their cell. */
export function rigConfigs({ cpus, seed }: Pick<RigSettings, 'cpus' | 'seed'>): MachineConfig[] {
  const settings = { ...defaultSettings('default', cpus, seed), senders: [2], queues: [1], messages: [BYTES] };
  const [shape] = shapes(settings);
  return DESIGNS.map((design) => configOf(design, shape!, settings));
}

export class Rig {
  readonly #settings: RigSettings;
  readonly #configs: readonly MachineConfig[];
  readonly #machine: ThreadedMachine;
  readonly #next: Random;
  readonly #ns = new Float64Array(2);
  #source: Region | null = null;
  #destination: Region | null = null;
  #threads = 0;
  #memory = 0;

  constructor(settings: RigSettings) {
    this.#settings = settings;
    this.#next = random(settings.seed);
    this.#configs = rigConfigs(settings);
    this.#machine = new ThreadedMachine(settings.cpus);
    addon().pinThread(settings.cpus[0]!);
  }

  /** Generations that the next sample has. */
  get generations(): { readonly threads: number; readonly memory: number } {
    return { threads: this.#threads, memory: this.#memory };
  }

  /** Maps memory and warms up. */
  async open(): Promise<void> {
    this.#machine.prepare(this.#configs);
    this.#mapCopies();
    await this.#warmUp();
  }

  /** Renews what the request says, and resolves to one row for each cell that it names. */
  async turn({ renewsMemory, renewsThreads, cells }: TurnRequest): Promise<SampleRow[]> {
    if (renewsMemory) await this.#renewMemory();
    if (renewsThreads) await this.#renewThreads();
    // What has been renewed is touched once before it counts.
    else if (renewsMemory) await this.#machine.run(this.#configs[randomInt(this.#next, DESIGNS.length)]!, this.#plan());
    const rows: SampleRow[] = [];
    let before = this.#hostState();
    for (const cell of cells) {
      const atMs = performance.timeOrigin + performance.now();
      const [value, onCpuShare] = await this.#sample(cell);
      const after = this.#hostState();
      const host = [later(before.tripNs, after.tripNs), later(before.pulseNs, after.pulseNs)] as const;
      rows.push([cell, atMs, value, onCpuShare, host[0], host[1]]);
      before = after;
    }
    return rows;
  }

  async close(): Promise<void> {
    await this.#machine.close();
    this.#source?.close();
    this.#destination?.close();
  }

  #plan() {
    const { sampleMs } = this.#settings;
    return { warmupMs: sampleMs * WARMUP_SHARE, measureMs: sampleMs };
  }

  /** Resolves to a value and a share of the CPU; a value of null is a sample that failed, or that moved nothing. */
  async #sample(cell: number): Promise<[value: number | null, onCpuShare: number | null]> {
    const state = COPIES[cell - DESIGNS.length];
    if (state !== undefined) return [this.#copy(state), null];
    try {
      const { gbps, onCpuShare } = await this.#machine.run(this.#configs[cell]!, this.#plan());
      return [gbps > 0 ? gbps : null, Number.isFinite(onCpuShare) ? onCpuShare : null];
    } catch (error) {
      // A trial that was starved is a sample that failed; anything else ends the process.
      if (isErrorCode((error as { code?: unknown }).code)) return [null, null];
      throw error;
    }
  }

  /** Nanoseconds per copy, as a sample of `copy-cost` has them, but always on the pages of this generation. */
  #copy(state: (typeof COPIES)[number]): number {
    const batch = copyBatch(BYTES, state);
    const srcOffset = randomInt(this.#next, OFFSETS) * OFFSET_STEP;
    const dstSpan = state === 'cold' ? batch * BYTES : BYTES;
    const walk = { dstRegion: this.#destination!.id, dstSpan, srcRegion: this.#source!.id, srcOffset, srcSpan: BYTES };
    const copyKernel = copyKernelIndex('libc');
    timedCopy({ copyKernel, bytes: BYTES, batch, ...walk, flushDestination: state === 'cold' }, 2, this.#ns);
    return this.#ns[1]! / batch;
  }

  #hostState(): HostState {
    const { cpus } = this.#settings;
    return { tripNs: lineRoundTrip(cpus), pulseNs: Math.max(...cpus.map((cpu) => addon().pulseOn(cpu))) };
  }

  #mapCopies(): void {
    this.#source = Region.create({ bytes: BYTES + OFFSETS * OFFSET_STEP });
    this.#destination = Region.create({ bytes: Math.max(2 * MIB, copyBatch(BYTES, 'cold') * BYTES) });
  }

  /** Other pages for machines and copies: what is let go is taken by ballast before new memory is mapped. */
  async #renewMemory(): Promise<void> {
    const { bytes } = this.#machine.ram!;
    await this.#machine.renewMemory(bytes + randomInt(this.#next, bytes));
    const old = [this.#source!, this.#destination!];
    const ballast = Region.create({ bytes: 1 + randomInt(this.#next, 8 * MIB), lock: 'no' });
    this.#mapCopies();
    for (const region of [...old, ballast]) region.close();
    this.#memory++;
  }

  async #renewThreads(): Promise<void> {
    await this.#machine.renewThreads();
    this.#threads++;
    await this.#warmUp();
  }

  async #warmUp(): Promise<void> {
    const warmUp = new WarmUp();
    for (let round = 0; round < MOST_ROUNDS && !(warmUp.isSteady && round >= LEAST_ROUNDS); round++) {
      for (const cell of this.#configs.keys()) {
        const [value] = await this.#sample(cell);
        if (value !== null) warmUp.add({ id: CELLS[cell]!.id, higherIsBetter: true }, value);
      }
      warmUp.endRound();
    }
  }
}
