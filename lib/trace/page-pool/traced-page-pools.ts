/** The page pools of a trace by number, and what surrounds them. Owner: one thread. */
import type { PagePoolSurroundings } from '../../page/pool/memory-provider.js';
import type { NetmemTable } from '../../page/pool/netmem-table.js';
import { PagePool } from '../../page/pool/page-pool.js';
import type { PagePoolParameters } from '../../page/pool/page-pool-parameters.js';
import { Arena } from '../../smp/arena.js';
import type { PagePoolHeader } from './page-pool-format.js';
import { providerOf, type TracedMemory } from './traced-memory.js';

const NOWHERE = -1;

export class TracedPagePools {
  /** Jiffies of the operation. */
  now = 0;
  readonly header: PagePoolHeader;
  readonly #netmem: NetmemTable;
  readonly #memory: TracedMemory;
  /** By number, from 1; null: gone. */
  readonly #all: (PagePool | null)[] = [null];
  /** The CPU of each softirq poll that is scheduled. */
  readonly #polls = new Map<number, number>();

  constructor(header: PagePoolHeader, netmem: NetmemTable, memory: TracedMemory) {
    this.header = header;
    this.#netmem = netmem;
    this.#memory = memory;
  }

  find(number: number): PagePool | null {
    return this.#all[number] ?? null;
  }

  /** The page pool that was created last; null if its creation was refused. */
  last(result: unknown): PagePool | null {
    return Array.isArray(result) ? this.#all.at(-1)! : null;
  }

  /** Page pools that are not gone. */
  get alive(): number {
    return this.#all.filter((pagePool) => pagePool !== null).length;
  }

  schedule(poll: number, cpu: number): void {
    this.#polls.set(poll, cpu);
  }

  create(parameters: PagePoolParameters, needsSync: boolean): PagePool {
    const number = this.#all.length;
    const parts = {
      netmem: this.#netmem,
      provider: providerOf(this.#memory, needsSync),
      surroundings: this.#surroundingsOf(number),
      cpus: this.header.cpus,
    };
    const build = (arena: Arena) => new PagePool(arena, number, parameters, parts);
    const pagePool = build(Arena.for(build));
    pagePool.reset();
    this.#all.push(pagePool);
    return pagePool;
  }

  #surroundingsOf(number: number): PagePoolSurroundings {
    const { hz, nodeOfCpu } = this.header;
    const memory = this.#memory;
    return {
      hz,
      now: () => this.now,
      nodeOf: ({ id }) => nodeOfCpu[id]!,
      cpuOfPoll: (poll) => this.#polls.get(poll) ?? NOWHERE,
      synchronize: () => memory.tell('synchronize'),
      detached: () => memory.tell('detached'),
      retryIn: (ticks) => memory.tell('work', ticks),
      disconnect: () => memory.tell('disconnect'),
      stalled: (inFlight, seconds) => memory.tell('stalled', inFlight, seconds),
      violated: (refs) => memory.tell('violation', refs),
      warn: () => memory.tell('warn'),
      gone: () => {
        memory.tell('gone');
        this.#all[number] = null;
      },
    };
  }
}
