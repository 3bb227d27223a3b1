/**
 * Replays an oracle trace on our allocator: answers each operation in the format's own terms, to be compared with what
 * the real allocator answered. Owner: one thread.
 */
import { CopytaxError } from '../errors.js';
import { Arena } from '../smp/arena.js';
import { Cpu, CpuTable } from '../smp/cpu.js';
import { CopyLedger } from '../smp/ledger.js';
import type { SwiotlbDevice } from '../swiotlb/config.js';
import type { BlockSource } from '../swiotlb/growth.js';
import { BounceMapping, type BounceSink, type BounceWarning, type Direction } from '../swiotlb/mapping.js';
import { BOOT_POOL, NO_POOL } from '../swiotlb/pool-list.js';
import type { SlotPool } from '../swiotlb/slot-pool.js';
import { NO_ADDRESS, Swiotlb } from '../swiotlb/swiotlb.js';
import { PAGE_SIZE } from '../units.js';
import type {
  Answer,
  BlockAnswer,
  CopyAnswer,
  Operation,
  OracleTrace,
  PoolFacts,
  SnapshotAnswer,
} from './oracle-trace.js';
import { poolSnapshot, poolsOf } from './snapshot.js';

const WARNINGS: Readonly<Record<BounceWarning, string>> = {
  full: 'F',
  alignment: 'A',
  clamped: 'B',
  'out-of-reach': 's',
};
const NO_BLOCK = -1;

interface Live {
  readonly device: SwiotlbDevice;
  readonly address: number;
  readonly bytes: number;
  readonly direction: Direction;
}

const unlimited = (mask: number) => (mask === -1 ? Infinity : mask);

export class OracleReplay implements BounceSink, BlockSource {
  readonly swiotlb: Swiotlb;
  readonly devices: readonly SwiotlbDevice[];
  readonly #file: string;
  readonly #cpus: readonly Cpu[];
  readonly #mapping: BounceMapping;
  readonly #live = new Map<number, Live>();
  /** Ordinal by pool, of pools that are visible now. */
  readonly #ordinals = new Map<number, number>([[BOOT_POOL, 0]]);
  #nextOrdinal = 1;
  // What the operation at hand has caused so far:
  #copies: CopyAnswer[] = [];
  #warnings = '';
  #blocks: BlockAnswer[] = [];
  #recorded: readonly BlockAnswer[] = [];

  constructor({ file, header: { config, devices } }: OracleTrace) {
    this.#file = file;
    const growth = { defaultSlots: config.defaultNslabs, defaultAreas: config.defaultNareas, blocks: this };
    const limits = { physLimit: unlimited(config.physLimit), zoneDmaLimit: config.zoneDmaLimit };
    const dynamic = {
      ...{ defaultAreas: config.defaultNareas, devices: devices.length, cpus: config.ncpus },
      growth: config.canGrow ? { ...growth, ...limits } : null,
      ...{ addedPools: 512, transientPools: 1024 },
    };
    const pool = { start: config.physBase, slots: config.nslabs, areas: config.nareas };
    const build = (arena: Arena) =>
      new Swiotlb(arena, { ...pool, exactCounters: true, ...(config.dynamic ? { dynamic } : {}) });
    this.swiotlb = build(Arena.for(build));
    this.swiotlb.reset();
    this.devices = devices.map(({ minAlignMask, segBoundary, dmaMask, busDmaLimit }, index) => ({
      index,
      minAlignMask,
      segmentBoundaryMask: unlimited(segBoundary),
      addressLimit: Math.min(unlimited(dmaMask), busDmaLimit === 0 ? Infinity : busDmaLimit),
    }));
    this.#mapping = new BounceMapping(this.swiotlb, this);
    const table = new CpuTable(
      Arena.for((arena) => new CpuTable(arena, config.ncpus)),
      config.ncpus,
    );
    const ledger = CopyLedger.inArena(
      Arena.for((arena) => CopyLedger.inArena(arena, 1)),
      1,
    );
    this.#cpus = Array.from({ length: config.ncpus }, (_, id) => new Cpu(id, table, ledger));
  }

