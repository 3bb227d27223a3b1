/** Tables of what bounces cost others, and sentences that compare non-temporal copies with ordinary ones. */
import type { CellResult } from '../../bench/result/result.js';
import type { RatioSummary } from '../../bench/statistics/paired-ratio.js';
import { hasInterval } from '../../bench/statistics/statistics.js';
import { bytes, duration, measured, nanoseconds, ratio, significant } from '../tables/format.js';
import { table } from '../tables/table.js';
import {
  bounceParts,
  bouncingKernels,
  type Contest,
  contestOf,
  type Ends,
  lostPerMib,
  partRatio,
  type Slowed,
  slowdownPer100,
  sumRatio,
  type VictimRow,
  victimRatio,
  victimRows,
} from './pollution-lines.js';

/** Where a victim is, as a column and a sentence have it. */
function whereOf({ workingSet, packets, pace }: VictimRow): string {
  return [bytes(workingSet), packets === null ? null : `${packets} packets`, pace]
    .filter((word) => word !== null)
    .join(', ');
}

function percentText(share: number): string {
  const percent = Math.round(100 * share);
  return percent < 0 ? `${percent}` : `+${Math.abs(percent)}`;
}

/** Returns `+12 [8, 15] %`, with `~` where the slowdown is not significant. A single round has no interval. */
function slowdownText(slowed: Slowed): string {
  const ends = slowdownPer100(slowed);
  if (ends === null) return '-';
  const { median, low, high } = ends;
  const sure = slowed.ratio.significant ? '' : '~ ';
  const between = hasInterval(slowed.ratio) ? ` [${percentText(low)}, ${percentText(high)}]` : '';
  return `${sure}${percentText(median)}${between} %`;
}

/** Returns `1.20 [1.10, 1.30] µs`, with `~` where the ratio is not significant. A single round has no interval. */
function lostText({ median, low, high }: Ends, of: Slowed['ratio']): string {
  const text = (ns: number) => significant(ns / 1000);
  const between = hasInterval(of) ? ` [${text(low)}, ${text(high)}]` : '';
  return `${of.significant ? '' : '~ '}${text(median)}${between} µs`;
}

/** Rows of a table of victims: for each the load beside no bounce, and then one for each copy kernel. */
function victimLines(rows: readonly VictimRow[], more: (row: VictimRow, slowed: Slowed) => string[]): string[][] {
  return rows.flatMap((row) => [
    [whereOf(row), 'none', duration(row.quiet.summary)],
    ...row.slowed.map((slowed) => {
      const { kernel, cell } = slowed;
      return ['', kernel, duration(cell.summary), ratio(slowed.ratio), ...more(row, slowed)];
    }),
  ]);
}

function coreTable(rows: readonly VictimRow[]): string {
  const head = ['same core', '', 'a load', 'to none', 'lost per MiB bounced'];
  const lost = (row: VictimRow, slowed: Slowed) => [lostText(lostPerMib(row, slowed)!, slowed.ratio)];
  return table(head, victimLines(rows, lost), 2);
}

function neighbourTable(rows: readonly VictimRow[]): string {
  const head = ['neighbour', '', 'a load', 'to none', 'Gbit/s', 'slower per 100 Gbit/s'];
  const rate = ({ cell }: Slowed) => significant(cell.ledger.gbps ?? Number.NaN);
  return table(
    head,
    victimLines(rows, (_row, slowed) => [rate(slowed), slowdownText(slowed)]),
    2,
  );
}

/** Returns tables of the victims, of what they lose by bytes bounced, and of bounces with the reads of devices. */
export function pollutionTables(cells: readonly CellResult[]): string[] {
  const kernels = bouncingKernels(cells);
  const [onCore, besides] = [victimRows(cells, 'same core'), victimRows(cells, 'neighbour')];
  const parts = bounceParts(cells).map(({ name, cells: ofKernels }) => [
    name === 'whole path' ? 'whole path, cores' : name,
    ...kernels.map((kernel) => {
      const cell = ofKernels.get(kernel);
      if (cell === undefined) return '-';
      return cell.unit === 'ns' ? duration(cell.summary) : measured(cell.summary);
    }),
  ]);
  return [
    ...(onCore.length === 0 ? [] : [coreTable(onCore)]),
    ...(besides.length === 0 ? [] : [neighbourTable(besides)]),
    ...(parts.length === 0 ? [] : [table(['64 KiB', ...kernels], parts, 1)]),
  ];
}

/** Returns a sentence on victims with both copies. */
function victimSentence(row: VictimRow, contest: Contest, whose: string): string | null {
  const both = [contest.streaming, contest.usual].map((name) => row.slowed.find(({ kernel }) => kernel === name));
  const compared = victimRatio(row, contest);
  if (compared === null) return null;
  const [streaming, usual] = both as [Slowed, Slowed];
  const slower =
    `${ratio(usual.ratio)} times as long with ${usual.kernel}, ` + `${ratio(streaming.ratio)} with ${streaming.kernel}`;
  const per100 =
    slowdownPer100(usual) === null ? '' : ` (per 100 Gbit/s ${slowdownText(usual)} and ${slowdownText(streaming)})`;
  return (
    `${whose} with ${whereOf(row)}: a load takes ${slower}${per100}; ` +
    `${contest.streaming} to ${contest.usual}: ${ratio(compared)}.`
  );
}

