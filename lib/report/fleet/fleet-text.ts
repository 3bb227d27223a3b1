/** A fleet as text: its groups, how much each varies, who lies outside, and how the groups differ. Pure. */
import type { FleetDocument, FleetPlace, FleetSpread } from '../../bench/fleet/fleet-schema.js';
import { count, REPORT_WIDTH, significant, wrap } from '../tables/format.js';
import { hostLine } from '../tables/host-line.js';
import { table } from '../tables/table.js';

type Group = FleetDocument['groups'][number];
type Headline = FleetDocument['headlines'][number];

const TITLES: Readonly<Record<Headline['kind'], string>> = {
  rate: 'rate',
  cost: 'cost',
  ratio: 'ratio',
  copy: 'copy of 64 KiB',
  worth: 'cost in copies',
};
const UNITS: Readonly<Record<Headline['kind'], string>> = {
  rate: 'Gbit/s',
  cost: 'cores/100G',
  ratio: '',
  copy: 'µs',
  worth: 'copies',
};
/** Outliers and files that are named in full; the rest is in the JSON. */
const MOST_NAMED = 20;
/** Numbers of an outlier that are named. */
const MOST_NUMBERS = 3;
/** Groups side by side in one table. */
const MOST_COLUMNS = 5;

/** Indents all lines but empty ones. */
const indented = (text: string) => text.replaceAll(/^(?=.)/gm, '  ').split('\n');

/** A value in the unit of its headline: copies are nanoseconds in a file. */
function value({ kind, unit }: Headline, number: number): string {
  const isTime = kind === 'copy' && unit === 'ns';
  return kind === 'ratio' ? number.toFixed(2) : significant(isTime ? number / 1000 : number);
}

const slowerWords = (slower: number) => {
  const share = slower >= 1 ? 1 - 1 / slower : 1 / slower - 1;
  return `${(share * 100).toFixed(0)} % ${slower >= 1 ? 'slower' : 'faster'}`;
};

function spreadRow(headline: Headline, { median, low, high, deviationPercent, runs }: FleetSpread): string[] {
  return [
    TITLES[headline.kind],
    headline.name,
    UNITS[headline.kind],
    value(headline, median),
    `${value(headline, low)} to ${value(headline, high)}`,
    deviationPercent === null ? '-' : `${deviationPercent.toFixed(1)} %`,
    `${runs}`,
  ];
}

/** A column says once what follows in it. */
function withoutRepeats(rows: readonly string[][]): string[][] {
  return rows.map((row, at) => (at > 0 && rows[at - 1]![0] === row[0] ? ['', ...row.slice(1)] : row));
}

function spreadLines({ headlines }: FleetDocument, { numbers, sources }: Group): string[] {
  if (numbers.length === 0) return ['  It has none of the numbers that a default run measures: see --sql.'];
  const rows = numbers.map((spread) => spreadRow(headlines[spread.headline]!, spread));
  const range = sources.length < 20 ? 'min to max' : '5 % to 95 % of runs';
  return indented(table(['', '', 'unit', 'median', range, 'varies by', 'runs'], withoutRepeats(rows), 3));
}

/** How a run lies, after its path. */
function placeLines({ source, slower, deviations, numbers, causes }: FleetPlace): string[] {
  const farthest = deviations.slice(0, MOST_NUMBERS).map(({ kind, id, factor }) => {
    const what = kind === 'value' ? '' : `${kind} of `;
    return `${what}${id} × ${factor.toFixed(2)}`;
  });
  const out = `${deviations.length} of ${numbers} out`;
  const words = `${source}: ${slowerWords(slower)} in the middle of its numbers; ${out}`;
  const named = farthest.flatMap((text) => wrap(text, REPORT_WIDTH, '      ', '    '));
  const why = causes.length === 0 ? 'nothing in the file says why' : causes.join('; ');
  return [...wrap(words, REPORT_WIDTH, '    ', '  '), ...named, ...wrap(why, REPORT_WIDTH, '      ', '    ')];
}

function outlierLines({ outliers, farthest, sources, mayHaveOutliers }: Group): string[] {
  if (outliers.length > 0) {
    const left = outliers.length - MOST_NAMED;
    return [
      `  Outliers: ${outliers.length} of ${count(sources.length, 'run')}`,
      ...outliers.slice(0, MOST_NAMED).flatMap(placeLines),
      ...(left > 0 ? [`  and ${left} more: see --json`] : []),
    ];
  }
  if (!mayHaveOutliers) return [`  Outliers: not told of ${count(sources.length, 'run')}, which is too few`];
  if (farthest === null) return ['  Outliers: not told, because no number is in 5 runs'];
  const words = `Outliers: none of ${sources.length} runs; farthest out is ${farthest.source}`;
  return wrap(`${words}, ${slowerWords(farthest.slower)} in the middle of its numbers`, REPORT_WIDTH, '    ', '  ');
}

