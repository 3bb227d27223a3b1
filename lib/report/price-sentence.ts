/** The prices of one design in words, for a document about it. */

import type { CellResult, ResultDocument } from '../bench/result/result.js';
import type { LedgerKey } from '../bench/types/ledger-keys.js';
import { KIB } from '../units.js';
import { CORE_PARTS, coresText, costOf, partTexts, printedParts } from './costs/costs.js';
import { measured, ratio } from './tables/format.js';
import { allocOf, hasStopped, type Priced, plusMinus, pricedDesigns, priceSummary } from './tables/prices.js';

const STOPS =
  'In a slot pool that is too small it stops: that was full of payload that was not transmitted, and nothing was ' +
  'sent any more.';

/** Returns what a design costs in a result, in two or three sentences; null if the result has no price of it. */
export function priceSentence(result: ResultDocument, design: string): string | null {
  const priced = pricedDesigns(result).find((one) => one.design === design);
  if (priced === undefined) return null;
  const { cell } = priced;
  const rate = `${measured(cell.summary)} Gbit/s`;
  return [`${rate}${coresClause(cell)}.`, memorySentence(cell), fullSentence(result, priced)].filter(Boolean).join(' ');
}

/** The cores and those of its parts that are not 0 as printed; nothing where no cost is given. */
function coresClause(cell: CellResult): string {
  const cost = costOf(cell);
  if (cost === null) return '';
  const [printed, texts] = [printedParts(cost), partTexts(cost)];
  const parts = CORE_PARTS.filter(({ key }) => Number(printed[key]) !== 0).map(
    ({ key, name }) => `${name} ${texts[key]}`,
  );
  return `, at ${coresText(cost)} cores per 100 Gbit/s: ${parts.join(', ')}`;
}

function memorySentence(cell: CellResult): string {
  const perFlow = (key: LedgerKey) => plusMinus(priceSummary(cell, key, 1 / KIB / Number(cell.params.senders)));
  const alloc = allocOf(cell);
  const held = `${perFlow('slotBytesHeld')} KiB of the slot pool for ${perFlow('payloadBytesHeld')} KiB in flight`;
  const work = alloc === null ? '' : `; slots and pages take ${plusMinus(alloc)} ns per 64 KiB`;
  return `Each flow holds ${held}${work}.`;
}

function fullSentence(result: ResultDocument, { cell, small }: Priced): string {
  const kept = result.ratios.find(({ of, to }) => of === small?.id && to === cell.id);
  if (hasStopped(small)) return STOPS;
  if (small === undefined || kept === undefined) return '';
  const percent = (key: LedgerKey) => plusMinus(priceSummary(small, key, 100));
  const after = `${percent('secondCopyShare')} % of its payload is copied after it was sent`;
  return `In a slot pool that is too small it moves ${ratio(kept)} of that, and ${after}.`;
}
