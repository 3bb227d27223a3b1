/** All faults, in the order in which they are played. */
import { LENT_FAULTS } from './designs/lent-faults.js';
import { OWNER_FAULTS } from './designs/owner-faults.js';
import { PAGE_POOL_FAULTS } from './designs/page-pool-faults.js';
import { PINNED_FAULTS } from './designs/pinned-faults.js';
import { REGISTERED_FAULTS } from './designs/registered-faults.js';
import { DEVICE_FAULTS } from './device-faults.js';
import { MAPPING_FAULTS } from './mapping-faults.js';
import { MEMORY_FAULTS } from './memory-faults.js';
import { PAGE_FAULTS } from './page-faults.js';
import { PAYLOAD_FAULTS } from './payload-faults.js';
import { REMOVAL_FAULTS } from './removal-faults.js';
import type { Fault } from './scene/fault.js';
import { SLOT_POOL_FAULTS } from './slot-pool-faults.js';
import { TIME_FAULTS } from './time-faults.js';

export const FAULTS: readonly Fault[] = [
  ...MEMORY_FAULTS,
  ...SLOT_POOL_FAULTS,
  ...MAPPING_FAULTS,
  ...DEVICE_FAULTS,
  ...REMOVAL_FAULTS,
  ...PAGE_FAULTS,
  ...PAYLOAD_FAULTS,
  ...TIME_FAULTS,
  ...PAGE_POOL_FAULTS,
  ...OWNER_FAULTS,
  ...PINNED_FAULTS,
  ...LENT_FAULTS,
  ...REGISTERED_FAULTS,
];
