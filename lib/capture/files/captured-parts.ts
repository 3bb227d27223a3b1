/** Schemas of what the files of `copytax replay` and `copytax size` have in common, and how such a file is refused. */
import type { z } from 'zod';
import { contentError } from '../../bench/files/read-json.js';
import { later } from '../../schemas.js';

/** A whole number that counts something. */
export const counted = later((z) => z.int().nonnegative());
/** A number that is not below 0: a time, or a mean. */
export const amount = later((z) => z.number().nonnegative());
/** A fraction of a whole. */
export const share = later((z) => z.number().min(0).max(1));

export const unparsedLineSchema = later((z) => z.object({ line: z.int(), text: z.string() }));

export const mappingSummarySchema = later((z) =>
  z.object({
    paired: counted(),
    unpaired: counted(),
    failed: counted(),
    endedEarlier: counted(),
    missedUnmaps: counted(),
    brokenProbes: counted(),
    doubled: counted(),
    restarts: counted(),
  }),
);

const LONGEST_PATH = 120;
const REMEDY = 'take the file as copytax wrote it: this one was edited or damaged';

/**
 * Returns the value as its schema has it, without fields that the schema does not know: those are of later versions.
 * `source` names the file in errors.
 * @throws ERR_RESULT_SCHEMA; `details` has the first path that is wrong, the reason, and what to do
 */
export function checkedCapture<Schema extends z.ZodType>(
  schema: Schema,
  name: string,
  value: unknown,
  source: string,
): z.output<Schema> {
  const { data, error } = schema.safeParse(value);
  if (error === undefined) return data as z.output<Schema>;
  const { path: keys, message } = error.issues[0]!;
  const path = (keys.join('.') || 'the document').slice(0, LONGEST_PATH);
  throw contentError(source, `is not a whole ${name} document: ${path}: ${message}`, REMEDY, path);
}
