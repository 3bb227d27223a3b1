/**
 * A machine of which only the pages are used: they are taken from its slot pool, and freed by their type at their last
 * put. Loops that time this have it in common, and each calls the parts by itself, so that the engine compiles what is
 * measured and nothing else.
 */
import { machineConfig } from '../../lib/machine/build/config.js';
import { System } from '../../lib/machine/build/system.js';
import { copyKernelIndex } from '../../lib/memory/copy-kernels.js';
import { BouncePages } from '../../lib/page/bounce-pages.js';
import { TypedFolio } from '../../lib/page/free-dispatch.js';
import { PageOwners } from '../../lib/page/page-owners.js';
import { Arena } from '../../lib/smp/arena.js';
import { Cpu } from '../../lib/smp/cpu.js';
import { MIB } from '../../lib/units.js';

const MIN_SLOT_POOL_BYTES = 8 * MIB;

/** Owner: the calling thread, which is its only CPU. */
export interface SlotPages {
  readonly system: System;
  readonly cpu: Cpu;
  /** Pages of the slot pool. */
  readonly bouncePages: BouncePages;
  /** Puts pages of both kinds. */
  readonly folio: TypedFolio;
}

/** Main thread only. `slotPoolBytes`: a power of two; at least 8 MiB are taken. */
export function slotPages(slotPoolBytes: number): SlotPages {
  const config = machineConfig({
    cpus: { copyKernel: copyKernelIndex('libc') },
    slotPool: { bytes: Math.max(slotPoolBytes, MIN_SLOT_POOL_BYTES) },
  });
  const system = new System(
    Arena.for((counting) => new System(counting, config)),
    config,
  );
  system.reset();
  const { pages, bouncePageParts, systemPages, freeing, cpus, copyLedger } = system;
  const bouncePages = new BouncePages(bouncePageParts, 1);
  const owners = new PageOwners(freeing.leaked);
  owners.register('zeroCopySwiotlb', bouncePages);
  const folio = new TypedFolio(pages, systemPages, owners);
  return { system, cpu: new Cpu(0, cpus, copyLedger), bouncePages, folio };
}
