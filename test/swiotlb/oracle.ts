/**
 * Replays what Linux's own allocator decided, operation by operation, and says where ours decides otherwise.
 * The format of the recordings is described beside them, in test/fixtures/oracle. Pools that grow are not replayed.
 */
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { type DmaConstraints, NO_SLOT } from '../../lib/swiotlb/slot-pool.js';
import { NO_ORIGIN } from '../../lib/swiotlb/slot-table.js';
import { NO_ADDRESS, Swiotlb } from '../../lib/swiotlb/swiotlb.js';
import { inArena, testCpus } from '../smp/fixtures/cpus.js';

type Copy = readonly [toDevice: number, origin: number, offsetInPool: number, bytes: number];

interface Operation {
  readonly o: 'm' | 'u' | 's' | 'z' | 'y' | 'a' | 'f' | 'p' | 'h' | 'q';
  readonly id: number;
  readonly d: number;
  readonly c: number;
  readonly a: number;
  readonly s: number;
  readonly k: number | 'c' | 'd';
  readonly dir: number;
  readonly ord: number;
  readonly off: number;
  readonly n: number;
  // What Linux answered:
  readonly e?: 1;
  readonly p?: number;
  readonly t: number;
  readonly ps?: number;
  readonly as?: number;
  readonly nf?: number;
  readonly cp?: 1 | readonly Copy[];
  readonly wr?: string;
  readonly used?: number;
  readonly pools?: readonly Snapshot[];
}

interface Snapshot {
  readonly areas: readonly (readonly [used: number, index: number])[];
  readonly hl: number;
  readonly ha: number;
  readonly ho: number;
  readonly hp: number;
}

interface Header {
  readonly config: {
    readonly nslabs: number;
    readonly nareas: number;
    readonly physBase: number;
    readonly dynamic: boolean;
  };
  readonly devices: readonly { minAlignMask: number; segBoundary: number; maxMapping: number }[];
}

interface Mapping {
  readonly device: DmaConstraints;
  readonly address: number;
  readonly origin: number;
  readonly bytes: number;
  readonly direction: number;
}

export interface Replay {
  readonly operations: number;
  readonly snapshots: number;
  /** `line: what: ours instead of Linux's`, in order; at most the first few. */
  readonly deviations: readonly string[];
}

const ENOUGH = 5;
const { cpus } = testCpus(16);

export function replay(file: URL): Replay {
  const lines = gunzipSync(readFileSync(file)).toString('utf8').trimEnd().split('\n');
  const oracle = new Replayer(JSON.parse(lines[0]!) as Header);
  for (let line = 1; line < lines.length && oracle.deviations.length < ENOUGH; line++) {
    oracle.step(line + 1, JSON.parse(lines[line]!) as Operation);
  }
  return { operations: lines.length - 1, snapshots: oracle.snapshots, deviations: oracle.deviations };
}

class Replayer {
  readonly deviations: string[] = [];
  snapshots = 0;
  readonly #swiotlb: Swiotlb;
  readonly #devices: readonly DmaConstraints[];
  readonly #live = new Map<number, Mapping>();
  readonly #knowsAllDevices: boolean;
  #line = 1;

