/**
 * Replays an oracle trace on our allocator, and returns what it did in the terms of the format, to be compared with
 * what Linux's allocator did. Mappings copy at once (`SynchronousMapping`), as in Linux. Owner: one thread.
 */
import { CopytaxError } from '../../errors.js';
import type { Cpu } from '../../smp/cpu.js';
import { DIRECTION, type Direction } from '../../swiotlb/dma-attributes.js';
import { NO_SLOT_POOL } from '../../swiotlb/pools/slot-pool-list.js';
import type { SwiotlbDevice } from '../../swiotlb/slots/constraints.js';
import type { SlotPool } from '../../swiotlb/slots/slot-pool.js';
import { NO_ADDRESS, type Swiotlb } from '../../swiotlb/swiotlb.js';
import { type Mapped, SynchronousMapping } from '../../swiotlb/synchronous-mapping.js';
import { PAGE_SIZE } from '../../units.js';
import type { Answer, Operation, OperationOf, SlotPoolFacts, Snapshot } from '../format/operation.js';
import type { TraceHeader } from '../format/trace-header.js';
import { allocatorOf, cpusOf, devicesOf, type ReplayMemory } from './oracle-setup.js';
import { ReplayEffects } from './replay-effects.js';
import { SlotPoolOrdinals } from './slot-pool-ordinals.js';
import { snapshotOf } from './snapshot.js';

type Mutable<Of> = { -readonly [Name in keyof Of]: Of[Name] };

export class OracleReplay {
  readonly swiotlb: Swiotlb;
  readonly devices: readonly SwiotlbDevice[];
  readonly #file: string;
  readonly #cpus: readonly Cpu[];
  readonly #mapping: SynchronousMapping;
  readonly #live = new Map<number, Mapped>();
  readonly ordinals: SlotPoolOrdinals;
  readonly #effects = new ReplayEffects((address) => this.#poolAt(address).start);
  #requestsBefore = 0;

  constructor(file: string, header: TraceHeader, memory: ReplayMemory) {
    this.#file = file;
    this.swiotlb = allocatorOf(header, this.#effects, memory);
    this.ordinals = new SlotPoolOrdinals(this.swiotlb);
    this.devices = devicesOf(header);
    this.#cpus = cpusOf(header);
    this.#mapping = new SynchronousMapping(this.swiotlb, this.#effects);
  }

  /**
   * Does what an operation asks, and returns what our allocator did; `line` is for refusals.
   * @throws ERR_TRACE_SYNTAX for an operation on what does not exist
   */
  perform(operation: Operation, line: number): Answer | Snapshot {
    this.#effects.begin(operation.pg);
    this.#requestsBefore = this.#requests();
    switch (operation.o) {
      case 'm':
        return this.#map(operation, line);
      case 'u':
        return this.#unmap(operation, line);
      case 's':
        return this.#sync(operation, line);
      case 'z':
        return this.#takeSlots(operation, line);
      case 'a':
        return this.#allocPages(operation, line);
      case 'y':
        return this.#give(this.#liveOf(operation, line), operation.id);
      case 'f':
        return this.#freePages(operation, line);
      case 'p':
        return this.#find(operation);
      case 'w':
        return this.#work();
      case 'h':
        this.swiotlb.resetHighWater();
        return this.#answer();
      case 'q':
        return snapshotOf(this.swiotlb, this.ordinals, this.devices, operation.pools ?? []);
    }
  }

  #cpu({ c }: { readonly c: number }, line: number): Cpu {
    const cpu = this.#cpus[c];
    if (cpu === undefined) throw this.#refuse(line, `there is no CPU ${c}`);
    return cpu;
  }

