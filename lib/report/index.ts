/** Reports: pure functions from a result document to text. Pictures are `copytax/plots`. */

export { SUBJECTS, type Subject } from './own-words.js';
export { type ReportOptions, textReport } from './text.js';
export { LOWER_BOUND, verdict } from './verdict.js';
