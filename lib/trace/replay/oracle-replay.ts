/**
 * Replays an oracle trace on our allocator: answers each operation in the format's own terms, to be compared with what
 * the real allocator answered. Owner: one thread.
 */
import { CopytaxError } from '../../errors.js';
import type { Cpu } from '../../smp/cpu.js';
import type { Direction } from '../../swiotlb/dma-attributes.js';
import { NO_POOL } from '../../swiotlb/pools/pool-list.js';
import type { SwiotlbDevice } from '../../swiotlb/slots/constraints.js';
import type { SlotPool } from '../../swiotlb/slots/slot-pool.js';
import { NO_ADDRESS, type Swiotlb } from '../../swiotlb/swiotlb.js';
import { type Mapped, SynchronousMapping } from '../../swiotlb/synchronous-mapping.js';
import { PAGE_SIZE } from '../../units.js';
import type { Answer, Operation, PoolFacts, SnapshotAnswer } from '../format/oracle-trace.js';
import type { TraceHeader } from '../format/trace-header.js';
import { allocatorOf, cpusOf, devicesOf, type ReplayMemory } from './oracle-setup.js';
import { PoolOrdinals } from './pool-ordinals.js';
import { ReplayEffects } from './replay-effects.js';
import { snapshotOf } from './snapshot.js';

export class OracleReplay {
  readonly swiotlb: Swiotlb;
  readonly devices: readonly SwiotlbDevice[];
  readonly #file: string;
  readonly #cpus: readonly Cpu[];
  readonly #mapping: SynchronousMapping;
  readonly #live = new Map<number, Mapped>();
  readonly ordinals: PoolOrdinals;
  readonly #effects = new ReplayEffects((address) => this.#poolAt(address).start);
  #requestsBefore = 0;

  constructor(file: string, header: TraceHeader, memory: ReplayMemory) {
    this.#file = file;
    this.swiotlb = allocatorOf(header, this.#effects, memory);
    this.ordinals = new PoolOrdinals(this.swiotlb);
    this.devices = devicesOf(header);
    this.#cpus = cpusOf(header);
    this.#mapping = new SynchronousMapping(this.swiotlb, this.#effects);
  }

  /** Does one operation; `line` is for refusals. @throws ERR_TRACE_SYNTAX for an operation on what does not exist */
  answer(operation: Operation, line: number): Answer | SnapshotAnswer {
    this.#effects.begin(operation.pg);
    this.#requestsBefore = this.#requests();
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
        return this.#answer({
          p: this.ordinals.of(this.swiotlb.findPool(this.#cpus[0]!, this.devices[operation.d]!, operation.a)),
        });
      case 'w':
        return this.#work();
      case 'h':
        this.swiotlb.resetHighWater();
        return this.#answer({});
      case 'q':
        return snapshotOf(this.swiotlb, this.ordinals, this.devices, operation.pools ?? []);
    }
  }

