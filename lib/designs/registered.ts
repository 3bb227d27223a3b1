/**
 * Memory of users that is registered once and stays shared with the devices: nothing is copied but headers.
 * Models: transmission from device memory (devmem TCP), and memory that a guest has shared for DMA from the start
 * (DMA_ATTR_CC_SHARED): docs/spec/tx-path.md#one-interface-for-three-lifetimes. `faithful` has a reference to the
 * binding for each fragment, as devmem TCP does, `hardened` one for each skb. Deviation: the memory of all senders is
 * registered as one range for each device.
 */
import type { SharedMemory } from '../dma/shared-memory.js';
import type { Region } from '../memory/region.js';
import { RegionWindows } from '../memory/region-windows.js';
import { BindingTable } from '../owner/bindings.js';
import type { Arena } from '../smp/arena.js';
import type { Cpu } from '../smp/cpu.js';
import { PAGE_SIZE } from '../units.js';
import type { CpuTools, DesignParts, DesignTables, ReferenceCount } from './design.js';
import { PageReferences } from './page-references.js';
import { BindingFiller } from './zero-copy/binding-filler.js';
import { BindingRefs } from './zero-copy/binding-refs.js';
import { BoundMemory } from './zero-copy/bound-memory.js';
import { MemoryRanges } from './zero-copy/memory-ranges.js';
import { requireCounts } from './zero-copy/reference-counts.js';
import { UserFolios } from './zero-copy/user-folios.js';

/** Regions beside the memory of the machine that may be registered at the same time, for one device each. */
const MAX_REGIONS = 16;
/** The largest region that may be registered, in chunks of the smallest size. */
const REGION_CHUNKS = 4096;

export class Registered extends PageReferences {
  readonly windows: RegionWindows;
  readonly bindings: BindingTable;
  readonly #users: UserFolios;
  readonly #isPerFragment: boolean;

  constructor(arena: Arena, tables: DesignTables) {
    super(tables);
    const { flavour, userMemory } = tables.config;
    this.#isPerFragment = flavour === 'faithful';
    this.#users = new UserFolios(tables);
    const chunkBytes = userMemory.pageBytes;
    const chunks = Math.max(REGION_CHUNKS, (this.#users.pages * PAGE_SIZE) / chunkBytes);
    this.windows = new RegionWindows(arena.int32(MAX_REGIONS));
    const limits = { bindings: tables.devices.all.length + MAX_REGIONS, chunks, chunkBytes };
    this.bindings = new BindingTable(arena, limits, this.windows);
  }

  override reset(): void {
    this.windows.reset();
    this.bindings.reset();
    const { firstPfn, pages } = this.#users;
    for (const { number } of this.tables.devices.all) {
      this.bindings.register(number, firstPfn * PAGE_SIZE, pages * PAGE_SIZE);
    }
  }

  /**
   * Registers a region beside the machine's memory for a device: a sender may send from it. Returns its binding, whose
   * address is `bindings.address`. The region cannot be closed before `bindings.unregister`. Main thread only.
   * @throws ERR_OUT_OF_RANGE
   */
  register(device: number, region: Region): number {
    return this.bindings.registerRegion(device, region);
  }

  override partsOf(cpu: Cpu, tools: CpuTools): DesignParts {
    const { config, skbs, devices } = this.tables;
    const refs = new BindingRefs(skbs, this.bindings, this.#isPerFragment);
    const filler = new BindingFiller({
      skbs,
      bindings: this.bindings,
      refs,
      ranges: new MemoryRanges(cpu, skbs, config.userMemory.pageBytes, { ...tools.copies, windows: this.windows }),
      ofQueues: devices.ofQueues,
      isDatagram: config.sockets.traffic === 'datagram',
    });
    return { filler, lifetime: refs, pageFrag: super.partsOf(cpu, tools).pageFrag };
  }

  override sharedMemory(): SharedMemory {
    return new BoundMemory(this.bindings, this.windows);
  }

  protected override holdsPages(_skb: number): boolean {
    return false;
  }

  ownerReferences(): ReferenceCount[] {
    const { skbs } = this.tables;
    const { bindings } = this;
    const expected = new Int32Array(bindings.limits.bindings);
    for (let skb = 0; skb < skbs.count; skb++) {
      const binding = skbs.mark(skb) - 1;
      if (skbs.isFree(skb) || binding < 0) continue;
      expected[binding] = expected[binding]! + (this.#isPerFragment ? skbs.frags(skb) : 1);
    }
    return Array.from(expected, (of, binding) => {
      return { what: `binding ${binding}`, refs: bindings.inFlight(binding), expected: of };
    });
  }

  override close(_cpu: Cpu): void {
    requireCounts(this.ownerReferences());
    for (let binding = 0; binding < this.tables.devices.all.length; binding++) this.bindings.unregister(binding);
  }
}
