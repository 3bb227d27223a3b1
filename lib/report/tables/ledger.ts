/** What the ledger of a transmit design says of bounces, growth and locks. */
import type { Ledger, LedgerKey } from '../../bench/types/ledger-keys.js';

/** Failures that growth of bounce memory should prevent, and what growth did, in a sample. */
export const GROWTH_PARTS = [
  { key: 'mapFailures', short: 'map failures', help: 'packets requeued because the slot pool was full' },
  { key: 'poolsAdded', short: 'added', help: 'slot pools that were added to stay' },
  { key: 'transientPools', short: 'transient', help: 'slot pools that were added for one mapping' },
] as const satisfies readonly { readonly key: LedgerKey; readonly short: string; readonly help: string }[];

/** Returns the share of the bounced bytes that softirqs copied, or null when nothing bounced. */
export function softirqShare(ledger: Ledger): number | null {
  const { bounceBytes, bounceSoftirqBytes } = ledger;
  return bounceBytes && bounceSoftirqBytes !== undefined ? bounceSoftirqBytes / bounceBytes : null;
}

/** True if bounce memory could grow in this cell, whether it did or not. */
export function couldGrow(ledger: Ledger): boolean {
  return ledger.poolsAdded !== undefined;
}

export interface AreaWaits {
  readonly waits: number;
  readonly waitNs: number;
}

/** Returns waits for the locks of areas, summed over all areas of the first slot pool; 0 if the ledger has none. */
export function areaWaits(ledger: Ledger): AreaWaits {
  const sum = (key: RegExp) =>
    Object.entries<number | undefined>(ledger).reduce(
      (total, [name, value]) => (key.test(name) ? total + (value ?? 0) : total),
      0,
    );
  return { waits: sum(/^area\d+Waits$/), waitNs: sum(/^area\d+WaitNs$/) };
}