const day = (created: string) => created.slice(0, 10);

function groupLines(document: FleetDocument, group: Group, at: number): string[] {
  const { fingerprint, sources, files, first, last, versions } = group;
  const days = day(first) === day(last) ? day(first) : `${day(first)} to ${day(last)}`;
  const runs = `${count(sources.length, 'run')} in ${count(files, 'file')}`;
  const base = at === 0 && document.groups.length > 1 ? ', the base' : '';
  const title = `Group ${at + 1}${base}: ${fingerprint}, ${runs}, ${days}, copytax ${versions.join(', ')}`;
  return [
    ...wrap(title, REPORT_WIDTH, '  '),
    ...wrap(hostLine(group), REPORT_WIDTH, '    ', '  '),
    ...spreadLines(document, group),
    ...outlierLines(group),
  ];
}

type Difference = FleetDocument['differences'][number];

function differenceText({ numbers }: Difference, headline: number): string {
  const found = numbers.find((one) => one.headline === headline);
  return found === undefined ? '-' : `${found.significant ? '' : '~ '}× ${found.ratio.toFixed(2)}`;
}

/** A table of the base and some groups beside it. */
function sideBySide(document: FleetDocument, differences: readonly Difference[]): string[] {
  const { headlines, groups } = document;
  const rows = groups[0]!.numbers.map((spread) => {
    const headline = headlines[spread.headline]!;
    const others = differences.map((one) => differenceText(one, spread.headline));
    return [TITLES[headline.kind], headline.name, UNITS[headline.kind], value(headline, spread.median), ...others];
  });
  const names = differences.map(({ group }) => `group ${group + 1}`);
  return indented(table(['', '', 'unit', 'group 1', ...names], withoutRepeats(rows), 3));
}

function differenceLines(document: FleetDocument): string[] {
  const { differences } = document;
  const blocks: string[] = [];
  for (let at = 0; at < differences.length; at += MOST_COLUMNS) {
    blocks.push(...(at > 0 ? [''] : []), ...sideBySide(document, differences.slice(at, at + MOST_COLUMNS)));
  }
  const note = 'Factors of the base by the median over runs; ~ does not differ significantly, or by less than 3 %.';
  return ['Groups side by side', ...blocks, ...wrap(note, REPORT_WIDTH, '  ', '  ')];
}

function listed(title: string, lines: readonly string[]): string[] {
  const left = lines.length - MOST_NAMED;
  const named = lines.slice(0, MOST_NAMED).flatMap((line) => wrap(line, REPORT_WIDTH, '    ', '  '));
  return [title, ...named, ...(left > 0 ? [`  and ${left} more: see --json`] : [])];
}

export function summaryLine({ files, runs, groups, unidentified, failures }: FleetDocument): string {
  const words = [`${count(files, 'file')}: ${count(runs, 'run')} of ${count(groups.length, 'kind')} of host`];
  const outliers = groups.reduce((sum, group) => sum + group.outliers.length, 0);
  words.push(outliers === 0 ? 'no outlier' : count(outliers, 'outlier'));
  if (unidentified.length > 0) words.push(`${count(unidentified.length, 'run')} of hosts that are not identified`);
  if (failures.length > 0) words.push(`${count(failures.length, 'file')} could not be read`);
  return words.join(', ');
}

/** Returns the files that could not be read, and why, as lines. */
export function failureLines({ failures }: { readonly failures: Readonly<FleetDocument['failures']> }): string {
  const lines = failures.map(({ code, message }) => `${code}: ${message}`);
  return `${listed('Could not be read', lines).join('\n')}\n`;
}

/** Returns the whole text, which ends with a line end. */
export function fleetText(document: FleetDocument): string {
  const { groups, differences, unidentified, failures } = document;
  const unknown = unidentified.map(({ source, reason }) => `${source}: ${reason}`);
  const sections = [
    wrap(summaryLine(document), REPORT_WIDTH, '  '),
    ...groups.map((group, at) => groupLines(document, group, at)),
    ...(differences.length > 0 ? [differenceLines(document)] : []),
    ...(unknown.length > 0 ? [listed('Not identified: not grouped with any other run', unknown)] : []),
    ...(failures.length > 0 ? [failureLines(document).trimEnd().split('\n')] : []),
  ];
  return `${sections.map((lines) => lines.join('\n')).join('\n\n')}\n`;
}
