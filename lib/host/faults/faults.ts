/** All faults that can be played, by name. */
import { DEVICE_FAULTS } from './device-faults.js';
import type { Fault } from './fault.js';
import { MEMORY_FAULTS } from './memory-faults.js';
import { PAGE_FAULTS } from './page-faults.js';
import { TIME_FAULTS } from './time-faults.js';

export const FAULTS: readonly Fault[] = [...MEMORY_FAULTS, ...DEVICE_FAULTS, ...PAGE_FAULTS, ...TIME_FAULTS];
