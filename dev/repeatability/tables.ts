/** A series as text: how often intervals of two runs overlap, the headline, and each run. Pure. */
import { count } from '../../lib/report/tables/format.js';
import { table } from '../../lib/report/tables/table.js';
import { type Agreement, agreements, type Headline, headlineOver, inOnePlace } from './agreement.js';
import type { Kind, RunSummary, Series } from './run-summary.js';

/** What the half width of the headline's interval should not exceed in a default run. */
export const BOUND = 0.12;

const NAMES: Readonly<Record<Kind, string>> = {
  median: 'medians',
  ratio: 'ratios',
  cores: 'cores',
  difference: 'differences of cores',
};

const tenths = (share: number | null) => (share === null ? '-' : (100 * share).toFixed(1));
const shareOf = (part: number, whole: number) => (whole === 0 ? '-' : tenths(part / whole));

function agreementRow(one: Agreement): string[] {
  return [
    one.scenario === null ? NAMES[one.kind] : `  ${one.scenario}`,
    String(one.numbers),
    String(one.pairs),
    shareOf(one.overlapping, one.pairs),
    shareOf(one.holding, one.intervals),
    tenths(one.halfWidth),
    tenths(one.deviation),
  ];
}

function agreementTable(series: Series): string {
  const head = ['', 'numbers', 'pairs', 'overlap, %', 'hold, %', '±, %', 'deviation, %'];
  return table(head, agreements(series).map(agreementRow), 1);
}

const LEGEND = [
  'overlap: pairs of runs whose 95 % intervals of the same number overlap; hold: intervals that hold the median of',
  'that number over all runs; ±: median half width of the intervals; deviation: median standard deviation over runs',
];

function headlineLines({ id, runs, deviation, meanHalfWidth, mostHalfWidth, withinBound }: Headline): string[] {
  const medians = runs.map(({ median }) => median);
  const [least, most] = [Math.min(...medians), Math.max(...medians)].map((value) => value.toFixed(2));
  return [
    `headline: ${id}`,
    `  between ${least} and ${most} in ${count(runs.length, 'run')}, standard deviation ${tenths(deviation)} %`,
    `  half width of its interval: mean ${tenths(meanHalfWidth)} %, at most ${tenths(mostHalfWidth)} %; ` +
      `within ±${(100 * BOUND).toFixed(0)} % in ${withinBound} of ${count(runs.length, 'run')}`,
  ];
}

/** What the runs say among which the CPUs were at one distance; no line if that is not known, or true of all runs. */
function placeLines(series: Series): string[] {
  const runs = inOnePlace(series.runs);
  if (runs.length < 2 || runs.length === series.runs.length) return [];
  const [low, high] = [
    Math.min(...runs.map((run) => run.distanceNs![0])),
    Math.max(...runs.map((run) => run.distanceNs![1])),
  ];
  const ofKinds = agreements({ runs }).filter(({ scenario }) => scenario === null);
  const shares = ofKinds.map(({ kind, overlapping, pairs }) => `${NAMES[kind]} ${shareOf(overlapping, pairs)}`);
  const headline = headlineOver({ runs, headline: series.headline }, BOUND);
  return [
    '',
    `the ${count(runs.length, 'run')} in which the CPUs stayed near each other, or far apart, all alike ` +
      `(${low.toFixed(0)} to ${high.toFixed(0)} ns):`,
    `  overlap, %: ${shares.join(', ')}`,
    ...(headline === null ? [] : headlineLines(headline).slice(1)),
  ];
}

function distanceText({ distanceNs }: RunSummary): string {
  return distanceNs === undefined ? '-' : distanceNs.map((ns) => ns.toFixed(0)).join(' - ');
}

function runRow(run: RunSummary, headline: string | null): string[] {
  const ratio = run.rows.find(([kind, , id]) => kind === 'ratio' && id === headline);
  const text = ratio === undefined ? '-' : `${ratio[3].toFixed(2)} [${ratio[4].toFixed(2)}, ${ratio[5].toFixed(2)}]`;
  const time = run.created.slice(11, 19);
  const speed = shareOf(run.atFullSpeed, run.pulses);
  return [time, text, run.seconds.toFixed(0), speed, distanceText(run), run.warnings.join(' ')];
}

/** The table of the runs. Warnings stand at the end, because they are long. */
function runsTable({ runs, headline }: Series): string {
  const made = table(
    ['began', 'headline', 'seconds', 'full speed, %', 'CPUs, ns apart'],
    runs.map((run) => runRow(run, headline).slice(0, -1)),
    1,
  );
  const [head, ...lines] = made.split('\n');
  return [`${head}  warnings`, ...lines.map((line, at) => `${line}  ${runs[at]!.warnings.join(' ')}`.trimEnd())].join(
    '\n',
  );
}

function titleLines({ host, version, commit, settings, runs }: Series): string[] {
  const { effort, rounds } = settings as { effort?: string; rounds?: number | null };
  const which = rounds == null ? `effort ${effort}` : `effort ${effort}, ${count(rounds, 'round')}`;
  return [
    `copytax ${version}${commit === null ? '' : ` (${commit.slice(0, 9)})`}: ${host}`,
    `${count(runs.length, 'run')}, ${which}, from ${runs[0]?.created ?? '-'} to ${runs.at(-1)?.created ?? '-'}`,
  ];
}

/** Returns the whole report, without a line end. Needs a run. */
export function repeatabilityText(series: Series): string {
  const headline = headlineOver(series, BOUND);
  const agreed = series.runs.length < 2 ? ['one run has nothing to agree with'] : [agreementTable(series), ...LEGEND];
  return [
    ...titleLines(series),
    '',
    ...agreed,
    ...(headline === null ? [] : ['', ...headlineLines(headline)]),
    ...placeLines(series),
    '',
    runsTable(series),
  ].join('\n');
}
