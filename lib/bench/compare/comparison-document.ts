/** A comparison as the document of `copytax compare --json`: what the text says, and the rows that it leaves out. */
import { packageVersion } from '../../package-facts.js';
import { lastLevelCacheBytes } from '../facts/memory/last-level-cache.js';
import type { Difference } from './compare-groups.js';
import { COMPARISON_SCHEMA, type Comparison, knowsItsRuns } from './comparison.js';
import type { ComparisonDocument } from './comparison-schema.js';
import { type ConditionVerdict, rowOfKey } from './fail-condition.js';
import type { LoadedGroups } from './read-groups.js';
import type { RunFacts } from './run-facts.js';

export interface DocumentParts extends Pick<LoadedGroups, 'repeated' | 'shared'> {
  readonly comparison: Comparison;
  readonly conditions: readonly ConditionVerdict[];
  readonly notMeasured: string;
}

function runOf(run: RunFacts): ComparisonDocument['groups'][number]['runs'][number] {
  const { source, created, complete, machine, cpus, distance, copies, warnings, failed } = run;
  return {
    source,
    created,
    complete,
    fingerprint: machine.fingerprint,
    cpus: [...cpus],
    distanceNs: distance,
    copies,
    lastLevelCacheBytes: lastLevelCacheBytes(machine, cpus),
    warnings: [...warnings],
    failed: failed.map(({ id, why, message }) => ({ id, why, message })),
  };
}

function rowOf({ row, ...numbers }: Difference): ComparisonDocument['compared'][number]['rows'][number] {
  const { kind, id, scenario, unit, higherIsBetter } = row;
  return { kind, id, scenario, unit, higherIsBetter, ...numbers };
}

function conditionOf(
  { condition, failed, told, met, untold }: ConditionVerdict,
  { groups }: Comparison,
): ComparisonDocument['conditions'][number] {
  const nameOf = (group: number) => groups[group]!.name;
  return {
    condition: condition.text,
    failed,
    told,
    met: met.map(({ group, kind, id, value }) => ({ kind, id, group: nameOf(group), value })),
    untold: untold.map(({ group, kind, id, reason }) => ({ kind, id, group: nameOf(group), reason })),
  };
}

export function comparisonDocument(parts: DocumentParts): ComparisonDocument {
  const { comparison, conditions, repeated, shared, notMeasured } = parts;
  const { mode, minimalEffect, isStrict, groups, unlikes, compared } = comparison;
  return {
    schema: COMPARISON_SCHEMA,
    version: packageVersion(),
    mode,
    minimalEffect,
    strict: isStrict,
    groups: groups.map(({ name, runs }) => ({ name, runs: runs.map(runOf) })),
    unlike: unlikes.map(({ values, ...unlike }) => ({ ...unlike, values: values.map((own) => [...own]) })),
    repeated: [...repeated],
    shared: [...shared],
    compared: compared.map((one) => ({
      group: groups[one.group]!.name,
      method: one.method,
      variationFrom: one.method === 'runs' || knowsItsRuns(comparison, one.group) ? 'runs' : 'intervals',
      placeNs: one.place,
      rows: one.differences.map(rowOf),
      onlyBase: one.onlyBase.map(rowOfKey),
      onlyOther: one.onlyOther.map(rowOfKey),
    })),
    conditions: conditions.map((verdict) => conditionOf(verdict, comparison)),
    notMeasured,
  };
}
