/** Sends through Linux as text: a table, and the break-even of MSG_ZEROCOPY beside that of the model. Pure. */
import type { CellResult, CrossingResult, ResultDocument } from '../bench/result/result.js';
import type { Column } from '../bench/types/tables.js';
import { crossingLines } from './tables/break-evens.js';
import { columnsTable } from './tables/columns.js';
import { percent, sampleNoun } from './tables/format.js';

const COLUMNS: readonly Column[] = [
  { head: 'way', param: 'way' },
  { head: 'source', param: 'state' },
  { head: 'senders', param: 'senders' },
  { head: 'message', param: 'message', unit: 'bytes' },
  { head: 'ns', value: 'median' },
  { head: 'send', ledger: 'sendNs' },
  { head: 'receive', ledger: 'receiveNs' },
  { head: 'completion', ledger: 'completionNs' },
  { head: 'copy', ledger: 'copyNs' },
  { head: 'control', ledger: 'controlNsPer64K' },
];
const WORDS = 2;
const MODEL = 'zerocopy-break-even';
/** Above this share of sends that were copied after all, a break-even is not one of sending without a copy. */
const FEW = 0.01;

export function linuxSendsTable(cells: readonly CellResult[]): string | null {
  return cells.length === 0 ? null : columnsTable(cells, COLUMNS, WORDS);
}

/** Says whether MSG_ZEROCOPY made no copies: only then what it cost is the price of that. */
export function copiedSentence(cells: readonly CellResult[]): string[] {
  const shares = cells.flatMap(({ ledger }) => ledger.copiedShare ?? []);
  if (shares.length === 0) return [];
  const [least, most] = [Math.min(...shares), Math.max(...shares)];
  if (most === 0) return ['MSG_ZEROCOPY made no copy here: Linux says so of every send.'];
  if (most <= FEW) return [`MSG_ZEROCOPY made hardly a copy here: of at most ${percent(most)} of the sends of a cell.`];
  const share = least === most ? percent(most) : `${percent(least)} to ${percent(most)}`;
  return [
    `MSG_ZEROCOPY did not do without copies here: Linux says that it copied ${share} of the sends after all, so ` +
      'what it costs is the price of both.',
  ];
}

/** The model's answer to the same question; how to get it, where this run has none. */
function modelLines(crossings: readonly CrossingResult[], noun: string): string[] {
  const [first, ...more] = crossingLines(crossings, noun);
  if (first === undefined) return [`Of the model's msg-zerocopy the same is measured by --only ${MODEL}.`];
  return [first, ...more.slice(0, -1)].map((line) => `The model: ${line}.`);
}

/** Returns what stands between table and legend. */
export function linuxSendLines(result: ResultDocument, cells: readonly CellResult[]): string[] {
  const scenario = cells[0]?.scenario;
  const noun = sampleNoun(result);
  const own = result.crossings.filter((one) => one.scenario === scenario);
  if (own.length === 0) return [];
  const model = result.crossings.filter((one) => one.scenario === MODEL);
  return [...crossingLines(own, noun), ...copiedSentence(cells), ...modelLines(model, noun)];
}
