/** Result documents of older schemas, made into documents of this one, step by step: each has one step to the next. */
import { migratedFacts } from '../facts/older-facts.js';

type Json = Readonly<Record<string, unknown>>;

/** The name and version of the format of result documents. */
export const RESULT_SCHEMA = 'copytax.result/3';

/** Samples were rounds. Everything else that is new is optional, or has a default. */
function fromFirst(document: Json): Json {
  return { ...document, schema: 'copytax.result/2', sampledBy: 'round' };
}

/** A run in a series is a document, and has no runs of its own. */
function migratedRun(run: unknown): unknown {
  if (typeof run !== 'object' || run === null || Array.isArray(run)) return run;
  return migrated({ ...run, runs: undefined });
}

function fromSecond(document: Json): Json {
  const machine = migratedFacts(document.machine, 'copytax.result/2');
  const { runs } = document;
  const ofSeries = Array.isArray(runs) ? { runs: runs.map(migratedRun) } : {};
  return { ...document, ...ofSeries, machine, schema: RESULT_SCHEMA };
}

const STEPS = new Map<string, (document: Json) => Json>([
  ['copytax.result/1', fromFirst],
  ['copytax.result/2', fromSecond],
]);

/** Returns a parsed document of any known schema in the form of this one; what is no such document as it is. */
export function migrated(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || !('schema' in value)) return value;
  const step = STEPS.get(String(value.schema));
  return step === undefined ? value : migrated(step(value as Json));
}
