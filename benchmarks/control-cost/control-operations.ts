/**
 * The operations of the control plane that `control-cost` measures. Each has a loop of its own, not a callback in a
 * common one, so that the compiler inlines what is measured as it does on the transmit path.
 */

import { addon } from '../../lib/addon/addon.js';
import { networkDevice } from '../../lib/dma/device.js';
import { machineConfig } from '../../lib/machine/build/config.js';
import { System } from '../../lib/machine/build/system.js';
import { copyKernelIndex } from '../../lib/memory/copy-kernels.js';
import { CopyList } from '../../lib/memory/copy-list.js';
import { Region } from '../../lib/memory/region.js';
import { BouncePages } from '../../lib/page/bounce-pages.js';
import { AllocatorHook } from '../../lib/page/free-dispatch.js';
import { PageFrag, ReferencedPages } from '../../lib/page/page-frag.js';
import { FRAG_ORDER, type PageSource } from '../../lib/page/page-source.js';
import { NO_PAGE } from '../../lib/page/page-table.js';
import { PAGE_TYPE } from '../../lib/page/page-type.js';
import { Arena } from '../../lib/smp/arena.js';
import { SITE } from '../../lib/smp/copy-ledger.js';
import { Cpu } from '../../lib/smp/cpu.js';
import { PAGE_SIZE, SLOT_SIZE } from '../../lib/units.js';

/** Does the operation `count` times; returns a number that depends on the work, so that none of it is dead code. */
export type Operation = (count: number) => number;

export const OPERATION_NAMES = [
  'slots=1',
  'slots=2',
  'slots=16',
  'slots=128',
  'system-page',
  'bounce-page',
  'refill-system',
  'refill-bounce',
  'page-type-check',
  'crossing-noop',
  'crossing-copy=1',
  'crossing-copy=3',
] as const;
export type OperationName = (typeof OPERATION_NAMES)[number];

const SMALLEST_COPY = 64;
const CHECKED_PAGES = 1024;

/** The tables of a machine with one CPU, which no other thread uses. Owner: the calling thread. */
export class ControlOperations {
  readonly #region = Region.create({ bytes: 2 * PAGE_SIZE, lock: 'no', hugePages: 'never' });
  readonly #system: System;
  readonly #cpu: Cpu;
  readonly #device = networkDevice(true);
  readonly #bouncePages: BouncePages;
  readonly #dispatch: AllocatorHook;

  /** `slotPoolBytes`: a power of two. */
  constructor(slotPoolBytes: number) {
    const config = machineConfig({ cpus: { copyKernel: copyKernelIndex('libc') }, slotPool: { bytes: slotPoolBytes } });
    const arena = Arena.for((counting) => new System(counting, config));
    this.#system = new System(arena, config);
    this.#system.reset();
    const { pages, bouncePageParts, systemPages, cpus, copyLedger } = this.#system;
    this.#cpu = new Cpu(0, cpus, copyLedger);
    this.#bouncePages = new BouncePages(bouncePageParts, this.#device.number);
    this.#dispatch = new AllocatorHook(pages, systemPages, this.#bouncePages);
  }

  close(): void {
    this.#region.close();
  }

  named(name: OperationName): Operation {
    const [kind, argument] = name.split('=');
    switch (kind) {
      case 'slots':
        return this.#slots(Number(argument));
      case 'system-page':
        return this.#page(this.#system.systemPages);
      case 'bounce-page':
        return this.#page(this.#bouncePages);
      case 'refill-system':
        return this.#refill(this.#system.systemPages);
      case 'refill-bounce':
        return this.#refill(this.#bouncePages);
      case 'page-type-check':
        return this.#typeCheck();
      case 'crossing-copy':
        return this.#copies(Number(argument));
      default:
        return noops;
    }
  }

  /** Finds slots for a mapping and releases them. */
  #slots(slots: number): Operation {
    const { swiotlb, layout } = this.#system;
    return (count) => {
      let sum = 0;
      for (let i = 0; i < count; i++) {
        const address = swiotlb.alloc(this.#cpu, this.#device, layout.users, slots * SLOT_SIZE, 0);
        sum += swiotlb.free(this.#cpu, this.#device, address);
      }
      return sum;
    };
  }

  /** Allocates an order-3 page and drops its only reference. */
  #page(source: PageSource): Operation {
    return (count) => {
      let sum = 0;
      for (let i = 0; i < count; i++) {
        const pfn = source.alloc(this.#cpu, FRAG_ORDER);
        this.#dispatch.put(this.#cpu, pfn);
        sum += pfn;
      }
      return sum;
    };
  }

  /** Refills an empty fragment and drops it. */
  #refill(source: PageSource): Operation {
    const { pages, systemPages } = this.#system;
    const frag = new PageFrag(new ReferencedPages(pages, this.#dispatch));
    return (count) => {
      let sum = 0;
      for (let i = 0; i < count; i++) {
        frag.refill(this.#cpu, 32, source, systemPages);
        sum += frag.size;
        frag.drop(this.#cpu);
      }
      return sum;
    };
  }

  /** Does what the fast path of a mapping does for every address: finds the page, its head and its type. */
  #typeCheck(): Operation {
    const { pages, layout } = this.#system;
    const first = layout.system / PAGE_SIZE;
    return (count) => {
      let sum = 0;
      for (let i = 0; i < count; i++) {
        const head = pages.headOf(first + (i & (CHECKED_PAGES - 1)));
        if (head === NO_PAGE || !pages.hasType(head, PAGE_TYPE.zeroCopySwiotlb)) sum++;
      }
      return sum;
    };
  }

  /** Lists small copies and runs the list: the call into native code with its bookkeeping, once for each skb. */
  #copies(entries: number): Operation {
    const list = CopyList.ofThisThread();
    const { id } = this.#region;
    const { copyKernel } = this.#system.config.cpus;
    return (count) => {
      let sum = 0;
      for (let i = 0; i < count; i++) {
        list.reset();
        for (let entry = 0; entry < entries; entry++) list.push(id, PAGE_SIZE, id, 0, SMALLEST_COPY, SITE.user);
        list.run(copyKernel);
        sum += list.count;
      }
      return sum;
    };
  }
}

/** Calls native code that does nothing. */
function noops(count: number): number {
  const { noop } = addon();
  for (let i = 0; i < count; i++) noop();
  return count;
}
