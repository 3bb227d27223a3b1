/**
 * What the transmit designs would move if all that is neither a copy nor slot and page work nor a lock took as long as
 * in this host's own Linux: the rest of their cost is replaced by what Linux takes to send as much, and the rate of
 * each round changes as its cost does. Computed, not measured: docs/kernel-control-plane.md. Pure.
 */
import type { CellResult, RatioResult } from '../types/cells.js';
import type { ComputedRatio, ComputedValue, LinuxControl } from '../types/cores.js';
import { CORE_KEYS, NS_PER_64K_PER_CORE } from '../types/ledger-keys.js';
import { pairedRatio } from './paired-ratio.js';
import { present, type Samples, summarize } from './statistics.js';

/** Of the scenario that has the designs. */
const DESIGNS = 'tx-designs';
/** The cell whose control plane is taken: what the designs send, and as they do: by TCP, from hot memory. */
const SENDS = { scenario: 'kernel-send', way: 'tcp', state: 'hot', message: 65536, senders: 1 } as const;

/**
 * Returns the rate of each round with another rest; null where a round has no rate or no cost. `rest`: cores per 100
 * Gbit/s, of which a negative one counts as none.
 */
export function exchangedRates({ samples, ledgerSamples }: CellResult, rest: number): (number | null)[] {
  return samples.map((rate, round) => {
    const parts = CORE_KEYS.map((key) => ledgerSamples?.[key]?.[round] ?? null);
    if (rate === null || parts.includes(null)) return null;
    const total = parts.reduce((sum: number, part) => sum + part!, 0);
    const exchanged = total - parts[CORE_KEYS.indexOf('coresRest')]! + Math.max(0, rest);
    return exchanged > 0 && total > 0 ? (rate * total) / exchanged : null;
  });
}

/** The three rests: the median of what Linux takes, and both ends of its interval. */
type Rests<Value> = { readonly median: Value; readonly low: Value; readonly high: Value };

/** From the lowest end at any of the three rests to the highest: as wide as both intervals together can make it. */
function widest(of: Rests<ComputedValue>): ComputedValue {
  const all = [of.median, of.low, of.high];
  return {
    median: of.median.median,
    low: Math.min(...all.map(({ low }) => low)),
    high: Math.max(...all.map(({ high }) => high)),
  };
}

function atAll<Value>(rests: Rests<number>, of: (rest: number) => Value): Rests<Value> {
  return { median: of(rests.median), low: of(rests.low), high: of(rests.high) };
}

function allThere<Value>(of: Rests<Value | null>): Rests<Value> | null {
  return of.median === null || of.low === null || of.high === null ? null : (of as Rests<Value>);
}

function summaryOf(samples: Samples): ComputedValue | null {
  if (present(samples).length === 0) return null;
  const { median, low, high } = summarize(samples);
  return { median, low, high };
}

function ratioOf(of: Samples, to: Samples): ComputedValue | null {
  const found = pairedRatio(of, to);
  return found === null ? null : { median: found.median, low: found.low, high: found.high };
}

/**
 * Returns what the designs of a result would move, and the ratios of these rates; null unless both the designs, with
 * the costs of their rounds, and the sends of Linux were measured. The ends of an interval are the outermost of those
 * over rounds, at the median of what Linux takes and at both ends of its interval.
 */
export function linuxControlOf(cells: readonly CellResult[], ratios: readonly RatioResult[]): LinuxControl | null {
  const { scenario, ...params } = SENDS;
  const sends = cells.find(
    (cell) =>
      cell.scenario === scenario && Object.entries(params).every(([name, value]) => cell.params[name] === value),
  );
  const controlNsPer64K = summaryOf(sends?.ledgerSamples?.controlNsPer64K ?? []);
  if (controlNsPer64K === null) return null;
  const { median, low, high } = controlNsPer64K;
  const rests = atAll({ median, low, high }, (ns) => ns / NS_PER_64K_PER_CORE);
  const exchanged = new Map(
    cells
      .filter((cell) => cell.scenario === DESIGNS)
      .map((cell) => [cell.id, atAll(rests, (rest) => exchangedRates(cell, rest))]),
  );
  const rates = [...exchanged].flatMap(([id, at]) => {
    const values = allThere({ median: summaryOf(at.median), low: summaryOf(at.low), high: summaryOf(at.high) });
    return values === null ? [] : [{ id, ...widest(values) }];
  });
  const computedRatios = ratios.flatMap(({ id, of, to }): ComputedRatio[] => {
    const [above, below] = [exchanged.get(of), exchanged.get(to)];
    if (above === undefined || below === undefined) return [];
    const values = allThere({
      median: ratioOf(above.median, below.median),
      low: ratioOf(above.low, below.low),
      high: ratioOf(above.high, below.high),
    });
    return values === null ? [] : [{ id, of, to, ...widest(values) }];
  });
  return rates.length === 0 ? null : { controlNsPer64K, rates, ratios: computedRatios };
}
