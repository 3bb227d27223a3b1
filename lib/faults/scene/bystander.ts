/** A bystander that maps memory of the slot pool: a disk, or a driver that never frees its slots. */
import { NO_ADDRESS } from '../../swiotlb/swiotlb.js';
import { SLOT_SIZE } from '../../units.js';
import type { Scene } from './scene.js';

const DEVICE = { minAlignMask: 0, segmentBoundaryMask: Infinity };
/** The address of its data, as the slot allocator is told. */
const ORIGIN = 4096;

/** Maps slots, one by one, until there are `enough` or none are left. Returns their addresses. */
export function mapSlots({ system, machine }: Scene, enough: number): number[] {
  const { cpu } = machine.runners[0]!;
  const shared = system.designState.sharedMemory();
  const got: number[] = [];
  while (got.length < enough) {
    let address = system.swiotlb.alloc(cpu, DEVICE, ORIGIN, SLOT_SIZE, 0);
    if (address === NO_ADDRESS && shared.reclaim?.(cpu) === true) {
      address = system.swiotlb.alloc(cpu, DEVICE, ORIGIN, SLOT_SIZE, 0);
    }
    if (address === NO_ADDRESS) break;
    got.push(address);
  }
  return got;
}

/** Unmaps slots of `mapSlots`. */
export function unmapSlots({ system, machine }: Scene, addresses: readonly number[]): void {
  for (const address of addresses) system.swiotlb.free(machine.runners[0]!.cpu, DEVICE, address);
}
