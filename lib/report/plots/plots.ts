/**
 * The pictures of a result as files: what programs import. Its types name nothing of the library that draws, whose own
 * types need those of a browser.
 */
import type { ResultDocument } from '../../bench/result/result.js';
import { drawn } from './chart.js';
import { withoutCrowds } from './fewer-points.js';
import { charts } from './svg.js';

/** A picture of a result. */
export interface Plot {
  /** Name of the file, without folder. */
  readonly file: string;
  /** The text of an SVG file. */
  readonly svg: string;
}

/** Returns every plot that the result has data for, of at most about 1600 points each. Pure. */
export function plots(result: ResultDocument): Plot[] {
  return charts(result).map((chart) => ({ file: chart.file, svg: drawn(withoutCrowds(chart)) }));
}
