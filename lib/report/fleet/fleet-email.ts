/** A fleet in a few lines for an email. Pure. */
import type { FleetDocument } from '../../bench/fleet/fleet-schema.js';
import { count, wrap } from '../tables/format.js';
import { summaryLine } from './fleet-text.js';

const WIDTH = 76;
const MOST_LINES = 15;

/** `bounce-pages : bounce 1.84 (1.67 to 2.02)`. */
function groupLine({ headlines }: FleetDocument, group: FleetDocument['groups'][number], at: number): string {
  const ratio = group.numbers.find(({ headline }) => headlines[headline]!.kind === 'ratio');
  const found =
    ratio === undefined
      ? ''
      : `; ${headlines[ratio.headline]!.name} ${ratio.median.toFixed(2)} ` +
        `(${ratio.low.toFixed(2)} to ${ratio.high.toFixed(2)})`;
  const { model, vendor } = group.machine.cpu;
  return `${at + 1}. ${model ?? vendor ?? 'CPU not known'}, ${count(group.sources.length, 'run')}${found}`;
}

function outlierWords({ groups }: FleetDocument): string[] {
  return groups.flatMap(({ outliers }, at) =>
    outliers.map(({ source, slower }) => {
      const share = slower >= 1 ? 1 - 1 / slower : 1 / slower - 1;
      const side = slower >= 1 ? 'slower' : 'faster';
      return `${source} (group ${at + 1}): ${(share * 100).toFixed(0)} % ${side}`;
    }),
  );
}

/** Returns at most 15 lines of 76 columns; only the path of a file may make a line longer. */
export function fleetEmail(document: FleetDocument): string {
  const wrapped = (text: string) => wrap(text, WIDTH, '   ');
  const lines = [
    ...wrapped(summaryLine(document)),
    ...document.groups.flatMap((group, at) => wrapped(groupLine(document, group, at))),
    ...outlierWords(document).flatMap(wrapped),
  ];
  const left = lines.length - MOST_LINES;
  const shown = left > 0 ? [...lines.slice(0, MOST_LINES - 1), `and ${left + 1} more lines`] : lines;
  return `${shown.join('\n')}\n`;
}
