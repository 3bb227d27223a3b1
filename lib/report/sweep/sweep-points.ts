/** The points of a sweep: conditions under which both the conventional path and bounce pages moved something. */
import type { CellResult, ResultDocument } from '../../bench/result/result.js';
import { ALTERNATIVE, BASELINE, type Condition, cellOf, ratioToBaseline } from '../tables/conditions.js';
import { ratio } from '../tables/format.js';

export interface Point {
  readonly params: Condition['params'];
  readonly conventional: CellResult;
  readonly alternative: CellResult;
  readonly senders: number;
  readonly queues: number;
  readonly message: number;
  /** The rate of bounce-pages in multiples of that of bounce; and the same as text, with its interval. */
  readonly gain: number;
  readonly gainText: string;
}

export function rateOf({ summary }: CellResult): number {
  return summary.median;
}

export function pointsOf(result: ResultDocument, all: readonly Condition[]): Point[] {
  return all.flatMap((condition) => {
    const { params } = condition;
    const [conventional, alternative] = [cellOf(condition, BASELINE), cellOf(condition, ALTERNATIVE)];
    const measured = alternative && ratioToBaseline(result, condition, alternative);
    if (!conventional || !alternative || !measured) return [];
    const senders = Number(params.senders);
    const queues = Number(params.queues);
    const message = Number(params.message);
    const gain = { gain: measured.median, gainText: ratio(measured) };
    return [{ params, conventional, alternative, senders, queues, message, ...gain }];
  });
}
