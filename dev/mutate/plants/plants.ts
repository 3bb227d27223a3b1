/** All errors that `npm run mutate` plants, by kind. */
import type { Plant } from '../plant.js';
import { ARITHMETIC } from './arithmetic.js';
import { CONCURRENCY } from './concurrency.js';
import { INSTRUMENT } from './instrument.js';
import { PUBLICATION } from './publication.js';

export const PLANTS: readonly Plant[] = [...CONCURRENCY, ...PUBLICATION, ...INSTRUMENT, ...ARITHMETIC];