  constructor({ config, devices }: Header) {
    this.#knowsAllDevices = !config.dynamic; // a build that may grow pools asks for no pool before a device's first use
    const pool = { start: config.physBase, slots: config.nslabs, areas: config.nareas };
    this.#swiotlb = inArena((arena) => new Swiotlb(arena, pool));
    this.#swiotlb.reset();
    this.#devices = devices.map(({ minAlignMask, segBoundary }) => ({
      minAlignMask,
      segmentBoundaryMask: segBoundary === -1 ? Infinity : segBoundary,
    }));
    devices.forEach(({ maxMapping }, device) => {
      this.#same(`device ${device}`, this.#swiotlb.maxMappingSize(this.#devices[device]!), maxMapping);
    });
  }

  step(line: number, op: Operation): void {
    this.#line = line;
    if (op.o === 'm') this.#map(op);
    else if (op.o === 'z' || op.o === 'a') this.#allocPages(op);
    else if (op.o === 'u' || op.o === 'y' || op.o === 'f') this.#give(op);
    else if (op.o === 's') this.#sync(op);
    else if (op.o === 'p') this.#findPool(op);
    else if (op.o === 'q') this.#snapshot(op);
    else if (op.o !== 'h') throw new Error(`line ${line}: operation '${op.o}' is not for a pool that cannot grow`);
  }

  #map(op: Operation): void {
    const device = this.#devices[op.d]!;
    const address = this.#swiotlb.alloc(device, op.a, op.s, op.k as number, cpus[op.c]!);
    const mapping = { device, address, origin: op.a, bytes: op.s, direction: op.dir };
    if (this.#taken(op, mapping)) this.#copy(mapping, 0, op.s, op);
  }

  /** `z`: naturally aligned blocks. `a`: a restricted pool's own, of any size, which the interface above has no name for. */
  #allocPages(op: Operation): void {
    const device = this.#devices[op.d]!;
    const cpu = cpus[op.c]!;
    const bytes = op.o === 'z' ? 4096 << op.ord : op.s;
    const mask = 4096 * 2 ** Math.ceil(Math.log2(Math.ceil(bytes / 4096))) - 1;
    const { pool } = this.#swiotlb;
    let address = NO_ADDRESS;
    if (op.o === 'z') address = this.#swiotlb.alloc(device, 0, bytes, mask, cpu);
    else {
      const slot = pool.search(0, 0, bytes, mask, device, cpu);
      if (slot !== NO_SLOT) address = pool.addressOf(slot);
    }
    this.#taken(op, { device, address, origin: NO_ORIGIN, bytes, direction: 0 });
  }

  #taken(op: Operation, mapping: Mapping): boolean {
    const { pool } = this.#swiotlb;
    const { address } = mapping;
    this.#same('address', address, op.e === 1 ? NO_ADDRESS : pool.start + op.t);
    if (address === NO_ADDRESS) return false;
    const slot = pool.slotOf(address);
    this.#same('padding', pool.table.padSlots(slot), op.ps ?? 0);
    this.#same('recorded size', pool.table.allocBytes(slot), op.as ?? 0);
    this.#live.set(op.id, mapping);
    return true;
  }

  #findPool(op: Operation): void {
    if (this.#knowsAllDevices) this.#same('pool of an address', this.#swiotlb.contains(op.a) ? 0 : -1, op.p ?? -1);
  }

  #give(op: Operation): void {
    const mapping = this.#live.get(op.id)!;
    this.#live.delete(op.id);
    if (op.cp !== undefined) this.#copy(mapping, 0, mapping.bytes, op);
    this.#same('slots given back', this.#swiotlb.free(mapping.device, mapping.address, cpus[0]!), op.nf ?? 0);
  }

  #sync(op: Operation): void {
    const mapping = this.#live.get(op.id)!;
    const wrongWay = op.k === 'd' ? 2 : 1;
    if (mapping.direction !== wrongWay) this.#copy(mapping, op.off, op.n, op);
  }

  /** Where Linux copied from or to, and how much. */
  #copy({ device, address, origin, bytes }: Mapping, offset: number, length: number, op: Operation): void {
    const range = { origin: 0, bytes: 0 };
    this.#swiotlb.originOf(device, address + offset, length, range, cpus[0]!);
    const [, from, , count] = op.cp === 1 ? [1, origin, 0, bytes] : (op.cp?.[0] ?? [1, NO_ORIGIN, 0, 0]);
    this.#same('original of a copy', range.origin, from);
    this.#same('bytes of a copy', range.bytes, count);
  }

  #snapshot(op: Operation): void {
    this.snapshots++;
    const { pool } = this.#swiotlb;
    const { table } = pool;
    const snapshot = op.pools![0]!;
    this.#same('slots in use', pool.used(), op.used!);
    snapshot.areas.forEach(([used, index], area) => {
      this.#same(`use of area ${area}`, pool.areas.used(area), used);
      this.#same(`index of area ${area}`, pool.areas.index(area), index);
    });
    const hash = (bytes: number, value: (slot: number) => number) => fnv1a(pool.slots, bytes, value);
    this.#same(
      'free counters',
      hash(2, (slot) => table.freeCounter(slot)),
      snapshot.hl,
    );
    this.#same(
      'recorded sizes',
      hash(4, (slot) => table.allocBytes(slot)),
      snapshot.ha,
    );
    this.#same(
      'originals',
      hash(8, (slot) => table.origin(slot)),
      snapshot.ho,
    );
    this.#same(
      'paddings',
      hash(2, (slot) => table.padSlots(slot)),
      snapshot.hp,
    );
  }

  #same(what: string, ours: number, theirs: number): void {
    if (ours !== theirs) this.deviations.push(`line ${this.#line}: ${what}: ${ours} instead of ${theirs}`);
  }
}

/** Over a column of little-endian two's complement numbers, as many bytes each; values are exact doubles. */
function fnv1a(count: number, bytes: number, value: (slot: number) => number): number {
  let hash = 2166136261;
  for (let slot = 0; slot < count; slot++) {
    let rest = value(slot);
    for (let byte = 0; byte < bytes; byte++) {
      const next = Math.floor(rest / 256);
      hash = Math.imul(hash ^ (rest - next * 256), 16777619);
      rest = next;
    }
  }
  return hash >>> 0;
}
