/** What the ledger of a transmit design says about CPU time: the parts of a core that 100 Gbit/s cost. */
import type { Ledger, LedgerKey } from '../../bench/plan/ledger-keys.js';

/** The parts, in the order of a report. */
export const CORE_PARTS = [
  { key: 'coresUser', name: 'user copy', short: 'user' },
  { key: 'coresBounce', name: 'bounce copy', short: 'bounce' },
  { key: 'coresSlotPage', name: 'slot and page work', short: 'slot+page' },
  { key: 'coresLockWait', name: 'waiting for locks', short: 'locks' },
  { key: 'coresRest', name: 'rest of the control plane', short: 'rest' },
] as const satisfies readonly { readonly key: LedgerKey; readonly name: string; readonly short: string }[];

/** Failures that growth of bounce memory should prevent, and what growth did, in a sample. */
export const GROWTH_PARTS = [
  { key: 'mapFailures', short: 'map failures', help: 'packets requeued because the slot pool was full' },
  { key: 'poolsAdded', short: 'added', help: 'slot pools that were added to stay' },
  { key: 'transientPools', short: 'transient', help: 'slot pools that were added for one mapping' },
] as const satisfies readonly { readonly key: LedgerKey; readonly short: string; readonly help: string }[];

/** Returns cores per 100 Gbit/s, summed over all parts, or null when the ledger has none of them. */
export function coresTotal(ledger: Ledger): number | null {
  const parts = CORE_PARTS.flatMap(({ key }) => ledger[key] ?? []);
  return parts.length === 0 ? null : parts.reduce((total, part) => total + part, 0);
}

/** Returns the share of the bounced bytes that softirqs copied, or null when nothing bounced. */
export function softirqShare(ledger: Ledger): number | null {
  const { bounceBytes, bounceSoftirqBytes } = ledger;
  return bounceBytes && bounceSoftirqBytes !== undefined ? bounceSoftirqBytes / bounceBytes : null;
}

/** Returns the nanoseconds of a bounce copy per 64 KiB, or null when nothing bounced. */
export function bounceNsPer64K(ledger: Ledger): number | null {
  const { bounceBytes, bounceNs } = ledger;
  return bounceBytes && bounceNs !== undefined ? (bounceNs / bounceBytes) * 65536 : null;
}

export interface PartChange {
  readonly name: string;
  /** Cores per 100 Gbit/s; positive when `to` needs more. */
  readonly cores: number;
}

/** Returns the parts in which `to` differs from `from` by at least a hundredth of a core, the largest change first. */
export function changes(from: Ledger, to: Ledger): PartChange[] {
  return CORE_PARTS.flatMap(({ key, name }) => {
    const [before, after] = [from[key], to[key]];
    return before === undefined || after === undefined ? [] : { name, cores: after - before };
  })
    .filter(({ cores }) => Math.abs(cores) >= 0.01)
    .sort((a, b) => Math.abs(b.cores) - Math.abs(a.cores));
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
