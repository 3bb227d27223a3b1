/**
 * What is kept of each run of a series: every median, ratio and cost with its interval, and how fast the CPUs were. A
 * series of twenty runs is then a file of some hundred KiB, and its figures can be computed again.
 */
import { z } from 'zod';
import { cpuDistance } from '../../lib/bench/result/cpu-distance.js';
import type { ResultDocument } from '../../lib/bench/result/result.js';
import { hasInterval } from '../../lib/bench/statistics/statistics.js';
import { CopytaxError } from '../../lib/errors.js';
import { ALTERNATIVE, cellOf, conditions, headline, ratioToBaseline } from '../../lib/report/tables/conditions.js';
import { hostLine } from '../../lib/report/tables/host-line.js';

export const SERIES_SCHEMA = 'copytax.repeatability/1';

/** The kinds of numbers that have an interval. */
export const KINDS = ['median', 'ratio', 'cores', 'difference'] as const;
export type Kind = (typeof KINDS)[number];

const rowSchema = z
  .tuple([z.enum(KINDS), z.string(), z.string(), z.number(), z.number(), z.number()])
  .describe('kind, scenario, id of the cell or ratio, median, and the ends of its interval');

const runSchema = z.object({
  created: z.string(),
  seed: z.int(),
  seconds: z.number(),
  pulses: z.int().describe('samples that have a pulse'),
  atFullSpeed: z.int().describe('of them'),
  distanceNs: z
    .tuple([z.number(), z.number()])
    .optional()
    .describe('round trip of a cache line between the CPUs, over the run: 10th and 90th percentile'),
  warnings: z.array(z.string()),
  rows: z.array(rowSchema),
});

/** What all runs of a series have in common. */
const commonSchema = z.object({
  host: z.string(),
  fingerprint: z.string().nullable().describe('null: not known, as the host tells too little'),
  version: z.string(),
  commit: z.string().nullable(),
  settings: z.record(z.string(), z.unknown()).describe('of each run, but for its seed'),
  headline: z.string().nullable().describe('id of the ratio that a verdict speaks of'),
});

export const seriesSchema = z.object({
  schema: z.literal(SERIES_SCHEMA),
  ...commonSchema.shape,
  runs: z.array(runSchema),
});

export type Row = z.infer<typeof rowSchema>;
export type RunSummary = z.infer<typeof runSchema>;
export type Common = z.infer<typeof commonSchema>;
export type Series = z.infer<typeof seriesSchema>;

const DIGITS = 5;
const rounded = (value: number) => Number(value.toPrecision(DIGITS));

interface Ends {
  readonly median: number;
  readonly low: number;
  readonly high: number;
}

function row(kind: Kind, scenario: string, id: string, { median, low, high }: Ends): Row {
  return [kind, scenario, id, rounded(median), rounded(low), rounded(high)];
}

function headlineOf(run: ResultDocument): string | null {
  const condition = headline(conditions(run));
  const cell = condition === null ? undefined : cellOf(condition, ALTERNATIVE);
  return cell === undefined ? null : (ratioToBaseline(run, condition!, cell)?.id ?? null);
}

/** Returns what a run has in common with the others of its series. */
export function commonOf(run: ResultDocument): Common {
  const { seed: _seed, ...settings } = run.settings;
  const { version, commit } = run.environment;
  const { fingerprint } = run.machine;
  const common = { host: hostLine(run), fingerprint, version, commit, settings, headline: headlineOf(run) };
  return JSON.parse(JSON.stringify(common)) as Common;
}

/** Returns what is kept of a run. A number that was measured once has no interval and is left out. */
export function summaryOf(run: ResultDocument): RunSummary {
  const { environment, settings, seconds, pulse, warnings, results, ratios, costDifferences } = run;
  const distance = cpuDistance(run);
  const ends =
    distance === null ? {} : { distanceNs: [rounded(distance.low), rounded(distance.high)] as [number, number] };
  return {
    created: environment.created,
    seed: settings.seed,
    seconds: rounded(seconds),
    pulses: pulse?.samples ?? 0,
    atFullSpeed: pulse?.atFullSpeed ?? 0,
    ...ends,
    warnings: warnings.map(({ code }) => code),
    rows: [
      ...results
        .filter(({ summary }) => hasInterval(summary))
        .map(({ scenario, id, summary }) => row('median', scenario, id, summary)),
      ...ratios.filter(hasInterval).map((ratio) => row('ratio', ratio.scenario, ratio.id, ratio)),
      ...results.flatMap(({ scenario, id, cores }) => (cores === undefined ? [] : [row('cores', scenario, id, cores)])),
      ...costDifferences.map((difference) => row('difference', difference.scenario, difference.id, difference)),
    ],
  };
}

/** Checks a parsed file, which `source` names in errors. @throws ERR_RESULT_SCHEMA */
export function parseSeries(value: unknown, source: string): Series {
  const parsed = seriesSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0]!;
  const path = issue.path.join('.') || 'the document';
  const message = `${source} is not a ${SERIES_SCHEMA} document: ${path}: ${issue.message}`;
  throw new CopytaxError('ERR_RESULT_SCHEMA', message, { source, path });
}