  #liveOf({ id }: { readonly id: number }, line: number): Mapped {
    const live = this.#live.get(id);
    if (live === undefined) throw this.#refuse(line, `nothing is mapped as ${id}`);
    return live;
  }

  #map(operation: OperationOf<'m'>, line: number): Answer {
    const { id, d, a, s, k, dir, at = 0 } = operation;
    const device = this.devices[d]!;
    const cpu = this.#cpu(operation, line);
    const address = operation.v
      ? this.#mapping.mapReachable(cpu, device, a, s, at)
      : this.#mapping.map(cpu, device, a, s, { alignMask: k, attributes: at });
    if (address !== NO_ADDRESS) {
      const answer = this.#taken({ device, address, bytes: s, direction: dir as Direction }, id);
      const pool = this.#poolAt(address);
      answer.ps = pool.table.padSlots(pool.slotOf(address));
      return answer;
    }
    const answer = this.#refused();
    // Mapped, copied, and found out of reach: the trace names the slot pool of the copy.
    if (this.#effects.copies !== undefined) answer.op = this.ordinals.of(this.swiotlb.found.index);
    return answer;
  }

  #takeSlots(operation: OperationOf<'z'>, line: number): Answer {
    const device = this.devices[operation.d]!;
    const bytes = PAGE_SIZE * 2 ** operation.ord;
    const address = this.swiotlb.alloc(this.#cpu(operation, line), device, 0, bytes, bytes - 1);
    if (address === NO_ADDRESS) return this.#refused();
    return this.#taken({ device, address, bytes, direction: DIRECTION.toDevice }, operation.id);
  }

  #allocPages(operation: OperationOf<'a'>, line: number): Answer {
    const device = this.devices[operation.d]!;
    const { s: bytes } = operation;
    const address = this.swiotlb.allocPages(this.#cpu(operation, line), device, bytes);
    if (address === NO_ADDRESS) return this.#refused();
    return this.#taken({ device, address, bytes, direction: DIRECTION.toDevice }, operation.id);
  }

  /** Slots were taken, for a mapping or for pages. */
  #taken(live: Mapped, id: number): Mutable<Answer> {
    const np = this.#addedTransient();
    this.#live.set(id, live);
    const pool = this.#poolAt(live.address);
    const answer = this.#answer();
    answer.p = this.ordinals.of(this.swiotlb.found.index);
    answer.t = live.address - pool.start;
    answer.as = pool.table.allocBytes(pool.slotOf(live.address));
    answer.np = np;
    return answer;
  }

  #refused(): Mutable<Answer> {
    const answer = this.#answer();
    answer.e = 1;
    return answer;
  }

  #unmap(operation: OperationOf<'u'>, line: number): Answer {
    const live = this.#liveOf(operation, line);
    return this.#give(live, operation.id, operation.at ?? 0);
  }

  /** `attributes` make an unmap of it; otherwise slots or pages are given back without a copy. */
  #give(live: Mapped, id: number, attributes?: number): Mutable<Answer> {
    const { device, address } = live;
    const cpu = this.#cpus[0]!;
    const pool = this.swiotlb.findPool(cpu, device, address);
    const slots =
      attributes === undefined ? this.swiotlb.free(cpu, device, address) : this.#mapping.unmap(cpu, live, attributes);
    this.#live.delete(id);
    const answer = this.#answer();
    answer.nf = slots;
    if (this.swiotlb.pools?.list.isTransient(pool)) {
      answer.fp = [this.ordinals.of(pool)];
      this.ordinals.remove(pool);
    }
    return answer;
  }

  #freePages(operation: OperationOf<'f'>, line: number): Answer {
    const answer = this.#give(this.#liveOf(operation, line), operation.id);
    answer.r = 1;
    return answer;
  }

  #sync(operation: OperationOf<'s'>, line: number): Answer {
    const { device, address, direction } = this.#liveOf(operation, line);
    const at = address + operation.off;
    const cpu = this.#cpus[0]!;
    if (operation.k === 'c') this.#mapping.syncForCpu(cpu, device, at, operation.n, direction);
    else this.#mapping.syncForDevice(cpu, device, at, operation.n, direction);
    return this.#answer();
  }

  #find({ d, a }: OperationOf<'p'>): Answer {
    const answer = this.#answer();
    answer.p = this.ordinals.of(this.swiotlb.findPool(this.#cpus[0]!, this.devices[d]!, a));
    return answer;
  }

  #work(): Answer {
    const { pools } = this.swiotlb;
    const isPending = pools?.growth?.isPending ?? false;
    const pool = isPending ? pools!.grow(this.#cpus[0]!) : NO_SLOT_POOL;
    if (isPending && pool === NO_SLOT_POOL) this.#effects.warnOfNoNewPool();
    const answer = this.#answer();
    answer.ran = isPending ? 1 : 0;
    if (pool !== NO_SLOT_POOL) answer.np = this.ordinals.add(pool, false);
    return answer;
  }

  #requests(): number {
    return this.swiotlb.pools?.growth?.requests ?? 0;
  }

  /** What the operation has caused besides its results, which the caller fills in. */
  #answer(): Mutable<Answer> {
    const { copies: cp, warnings: wr, blocks: pg } = this.#effects;
    return { w: this.#requests() > this.#requestsBefore ? 1 : undefined, cp, wr, pg };
  }

  /** The transient pool that the last search has made visible, if it has. */
  #addedTransient(): SlotPoolFacts | undefined {
    const found = this.swiotlb.found.index;
    return this.ordinals.has(found) ? undefined : this.ordinals.add(found, true);
  }

  #poolAt(address: number): SlotPool {
    const { pools, pool } = this.swiotlb;
    return pools !== null && !pool.contains(address) ? pools.list.pool(this.#indexAt(address)) : pool;
  }

  #indexAt(address: number): number {
    for (const device of this.devices) {
      const index = this.swiotlb.findPool(this.#cpus[0]!, device, address);
      if (index !== NO_SLOT_POOL) return index;
    }
    return this.swiotlb.found.index;
  }

  #refuse(line: number, why: string): CopytaxError {
    return new CopytaxError('ERR_TRACE_SYNTAX', `${this.#file}:${line}: ${why}`, { file: this.#file, line });
  }
}
