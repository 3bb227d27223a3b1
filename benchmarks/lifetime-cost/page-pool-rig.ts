/**
 * Payload in pages of a page pool, each of which is being filled: its count of fragments begins at the bias of
 * the task that fills it. The blocks are those of `PageRig`, made pages of a page pool.
 */
import type { PagePools } from '../../lib/designs/page-pools.js';
import type { System } from '../../lib/machine/build/system.js';
import { FRAGMENT_BIAS } from '../../lib/page/pool/netmem-table.js';
import { type Cpu, TIME } from '../../lib/smp/cpu.js';
import { Meter } from '../../lib/smp/meter.js';
import { PageRig } from './page-rig.js';

const PAGE_POOL = 0;

export class PagePoolRig extends PageRig {
  readonly #state: PagePools;

  /** `system`: of the design `page-pool`. */
  constructor(system: System, cpu: Cpu) {
    const state = system.designState as PagePools;
    const copies = { copyKernel: system.config.cpus.copyKernel, ramRegion: 0, check: false };
    const { lifetime, pageFrag } = state.partsOf(cpu, { copies, refillTime: new Meter(cpu, 0, TIME.refill) });
    super(system, lifetime, pageFrag());
    this.#state = state;
  }

  override fill(cpu: Cpu): void {
    super.fill(cpu);
    for (const pfn of this.pfns) this.#state.netmem.mark(pfn, PAGE_POOL);
  }

  /** Gives the pages their bias again, from which each release has taken. */
  override prepare(): void {
    for (const pfn of this.pfns) this.#state.netmem.setFragments(pfn, FRAGMENT_BIAS);
  }
}
