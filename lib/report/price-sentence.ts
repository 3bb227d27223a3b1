/** The prices of one design in words, for a document about it. */
import type { LedgerKey } from '../bench/plan/ledger-keys.js';
import type { CellResult, ResultDocument } from '../bench/result/result.js';
import { KIB } from '../units.js';
import { measured, ratio } from './tables/format.js';
import { CORE_PARTS } from './tables/ledger.js';
import {
  coresSummary,
  coresText,
  hasStopped,
  type Priced,
  plusMinus,
  pricedDesigns,
  priceSummary,
} from './tables/prices.js';

const STOPS =
  'In a slot pool that is too small it stops: that was full of payload that was not transmitted, and nothing was ' +
  'sent any more.';

/** Returns what a design costs in a result, in two or three sentences; null if the result has no price of it. */
export function priceSentence(result: ResultDocument, design: string): string | null {
  const priced = pricedDesigns(result).find((one) => one.design === design);
  if (priced === undefined) return null;
  const { cell } = priced;
  const parts = CORE_PARTS.flatMap(({ key, name }) => {
    const part = priceSummary(cell, key);
    return part === null || Number(part.median.toFixed(2)) === 0 ? [] : [`${name} ${coresText(part)}`];
  });
  const rate = `${measured(cell.summary)} Gbit/s`;
  const cores = `${coresText(coresSummary(cell))} cores per 100 Gbit/s: ${parts.join(', ')}`;
  return [`${rate}, at ${cores}.`, memorySentence(cell), fullSentence(result, priced)].filter(Boolean).join(' ');
}

function memorySentence(cell: CellResult): string {
  const perFlow = (key: LedgerKey) => plusMinus(priceSummary(cell, key, 1 / KIB / Number(cell.params.senders)));
  const alloc = plusMinus(priceSummary(cell, 'allocNsPer64K'));
  const held = `${perFlow('slotBytesHeld')} KiB of the slot pool for ${perFlow('payloadBytesHeld')} KiB in flight`;
  return `Each flow holds ${held}; slots and pages take ${alloc} ns per 64 KiB.`;
}

function fullSentence(result: ResultDocument, { cell, small }: Priced): string {
  const kept = result.ratios.find(({ of, to }) => of === small?.id && to === cell.id);
  if (hasStopped(small)) return STOPS;
  if (small === undefined || kept === undefined) return '';
  const percent = (key: LedgerKey) => plusMinus(priceSummary(small, key, 100));
  const after = `${percent('secondCopyShare')} % of its payload is copied after it was sent`;
  return `In a slot pool that is too small it moves ${ratio(kept)} of that, and ${after}.`;
}
