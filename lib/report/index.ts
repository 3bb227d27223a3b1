/** Reports: pure functions from a result document to text and pictures. */

export { type Plot, plots } from './plots/svg.js';
export { textReport } from './text.js';
export { LOWER_BOUND, verdict } from './verdict.js';