/** Counts which of these ratios show a gain, and which a loss. */
function tally(ratios: readonly (RatioSummary | null)[], gain: string, loss: string): string {
  const known = ratios.filter((one) => one !== null);
  const sure = known.filter(({ significant: isSure }) => isSure);
  const better = sure.filter(({ median }) => median < 1).length;
  const worse = sure.length - better;
  const rest = known.length - sure.length;
  const parts = [
    [better, gain],
    [worse, loss],
    [rest, 'not shown to differ'],
  ] as const;
  const said = parts.filter(([count]) => count > 0).map(([count, words]) => `${count} of ${known.length} ${words}`);
  return known.length === 1 ? said[0]!.replace('1 of 1 ', '') : said.join(', ');
}

/** Returns who gains and who loses by non-temporal bounces, in one sentence; nothing without a contest. */
export function pollutionAnswer(cells: readonly CellResult[]): string[] {
  const contest = contestOf(cells);
  if (contest === undefined) return [];
  const parts = bounceParts(cells);
  const copy = parts.find(({ name }) => name === 'copy');
  const reads = parts.filter(({ name }) => name.startsWith('device'));
  const victims = (part: 'same core' | 'neighbour') => victimRows(cells, part).map((row) => victimRatio(row, contest));
  const said = [
    ['the copy', [partRatio(copy, contest)], 'faster', 'slower'],
    ['victims on the core', victims('same core'), 'better off', 'worse off'],
    ['neighbours', victims('neighbour'), 'better off', 'worse off'],
    ['reads of the device', reads.map((read) => partRatio(read, contest)), 'faster', 'slower'],
    [
      'copy and read together',
      copy === undefined ? [] : reads.map((read) => sumRatio(copy, read, contest)),
      'faster',
      'slower',
    ],
  ] as const;
  const known = said.filter(([, ratios]) => ratios.some((one) => one !== null));
  if (known.length === 0) return [];
  const words = known.map(([what, ratios, gain, loss]) => `${what}: ${tally(ratios, gain, loss)}`);
  return [`In short, ${contest.streaming} instead of ${contest.usual}: ${words.join('; ')}.`];
}

/** Returns the answer in sentences: what a bounce with non-temporal stores changes, for whom. */
export function pollutionSentences(cells: readonly CellResult[]): string[] {
  const contest = contestOf(cells);
  if (contest === undefined) return [];
  const parts = bounceParts(cells);
  const [copy, path] = ['copy', 'whole path'].map((wanted) => parts.find(({ name }) => name === wanted));
  const reads = parts.filter(({ name }) => name.startsWith('device'));
  const copied = partRatio(copy, contest);
  const readsSaid = reads.flatMap((read) => {
    const alone = partRatio(read, contest);
    const sum = copy === undefined ? null : sumRatio(copy, read, contest);
    const where = read.name.slice('device, '.length);
    const all = sum === null ? '' : `, copy and read together ${ratio(sum)}`;
    return alone === null
      ? []
      : [
          `The device that reads every byte on ${where === 'same core' ? 'the same' : 'another'} ` +
            `core takes ${ratio(alone)} times as long after it${all}.`,
        ];
  });
  const whole = partRatio(path, contest);
  const [streaming, usual] = [contest.streaming, contest.usual].map((kernel) => path?.cells.get(kernel)?.ledger.gbps);
  const rates =
    streaming === undefined || usual === undefined
      ? ''
      : `, at ${significant(streaming)} instead of ${significant(usual)} Gbit/s`;
  return [
    ...pollutionAnswer(cells),
    ...(copied === null
      ? []
      : [
          `A bounce by ${contest.streaming} instead of ${contest.usual}: the copy of 64 KiB takes ${ratio(copied)} ` +
            `times as long (${nanosecondsOf(copy!, contest.streaming)} instead of ` +
            `${nanosecondsOf(copy!, contest.usual)}).`,
        ]),
    ...victimRows(cells, 'same core').map((row) => victimSentence(row, contest, 'A victim on the core')),
    ...victimRows(cells, 'neighbour')
      .filter(({ pace }, _at, rows) => pace === rows[0]!.pace)
      .map((row) => victimSentence(row, contest, 'A neighbour')),
    ...readsSaid,
    ...(whole === null
      ? []
      : [`The whole path with all its copies by it costs ${ratio(whole)} times the cores${rates}.`]),
  ].filter((sentence) => sentence !== null);
}

const nanosecondsOf = ({ cells }: { cells: ReadonlyMap<string, CellResult> }, kernel: string) =>
  nanoseconds(cells.get(kernel)!.summary.median);
