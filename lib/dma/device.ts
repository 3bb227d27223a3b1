/**
 * A device as the DMA layer sees it: which memory it can reach, and under which constraints.
 * Models: the DMA members of struct device. Immutable, so every thread may have a copy.
 */
import { checkOptions } from '../limits.js';
import type { SwiotlbDevice } from '../swiotlb/slots/constraints.js';

export interface DmaDevice extends SwiotlbDevice {
  /** For messages. */
  readonly name: string;
  /** The number in the private word of pages that are allocated for this device; not 0. */
  readonly number: number;
  /** True when the device can reach bounce memory only (encrypted guests, `swiotlb=force`). */
  readonly forceBounce: boolean;
  /**
   * False if it does not snoop the caches: mapped memory is cleaned from them by `Dma`, or after a bounce by the
   * driver.
   */
  readonly isCoherent: boolean;
  /** Highest address that the device can put on its bus, bytes. */
  readonly dmaMask: number;
}

const DEVICE_OPTIONS: readonly (keyof DmaDevice)[] = [
  'name',
  'number',
  'index',
  'forceBounce',
  'isCoherent',
  'dmaMask',
  'addressLimit',
  'minAlignMask',
  'segmentBoundaryMask',
];

/**
 * Returns a network device that can address all memory and has no alignment constraints, unless `overrides` says so.
 */
export function networkDevice(forceBounce: boolean, overrides: Partial<DmaDevice> = {}): DmaDevice {
  checkOptions('networkDevice()', overrides, DEVICE_OPTIONS);
  const { dmaMask = Number.MAX_SAFE_INTEGER } = overrides;
  return {
    name: overrides.name ?? 'eth0',
    number: overrides.number ?? 1,
    index: overrides.index ?? 0,
    forceBounce: overrides.forceBounce ?? forceBounce,
    isCoherent: overrides.isCoherent ?? true,
    dmaMask,
    addressLimit: overrides.addressLimit ?? dmaMask,
    minAlignMask: overrides.minAlignMask ?? 0,
    segmentBoundaryMask: overrides.segmentBoundaryMask ?? Infinity,
  };
}