  /** Does one operation; `line` is for refusals. @throws ERR_TRACE_SYNTAX for an operation on what does not exist */
  answer(operation: Operation, line: number): Answer | SnapshotAnswer {
    this.#copies = [];
    this.#warnings = '';
    this.#blocks = [];
    this.#recorded = operation.pg ?? [];
    switch (operation.o) {
      case 'm':
        return this.#map(operation, line);
      case 'u':
      case 'y':
      case 'f':
        return this.#give(operation, line);
      case 's':
        return this.#sync(operation, line);
      case 'z':
      case 'a':
        return this.#pages(operation, line);
      case 'p':
        return { p: this.#ordinalOf(this.swiotlb.findPool(this.devices[operation.d]!, operation.a, this.#cpus[0]!)) };
      case 'w':
        return this.#work();
      case 'h':
        this.swiotlb.resetHighWater();
        return {};
      case 'q':
        return this.#snapshot(operation.pools?.some(({ rle }) => rle !== undefined) ?? false);
    }
  }

  copy(toDevice: boolean, original: number, bounce: number, bytes: number): void {
    const { start } = this.#poolAt(bounce);
    this.#copies.push([toDevice ? 1 : 0, original, bounce - start, bytes]);
  }

  warn(warning: BounceWarning): void {
    this.#warnings += WARNINGS[warning];
  }

  /** The answers of the page allocator are inputs: the next recorded one, if it answers this question. */
  alloc(order: number, zone: number): number {
    const next = this.#recorded[this.#blocks.length];
    const address = next !== undefined && next[0] === order && next[1] === zone ? next[2] : NO_BLOCK;
    this.#blocks.push([order, zone, address]);
    return address;
  }

  free(): void {}

  /** The pool that has this ordinal now; null when there is none. */
  poolOf(ordinal: number): SlotPool | null {
    for (const [pool, known] of this.#ordinals) {
      if (known === ordinal) return this.swiotlb.pools?.list.pool(pool) ?? this.swiotlb.pool;
    }
    return null;
  }

  #cpu(operation: Operation, line: number): Cpu {
    const cpu = this.#cpus[operation.c];
    if (cpu === undefined) throw this.#refuse(line, `there is no CPU ${operation.c}`);
    return cpu;
  }

