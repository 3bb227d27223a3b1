/** A mapping for tests, with what matters to them. */
import type { CapturedMapping } from '../../lib/capture/mappings/captured-mapping.js';

export function mappingOf(given: Partial<CapturedMapping> = {}): CapturedMapping {
  return {
    id: 1,
    timeNs: 0,
    cpu: 0,
    context: 'process',
    device: 'e',
    size: 64,
    address: 0x1000,
    direction: null,
    slot: null,
    ...given,
  };
}
