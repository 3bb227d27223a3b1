/**
 * Schemas of lists of numbers. Most of a result file is such lists, and zod, which looks at each item by itself and
 * copies it, took a third of the time of reading one. A list that is right is checked in one loop, and kept; one that
 * is not goes to zod, which says what is wrong.
 */
import type { z } from 'zod';
import { zod } from '../../schemas.js';

type Run = (payload: { value: unknown; issues: unknown[] }, context: unknown) => unknown;

/** Makes a schema let values pass at once that `isRight`. */
function passing<Schema extends z.ZodType>(schema: Schema, isRight: (value: unknown) => boolean): Schema {
  const internals = schema._zod as unknown as { run: Run };
  const { run } = internals;
  internals.run = (payload, context) => (isRight(payload.value) ? payload : run(payload, context));
  return schema;
}

function isNumbers(value: unknown): boolean {
  if (!Array.isArray(value)) return false;
  for (let at = 0; at < value.length; at++) if (!Number.isFinite(value[at])) return false;
  return true;
}

function isNumbersOrNulls(value: unknown): boolean {
  if (!Array.isArray(value)) return false;
  for (let at = 0; at < value.length; at++) if (value[at] !== null && !Number.isFinite(value[at])) return false;
  return true;
}

const isLists = (value: unknown) => Array.isArray(value) && value.every(isNumbers);

/** Zod makes another schema of one that is described later. */
const described = <Schema extends z.ZodType>(schema: Schema, description?: string): Schema =>
  description === undefined ? schema : schema.describe(description);

/** As `z.array(z.number())`, described. */
export const numberList = (description?: string) =>
  passing(described(zod().array(zod().number()), description), isNumbers);

/** As `z.array(z.number().nullable())`, described. */
export const numberOrNullList = (description?: string) =>
  passing(described(zod().array(zod().number().nullable()), description), isNumbersOrNulls);

/** As `z.array(z.array(z.number()))`, described. */
export const numberLists = (description?: string) =>
  passing(described(zod().array(zod().array(zod().number())), description), isLists);
