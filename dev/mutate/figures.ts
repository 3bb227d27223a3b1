/** The findings of a mutation run as text, and as the file from which `npm run docs` writes docs/mutations.md. */
import { z } from 'zod';
import { CopytaxError } from '../../lib/errors.js';
import { readJson, writeWhole } from '../files/json-file.js';
import type { Finding } from './mutation-run.js';
import type { PlantKind } from './plant.js';

/** The findings of one run, as they are kept. */
export interface MutationFigures {
  readonly schema: 'copytax.mutations/1';
  /** ISO 8601. */
  readonly created: string;
  readonly node: string;
  readonly findings: readonly Finding[];
}

const FIGURES = z.object({
  schema: z.literal('copytax.mutations/1'),
  created: z.iso.datetime(),
  node: z.string(),
  findings: z.array(
    z.object({
      name: z.string(),
      kind: z.string(),
      file: z.string(),
      outcome: z.enum(['noticed', 'survived', 'stale']),
      by: z.string().nullable(),
    }),
  ),
});

const count = (findings: readonly Finding[], outcome: Finding['outcome']) =>
  findings.filter((one) => one.outcome === outcome).length;

/** Returns the findings of several runs, each plant once with its latest, in the order of `names`; no others. */
export function joined(names: readonly string[], ...runs: readonly (readonly Finding[])[]): Finding[] {
  const latest = new Map(runs.flat().map((finding) => [finding.name, finding]));
  return names.flatMap((name) => latest.get(name) ?? []);
}

/** Returns the findings of each kind, in the order in which kinds first occur. */
export function byKind(findings: readonly Finding[]): Map<PlantKind, Finding[]> {
  const kinds = new Map<PlantKind, Finding[]>();
  for (const finding of findings) kinds.set(finding.kind, [...(kinds.get(finding.kind) ?? []), finding]);
  return kinds;
}

/** `N noticed, M survived`, and how many were stale if any was. */
export function totals(findings: readonly Finding[]): string {
  const stale = count(findings, 'stale');
  const end = stale === 0 ? '' : `, ${stale} stale`;
  return `${count(findings, 'noticed')} noticed, ${count(findings, 'survived')} survived${end}`;
}

/** What became of one plant, in a few words. */
export function endingOf({ outcome, by }: Finding): string {
  return outcome === 'noticed' ? `noticed by ${by}` : outcome;
}

/** The findings as text, by kind, with the totals at the end. */
export function findingsText(findings: readonly Finding[]): string {
  const kinds = [...byKind(findings)].map(([kind, ones]) => {
    const lines = ones.map((one) => `  ${one.name} (${one.file}): ${endingOf(one)}`);
    return [`${kind}: ${totals(ones)}`, ...lines].join('\n');
  });
  return [...kinds, totals(findings)].join('\n\n');
}

/** The findings as Markdown: a table of kinds, one of all plants, and the totals above both. */
export function findingsPage({ created, node, findings }: MutationFigures): string {
  const table = (head: readonly string[], rows: readonly (readonly string[])[]) =>
    [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
  const kinds = [...byKind(findings)];
  const perKind = kinds.map(([kind, ones]) => [
    kind,
    ...(['noticed', 'survived'] as const).map((outcome) => `${count(ones, outcome)}`),
  ]);
  const perPlant = kinds.flatMap(([, ones]) => ones.map((one) => [one.name, `\`${one.file}\``, endingOf(one)]));
  return [
    `${totals(findings)}, of ${findings.length}, on ${created.slice(0, 10)} with Node ${node}.`,
    table(['kind', 'noticed', 'survived'], perKind),
    table(['planted', 'in', 'ended'], perPlant),
  ].join('\n\n');
}

/** Replaces the file in one step. @throws ERR_RESULT_FILE; the previous content is then still there */
export function writeFigures(path: string, figures: MutationFigures): void {
  const { findings, ...head } = figures;
  const lines = Object.entries(head).map(([name, value]) => `${JSON.stringify(name)}: ${JSON.stringify(value)},`);
  const rows = findings.map((finding) => JSON.stringify(finding)).join(',\n');
  writeWhole(path, `{\n${lines.join('\n')}\n"findings": [\n${rows}\n]\n}\n`);
}

/** @throws ERR_RESULT_FILE if it cannot be read, ERR_RESULT_SCHEMA if it does not hold the findings of a run */
export function readFigures(path: string): MutationFigures {
  const read = FIGURES.safeParse(readJson(path));
  if (read.success) return read.data as MutationFigures;
  const reason = z.prettifyError(read.error);
  throw new CopytaxError('ERR_RESULT_SCHEMA', `${path} holds no findings of a mutation run`, { source: path, reason });
}
