/** What the ledger of a transmit design says about CPU time: the parts of a core that 100 Gbit/s cost. */
import type { Ledger, LedgerKey } from '../../bench/plan/ledger-keys.js';

/** In the order of a report; the bounce copy stands where the argument is. */
export const CORE_PARTS = [
  { key: 'coresUser', name: 'user copy', short: 'user' },
  { key: 'coresBounce', name: 'bounce copy', short: 'bounce' },
  { key: 'coresSlotPage', name: 'slot and page work', short: 'slot+page' },
  { key: 'coresLockWait', name: 'waiting for locks', short: 'locks' },
  { key: 'coresRest', name: 'rest of the control plane', short: 'rest' },
] as const satisfies readonly { readonly key: LedgerKey; readonly name: string; readonly short: string }[];

/** What growth of bounce memory did in a sample, and what it is there to prevent. */
export const GROWTH_PARTS = [
  { key: 'mapFailures', short: 'map failures', help: 'packets requeued because the slot pool was full' },
  { key: 'poolsAdded', short: 'added', help: 'slot pools that were added to stay' },
  { key: 'transientPools', short: 'transient', help: 'slot pools that were added for one mapping' },
] as const satisfies readonly { readonly key: LedgerKey; readonly short: string; readonly help: string }[];

/** Cores per 100 Gbit/s over all parts, or null when the ledger has none of them. */
export function coresTotal(ledger: Ledger): number | null {
  const parts = CORE_PARTS.flatMap(({ key }) => ledger[key] ?? []);
  return parts.length === 0 ? null : parts.reduce((total, part) => total + part, 0);
}

/** Share of bounced bytes that were copied in softirq context, or null when nothing was bounced. */
export function softirqShare(ledger: Ledger): number | null {
  const { bounceBytes, bounceSoftirqBytes } = ledger;
  return bounceBytes && bounceSoftirqBytes !== undefined ? bounceSoftirqBytes / bounceBytes : null;
}

/** Nanoseconds that a bounce copy takes per 64 KiB, or null when nothing was bounced. */
export function bounceNsPer64K(ledger: Ledger): number | null {
  const { bounceBytes, bounceNs } = ledger;
  return bounceBytes && bounceNs !== undefined ? (bounceNs / bounceBytes) * 65536 : null;
}

export interface PartChange {
  readonly name: string;
  /** Cores per 100 Gbit/s; positive when `to` needs more. */
  readonly cores: number;
}

/** Where `to` differs from `from`, the largest change first; changes below a hundredth of a core are left out. */
export function changes(from: Ledger, to: Ledger): PartChange[] {
  return CORE_PARTS.flatMap(({ key, name }) => {
    const [before, after] = [from[key], to[key]];
    return before === undefined || after === undefined ? [] : { name, cores: after - before };
  })
    .filter(({ cores }) => Math.abs(cores) >= 0.01)
    .sort((a, b) => Math.abs(b.cores) - Math.abs(a.cores));
}

/** Did bounce memory grow in this cell, or could it have? */
export function couldGrow(ledger: Ledger): boolean {
  return ledger.poolsAdded !== undefined;
}

export interface AreaWaits {
  readonly waits: number;
  readonly waitNs: number;
}

/** Waits for the locks of areas, over all areas of the pool from start-up; of a ledger without any: nothing. */
export function areaWaits(ledger: Ledger): AreaWaits {
  const sum = (key: RegExp) =>
    Object.entries<number | undefined>(ledger).reduce(
      (total, [name, value]) => (key.test(name) ? total + (value ?? 0) : total),
      0,
    );
  return { waits: sum(/^area\d+Waits$/), waitNs: sum(/^area\d+WaitNs$/) };
}