  #liveOf({ id }: Operation, line: number): Live {
    const live = this.#live.get(id);
    if (live === undefined) throw this.#refuse(line, `nothing is mapped as ${id}`);
    return live;
  }

  #map(operation: Operation, line: number): Answer {
    const { id, d, a, s, dir, at = 0 } = operation;
    const device = this.devices[d]!;
    const cpu = this.#cpu(operation, line);
    const requests = this.#requests();
    const address = operation.v
      ? this.#mapping.mapReachable(device, a, s, at, cpu)
      : this.#mapping.map(device, a, s, operation.k as number, at, cpu);
    if (address === NO_ADDRESS && this.#copies.length > 0) {
      // Mapped, copied, and found out of reach: the answer names the pool of the copy.
      const ordinal = this.swiotlb.pools === null ? 0 : this.#ordinalOfFound();
      return { ...this.#caused(requests), e: 1, op: ordinal };
    }
    return this.#taken(requests, { device, address, bytes: s, direction: dir as Direction }, id, true);
  }

  #pages(operation: Operation, line: number): Answer {
    const device = this.devices[operation.d]!;
    const cpu = this.#cpu(operation, line);
    const requests = this.#requests();
    const bytes = operation.o === 'z' ? PAGE_SIZE * 2 ** operation.ord : operation.s;
    const address =
      operation.o === 'z'
        ? this.swiotlb.alloc(device, 0, bytes, bytes - 1, cpu)
        : this.swiotlb.allocPages(device, bytes, cpu);
    return this.#taken(requests, { device, address, bytes, direction: 1 }, operation.id, false);
  }

  #taken(requests: number, live: Live, id: number, isMap: boolean): Answer {
    if (live.address === NO_ADDRESS) return { ...this.#caused(requests), e: 1 };
    const added = this.#addTransient();
    this.#live.set(id, live);
    const pool = this.#poolAt(live.address);
    const slot = pool.slotOf(live.address);
    return {
      ...this.#caused(requests),
      ...added,
      p: this.#ordinalOf(this.#found()),
      t: live.address - pool.start,
      ...(isMap ? { ps: pool.table.padSlots(slot) } : {}),
      as: pool.table.allocBytes(slot),
    };
  }

  #give(operation: Operation, line: number): Answer {
    const { device, address, bytes, direction } = this.#liveOf(operation, line);
    const attributes = operation.o === 'u' ? (operation.at ?? 0) : 0;
    const cpu = this.#cpus[0]!;
    const pool = this.swiotlb.findPool(device, address, cpu);
    const nf =
      operation.o === 'u'
        ? this.#mapping.unmap(device, address, bytes, direction, attributes, cpu)
        : this.swiotlb.free(device, address, cpu);
    this.#live.delete(operation.id);
    const freed = this.swiotlb.pools?.list.isTransient(pool) ? [this.#ordinalOf(pool)] : null;
    if (freed !== null) this.#ordinals.delete(pool);
    return {
      ...this.#caused(this.#requests()),
      nf,
      ...(operation.o === 'f' ? { r: 1 } : {}),
      ...(freed ? { fp: freed } : {}),
    };
  }

  #sync(operation: Operation, line: number): Answer {
    const { device, address, direction } = this.#liveOf(operation, line);
    const at = address + operation.off;
    if (operation.k === 'c') this.#mapping.syncForCpu(device, at, operation.n, direction, this.#cpus[0]!);
    else this.#mapping.syncForDevice(device, at, operation.n, direction, this.#cpus[0]!);
    return this.#caused(this.#requests());
  }

  #work(): Answer {
    const { pools } = this.swiotlb;
    if (!pools?.growth?.isPending) return { ran: 0 };
    const pool = pools.grow(this.#cpus[0]!);
    const caused = this.#caused(this.#requests());
    return pool === NO_POOL ? { ...caused, ran: 1, wr: 'P' } : { ...caused, ran: 1, np: this.#facts(pool, false) };
  }

  #snapshot(withRuns: boolean): SnapshotAnswer {
    const { swiotlb } = this;
    const {
      io_tlb_nslabs: ns,
      io_tlb_used: used,
      io_tlb_used_hiwater: hi,
      io_tlb_transient_nslabs: tr,
    } = swiotlb.statistics();
    const list = swiotlb.pools?.list;
    const pools = list ? poolsOf(list) : [BOOT_POOL];
    const answer = pools.map((pool) => poolSnapshot(this.#ordinalOf(pool), list?.pool(pool) ?? swiotlb.pool, withRuns));
    if (!list) return { used, hi, tr, ns, pools: answer };
    const dp = this.devices.map((_, device) => poolsOf(list, 1 + device).map((pool) => this.#ordinalOf(pool)));
    const uses = this.devices.map((device) => (swiotlb.pools!.uses(device) ? 1 : 0));
    return { used, hi, tr, ns, pools: answer, dp, uses };
  }

  #requests(): number {
    return this.swiotlb.pools?.growth?.requests ?? 0;
  }

  /** What any operation may have caused besides its own result. */
  #caused(requestsBefore: number): Answer {
    return {
      ...(this.#requests() > requestsBefore ? { w: 1 } : {}),
      ...(this.#blocks.length > 0 ? { pg: this.#blocks } : {}),
      ...(this.#copies.length > 0 ? { cp: this.#copies } : {}),
      ...(this.#warnings !== '' ? { wr: this.#warnings } : {}),
    };
  }

  #found(): number {
    return this.swiotlb.pools?.foundIndex ?? BOOT_POOL;
  }

  #ordinalOfFound(): number {
    const found = this.#found();
    return this.#ordinals.get(found) ?? this.#nextOrdinal;
  }

  /** The last search made a transient pool visible. */
  #addTransient(): Answer {
    const found = this.#found();
    if (found === BOOT_POOL || this.#ordinals.has(found)) return {};
    return { np: this.#facts(found, true) };
  }

  #facts(pool: number, transient: boolean): PoolFacts {
    const { start, slots, areas, areaSlots } = this.swiotlb.pools!.list.pool(pool);
    const ordinal = this.#nextOrdinal++;
    this.#ordinals.set(pool, ordinal);
    return { p: ordinal, start, n: slots, na: areas.count, an: areaSlots, tr: transient ? 1 : 0 };
  }

  #ordinalOf(pool: number): number {
    return pool === NO_POOL ? -1 : (this.#ordinals.get(pool) ?? -1);
  }

  #poolAt(address: number): SlotPool {
    const { pools, pool } = this.swiotlb;
    return pools !== null && !pool.contains(address) ? pools.list.pool(this.#indexAt(address)) : pool;
  }

  #indexAt(address: number): number {
    for (const device of this.devices) {
      const index = this.swiotlb.findPool(device, address, this.#cpus[0]!);
      if (index !== NO_POOL) return index;
    }
    return this.#found();
  }

  #refuse(line: number, why: string): CopytaxError {
    return new CopytaxError('ERR_TRACE_SYNTAX', `${this.#file}:${line}: ${why}`, { file: this.#file, line });
  }
}
