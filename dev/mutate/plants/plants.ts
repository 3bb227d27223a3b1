/** All errors that `npm run mutate` plants, by kind. */
import type { Plant } from '../plant.js';
import { ARITHMETIC } from './arithmetic.js';
import { CACHES } from './caches.js';
import { CAPTURES } from './captures.js';
import { COUNTERS } from './counters.js';
import { COUNTS_IN_TWO } from './counts.js';
import { INSTRUMENT } from './instrument.js';
import { LOCKS } from './locks.js';
import { MARKS_IN_TWO } from './marks.js';
import { NETWORK } from './network.js';
import { PICTURES } from './pictures.js';
import { PUBLICATION } from './publication.js';
import { STEPS } from './steps.js';
import { TABLE_LOCKS } from './table-locks.js';

export const PLANTS: readonly Plant[] = [
  ...LOCKS,
  ...TABLE_LOCKS,
  ...STEPS,
  ...COUNTS_IN_TWO,
  ...MARKS_IN_TWO,
  ...PUBLICATION,
  ...INSTRUMENT,
  ...ARITHMETIC,
  ...CAPTURES,
  ...CACHES,
  ...COUNTERS,
  ...PICTURES,
  ...NETWORK,
];