  #cpu(operation: Operation, line: number): Cpu {
    const cpu = this.#cpus[operation.c];
    if (cpu === undefined) throw this.#refuse(line, `there is no CPU ${operation.c}`);
    return cpu;
  }

  #liveOf({ id }: Operation, line: number): Mapped {
    const live = this.#live.get(id);
    if (live === undefined) throw this.#refuse(line, `nothing is mapped as ${id}`);
    return live;
  }

  #map(operation: Operation, line: number): Answer {
    const { id, d, a, s, dir, at = 0 } = operation;
    const device = this.devices[d]!;
    const cpu = this.#cpu(operation, line);
    const address = operation.v
      ? this.#mapping.mapReachable(cpu, device, a, s, at)
      : this.#mapping.map(cpu, device, a, s, { alignMask: operation.k as number, attributes: at });
    if (address === NO_ADDRESS && this.#effects.copies !== undefined) {
      // Mapped, copied, and found out of reach: the answer names the pool of the copy.
      return this.#answer({ e: 1, op: this.ordinals.of(this.swiotlb.found.index) });
    }
    return this.#taken({ device, address, bytes: s, direction: dir as Direction }, id, true);
  }

  #pages(operation: Operation, line: number): Answer {
    const device = this.devices[operation.d]!;
    const cpu = this.#cpu(operation, line);
    const bytes = operation.o === 'z' ? PAGE_SIZE * 2 ** operation.ord : operation.s;
    const address =
      operation.o === 'z'
        ? this.swiotlb.alloc(cpu, device, 0, bytes, bytes - 1)
        : this.swiotlb.allocPages(cpu, device, bytes);
    return this.#taken({ device, address, bytes, direction: 1 }, operation.id, false);
  }

  #taken(live: Mapped, id: number, isMap: boolean): Answer {
    if (live.address === NO_ADDRESS) return this.#answer({ e: 1 });
    const np = this.#addedTransient();
    this.#live.set(id, live);
    const pool = this.#poolAt(live.address);
    const slot = pool.slotOf(live.address);
    return this.#answer({
      p: this.ordinals.of(this.swiotlb.found.index),
      t: live.address - pool.start,
      ps: isMap ? pool.table.padSlots(slot) : undefined,
      as: pool.table.allocBytes(slot),
      np,
    });
  }

  #give(operation: Operation, line: number): Answer {
    const live = this.#liveOf(operation, line);
    const { device, address } = live;
    const attributes = operation.o === 'u' ? (operation.at ?? 0) : 0;
    const cpu = this.#cpus[0]!;
    const pool = this.swiotlb.findPool(cpu, device, address);
    const nf =
      operation.o === 'u' ? this.#mapping.unmap(cpu, live, attributes) : this.swiotlb.free(cpu, device, address);
    this.#live.delete(operation.id);
    const fp = this.swiotlb.pools?.list.isTransient(pool) ? [this.ordinals.of(pool)] : undefined;
    if (fp !== undefined) this.ordinals.remove(pool);
    return this.#answer({ nf, fp, r: operation.o === 'f' ? 1 : undefined });
  }

  #sync(operation: Operation, line: number): Answer {
    const { device, address, direction } = this.#liveOf(operation, line);
    const at = address + operation.off;
    if (operation.k === 'c') this.#mapping.syncForCpu(this.#cpus[0]!, device, at, operation.n, direction);
    else this.#mapping.syncForDevice(this.#cpus[0]!, device, at, operation.n, direction);
    return this.#answer({});
  }

  #work(): Answer {
    const { pools } = this.swiotlb;
    if (!pools?.growth?.isPending) return this.#answer({ ran: 0 });
    const pool = pools.grow(this.#cpus[0]!);
    if (pool === NO_POOL) this.#effects.warnOfNoNewPool();
    return this.#answer({ ran: 1, np: pool === NO_POOL ? undefined : this.ordinals.add(pool, false) });
  }

  #requests(): number {
    return this.swiotlb.pools?.growth?.requests ?? 0;
  }

  /** A result with what the operation has caused besides; always of one shape, because a replay compares a lot of them. */
  #answer(result: Answer): Answer {
    const { e, p, t, ps, as, op, nf, r, ran, np, fp } = result;
    const w = this.#requests() > this.#requestsBefore ? 1 : undefined;
    const { copies: cp, warnings: wr, blocks: pg } = this.#effects;
    return { e, p, t, ps, as, op, w, nf, r, ran, cp, np, fp, pg, wr };
  }

  /** The transient pool that the last search has made visible, if it has. */
  #addedTransient(): PoolFacts | undefined {
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
      if (index !== NO_POOL) return index;
    }
    return this.swiotlb.found.index;
  }

  #refuse(line: number, why: string): CopytaxError {
    return new CopytaxError('ERR_TRACE_SYNTAX', `${this.#file}:${line}: ${why}`, { file: this.#file, line });
  }
}
