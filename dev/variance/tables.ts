/**
 * The tables of the experiment, for the terminal and for the page of its results: the components, what they mean for
 * plans of a run, and what was sampled. Pure.
 */
import { table } from '../../lib/report/tables/table.js';
import { COMPONENTS, type ComponentEstimate, type Estimate, estimateComponents } from './components.js';
import { withoutHostState } from './host-state.js';
import { type Series, seriesOf } from './observations.js';
import { outlook, type RunPlan } from './outlook.js';
import { type Centre, LAG_STEPS } from './pairs.js';
import type { VarianceData } from './turn.js';

/** Samples whose threads had less of their CPUs have no cost per byte, and the table of undisturbed ones lacks them. */
export const LEAST_SHARE = 0.95;

export interface Table {
  readonly title: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

const [FIRST, SECOND, THIRD] = LAG_STEPS;
const HEADS: Readonly<Record<(typeof COMPONENTS)[number], string>> = {
  noise: `sample to sample, < ${FIRST} s`,
  seconds: `weather, ${FIRST}-${SECOND} s`,
  minute: `weather, ${SECOND}-${THIRD} s`,
  minutes: `weather, > ${THIRD} s`,
  memory: 'memory',
  threads: 'threads',
  process: 'process',
};

const EACH = 1;
const NEVER = Number.POSITIVE_INFINITY;
/** Plans of a run of some 50 s, of which a scenario that runs alone has about 15. */
const PLANS: readonly (readonly [name: string, plan: RunPlan])[] = [
  ['rounds within 15 s, one memory', plan(20, 15, 1, NEVER, NEVER)],
  ['rounds over 50 s, one memory', plan(20, 50, 1, NEVER, NEVER)],
  ['over 50 s, fresh memory for each round', plan(20, 50, 1, EACH, NEVER)],
  ['the same, and fresh threads for every 5', plan(20, 50, 1, EACH, 5)],
  ['over 50 s each in 5 processes, fresh memory', plan(100, 250, 5, EACH, NEVER)],
];

function plan(
  rounds: number,
  seconds: number,
  processes: number,
  roundsPerMemory: number,
  roundsPerThreads: number,
): RunPlan {
  return { rounds, seconds, processes, roundsPerMemory, roundsPerThreads };
}

const percentOf = (variance: number) => (100 * Math.sqrt(variance)).toFixed(1);

const cellOf = ({ variance, low, high }: ComponentEstimate) =>
  `${percentOf(variance)} [${percentOf(low)}, ${percentOf(high)}]`;

const SEED = 1;
const estimates = (series: readonly Series[], centre: Centre) =>
  series.filter(({ observations }) => observations.length > 1).map((one) => estimateComponents(one, centre, SEED));

function componentTable(title: string, all: readonly Estimate[]): Table {
  const head = ['', ...COMPONENTS.map((name) => HEADS[name])];
  const rows = all.map(({ id, components }) => [id, ...COMPONENTS.map((name) => cellOf(components[name]))]);
  return { title, head, rows };
}

function planTable(all: readonly Estimate[]): Table {
  const shown = all.filter(({ kind }) => kind !== 'copy');
  const rows = PLANS.map(([name, how]) => [
    name,
    ...shown.map(({ components }) => {
      const variances = Object.fromEntries(COMPONENTS.map((one) => [one, components[one].variance]));
      const { has, claims } = outlook(variances as Parameters<typeof outlook>[0], how);
      return `${(100 * has).toFixed(1)} (${(100 * claims).toFixed(1)})`;
    }),
  ]);
  return {
    title: 'The mean of a run from run to run, % (in brackets: what its samples would say), that follows from them',
    head: ['how rounds are taken', ...shown.map(({ id }) => id)],
    rows,
  };
}

/** What was sampled, in one sentence each. */
export function factsOf(data: VarianceData): string[] {
  const { turns, cells, host, settings } = data;
  const distinct = (key: (turn: VarianceData['turns'][number]) => string) => new Set(turns.map(key)).size;
  const samples = turns.flatMap((turn) => turn.samples);
  const starved = samples.filter(([cell, , , share]) => cells[cell]!.kind === 'design' && (share ?? 0) < LEAST_SHARE);
  const designs = samples.filter(([cell]) => cells[cell]!.kind === 'design').length;
  const lastMs = Math.max(0, ...samples.map(([, atMs]) => atMs));
  const trips = samples.flatMap(([, , , , trip]) => trip ?? []).sort((a, b) => a - b);
  const at = (share: number) => trips[Math.floor(share * (trips.length - 1))]!.toFixed(0);
  const minutes = (lastMs / 60_000).toFixed(1);
  const where = `${host.cpus} CPUs of ${host.cpu ?? 'an unknown model'}`;
  const processes = distinct((turn) => `${turn.process}`);
  const threads = distinct((turn) => `${turn.process}:${turn.threads}`);
  const memory = distinct((turn) => `${turn.process}:${turn.memory}`);
  return [
    `${turns.length} turns within ${minutes} minutes on ${where}, samples of ${settings.sampleMs} ms.`,
    `${processes} processes, ${threads} generations of threads, ${memory} of memory.`,
    `${starved.length} of ${designs} samples of designs had less than ${100 * LEAST_SHARE} % of their CPUs, or failed.`,
    trips.length === 0
      ? 'How long a cache line took between the CPUs and back is not known.'
      : `A cache line took ${at(0.1)} to ${at(0.9)} ns between the CPUs and back (10th and 90th percentile).`,
  ];
}

/** Turns below which components would be chance; a minute has about a hundred. */
const LEAST_TURNS = 60;

/** Returns all tables of an experiment; none for too few turns. Takes seconds: components have a bootstrap. */
export function varianceTables(data: VarianceData): Table[] {
  if (data.turns.length < LEAST_TURNS) return [];
  const all = estimates(seriesOf(data), 'median');
  const undisturbed = estimates(seriesOf(data, LEAST_SHARE), 'mean');
  const unseen = estimates(
    seriesOf(data).flatMap((series) => withoutHostState(series) ?? []),
    'median',
  );
  return [
    componentTable('Components, % (standard deviation, with its 95 % interval): all samples, by medians', all),
    componentTable('The same, less what the round trip of a cache line and the pulse explain', unseen),
    componentTable(
      `The same by means, without samples that had less than ${100 * LEAST_SHARE} % of their CPUs`,
      undisturbed,
    ),
    planTable(all),
  ].filter(({ rows }) => rows.length > 0);
}

/** The tables as text. */
export function varianceReport(data: VarianceData): string[] {
  const tables = varianceTables(data).flatMap(({ title, head, rows }) => ['', title, '', table(head, rows, 1)]);
  const few = `Too few turns for components, which take ${LEAST_TURNS}.`;
  return [...factsOf(data), ...(tables.length === 0 ? [few] : tables)];
}

/** The tables for a page: facts, then each with its title. */
export function variancePage(data: VarianceData): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const tables = varianceTables(data).map(({ title, head, rows }) =>
    [
      `${title}:`,
      '',
      line(head),
      line(head.map((_, column) => (column === 0 ? '---' : '--:'))),
      ...rows.map(line),
    ].join('\n'),
  );
  return [factsOf(data).join(' '), ...tables].join('\n\n');
}
