/** Cells that have no result, and why. Pure. */
import type { FailedCell, ResultDocument } from '../bench/result/result.js';
import { MINIMAL_CPU_SHARE } from '../bench/types/ledger-keys.js';
import { count, percent, REPORT_WIDTH, wrap } from './tables/format.js';

const LACKED_CPUS = `in no sample the threads had their CPUs for ${percent(MINIMAL_CPU_SHARE)} of the time`;

/** Returns a sentence for each reason why cells have no result. */
export function failedSentences(failed: readonly FailedCell[]): string[] {
  const still = failed.filter(({ why }) => why === 'nothing moved');
  const threw = failed.filter(({ why }) => why === 'threw');
  const costless = failed.filter(({ why }) => why === 'no cost').map(({ scenario }) => scenario);
  const stillLines = still.map(({ id, samples }) => `${id}: nothing moved in ${count(samples, 'sample')}`);
  const costlessLines = [...new Set(costless)].map((scenario) => {
    const cells = count(costless.filter((other) => other === scenario).length, 'cell');
    return `${scenario}: ${cells} without a cost, because ${LACKED_CPUS}`;
  });
  const absent = failed.filter(({ why }) => why === 'not here');
  const reasons = new Set(absent.map(({ scenario, message }) => JSON.stringify([scenario, message])));
  const absentLines = [...reasons].map((reason) => {
    const cells = absent.filter(({ scenario, message }) => JSON.stringify([scenario, message]) === reason);
    const [{ id, message }, ...others] = cells as [FailedCell, ...FailedCell[]];
    const why = message === undefined ? 'and no reason is told' : `because ${message}`;
    return `${id}${others.length === 0 ? '' : ` and ${count(others.length, 'other')}`}: no value, ${why}`;
  });
  const threwLines = threw.map(({ id, message = 'no message' }) => `${id}: ended with an error: ${message}`);
  return [...stillLines, ...threwLines, ...absentLines, ...costlessLines];
}

/**
 * Returns what is said of the cells that have no result, at most 112 columns wide: a table does not show what it lacks.
 */
export function failedLines({ failed }: Pick<ResultDocument, 'failed'>): string[] {
  return failedSentences(failed).flatMap((line) => wrap(line, REPORT_WIDTH, '  '));
}
