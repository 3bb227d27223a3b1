import { afterEach, describe, expect, it } from '@jest/globals';
import { machineConfig } from '../../../lib/machine/build/config.js';
import { System } from '../../../lib/machine/build/system.js';
import { assertAreas } from '../../../lib/machine/check/area-invariants.js';
import { copyKernelIndex } from '../../../lib/memory/copy-kernels.js';
import { PAGE_TYPE } from '../../../lib/page/page-type.js';
import { Arena } from '../../../lib/smp/arena.js';
import { PAGE_SIZE } from '../../../lib/units.js';
import { testCpu } from '../../smp/fixtures/cpus.js';
import { broken } from '../fixtures/working-machine.js';

const cpu = testCpu();
const ANY = { minAlignMask: 0, segmentBoundaryMask: Infinity };
const config = machineConfig({ cpus: { copyKernel: copyKernelIndex('libc'), count: 2 }, slotPool: { bytes: 1 << 20 } });
const arena = Arena.for((counting) => new System(counting, config));
const system = new System(arena, config);
const { pool } = system.swiotlb;

afterEach(() => {
  for (let area = 0; area < pool.areas.count; area++) expect(() => pool.areas.lock(cpu, area)).not.toThrow();
});

describe('assertAreas', () => {
  it('accepts areas with slots in use, and with a typed page that has its slots', () => {
    system.reset();
    const address = system.swiotlb.alloc(cpu, ANY, 4096, 5000, 0);
    expect(address).toBeGreaterThan(0);
    assertAreas(system, cpu);
    system.pages.setType(address / PAGE_SIZE, PAGE_TYPE.zeroCopySwiotlb, 1);
    assertAreas(system, cpu);
  });

  it('refuses an area with a wrong count (I1), and unlocks it all the same', () => {
    system.reset();
    pool.areas.addUsed(1, 2);
    expect(() => assertAreas(system, cpu)).toThrow(broken('I1'));
  });

  it('refuses an area in which a slot of a typed page is free (I6)', () => {
    system.reset();
    system.pages.setType(pool.addressOf(4) / PAGE_SIZE, PAGE_TYPE.zeroCopySwiotlb, 1);
    expect(() => assertAreas(system, cpu)).toThrow(broken('I6'));
  });
});
