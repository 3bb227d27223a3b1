/** In what the groups are unlike, each once and short, with what it may do. Pure. */
import type { Comparison } from '../../bench/compare/comparison.js';
import type { Unlike } from '../../bench/compare/unlike.js';
import { REPORT_WIDTH, wrap } from '../tables/format.js';
import { shortened } from './group-labels.js';

const NAME_WIDTH = 24;
const VALUE_WIDTH = 48;
const MOST_VALUES = 3;
const MOST_SETTINGS = 5;
const COMMIT = /\b([0-9a-f]{9})[0-9a-f]{31}\b/g;
const NOT_KNOWN = 'not known';

type Settings = readonly (readonly [string, unknown])[];

/** Of settings only those that differ: there are many. */
function settingsWords(values: Unlike['values'], names: readonly string[]): string {
  const parsed = values.map((own) => own.flatMap((text) => (text === null ? [] : [JSON.parse(text) as Settings])));
  const settings = [...new Set(parsed.flat(2).map(([name]) => name))];
  const textOf = (all: Settings, name: string) => JSON.stringify(all.find(([other]) => other === name)?.[1] ?? null);
  const told = settings.flatMap((name) => {
    const perGroup = parsed.map((own) => [...new Set(own.map((all) => textOf(all, name)))]);
    return new Set(perGroup.flat()).size > 1 ? [`${name} ${groupWords(perGroup, names)}`] : [];
  });
  const more = told.length > MOST_SETTINGS ? `, and ${told.length - MOST_SETTINGS} more` : '';
  return `${told.slice(0, MOST_SETTINGS).join(', ')}${more}`;
}

function valueWords(own: readonly (string | null)[]): string {
  if (own.length > MOST_VALUES) return `${own.length} different ones`;
  const words = own.map((value) =>
    value === null ? NOT_KNOWN : shortened(value.replaceAll(COMMIT, '$1') || 'none', VALUE_WIDTH),
  );
  return words.join(' and ');
}

/** `6.1 (before), 6.8 (after)`; what all have in common stands alone. */
function groupWords(values: Unlike['values'], names: readonly string[]): string {
  const words = values.map(valueWords);
  const isSame = words.every((word) => word === words[0]);
  return isSame ? words[0]! : words.map((word, at) => `${word} (${shortened(names[at]!, NAME_WIDTH)})`).join(', ');
}

function unlikeLine({ aspect, noun, values, why }: Unlike, names: readonly string[]): string {
  const told = aspect === 'settings' ? settingsWords(values, names) : groupWords(values, names);
  return `${noun}: ${told}: ${why}`;
}

/** Returns the lines, without a title; none if everything that matters is known to be alike. */
export function unlikeLines({ groups, unlikes }: Comparison): string[] {
  const names = groups.map(({ name }) => name);
  return unlikes.flatMap((unlike) => wrap(unlikeLine(unlike, names), REPORT_WIDTH, '    ', '  '));
}
