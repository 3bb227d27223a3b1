/** Groups of files as a command line names them: `before/a.json before/b.json -- after/a.json`. Pure. */
import { basename, dirname } from 'node:path';
import type { FileGroup } from '../../bench/compare/read-groups.js';
import { usageError } from './usage.js';
import { parseList } from './values.js';

/** Stands for `--` between groups. No argument of a process can hold it. */
export const GROUP_MARK = '\0--';

/** Replaces each `--` by a mark, so that options may follow it, as they may follow any file. */
export function withGroupMarks(args: readonly string[]): string[] {
  return args.map((arg) => (arg === '--' ? GROUP_MARK : arg));
}

function partsOf(args: readonly string[]): string[][] {
  const parts: string[][] = [[]];
  for (const arg of args) {
    if (arg === GROUP_MARK) parts.push([]);
    else parts.at(-1)!.push(arg);
  }
  return parts;
}

/** The name of a file without folder and ending. */
export const plainName = (file: string) => basename(file).replace(/(?:\.json)?(?:\.gz)?$/, '') || file;

function commonStart(words: readonly string[]): string {
  const [first = '', ...others] = words;
  let length = first.length;
  for (const other of others) while (!other.startsWith(first.slice(0, length))) length--;
  return first.slice(0, length);
}

/** The name of a group by what its files have in common: their folder, or the beginning of their names. */
function nameOf(files: readonly string[]): string {
  const [first] = files;
  if (files.length === 1) return plainName(first!);
  const folders = new Set(files.map((file) => dirname(file)));
  const folder = basename(dirname(first!));
  if (folders.size === 1 && folder !== '.' && folder !== '' && folder !== '..') return folder;
  return `${commonStart(files.map(plainName))}*`;
}

/** Returns names of groups that differ: those that do not are told with their folder, and then by their number. */
export function namesOf(parts: readonly (readonly string[])[]): string[] {
  const short = parts.map(nameOf);
  const isTwice = (name: string, names: readonly string[]) => names.filter((other) => other === name).length > 1;
  const longer = short.map((name, at) => {
    if (!isTwice(name, short)) return name;
    const start = commonStart(parts[at]!.map((file) => file.replace(/(?:\.json)?(?:\.gz)?$/, '')));
    return parts[at]!.length === 1 ? start : `${start}*`;
  });
  return longer.map((name, at) => (isTwice(name, longer) ? `${name} (${at + 1})` : name));
}

function givenNames(text: string, groups: number): string[] {
  const names = parseList('--name', text, String);
  if (names.length === groups) return names;
  throw usageError(`--name has ${names.length} names for ${groups} groups: write one for each, separated by commas`);
}

/**
 * Returns the groups that the arguments name: what stands between `--`, or else each file alone. `names`: of all
 * groups, separated by commas. @throws ERR_USAGE if there are fewer than two, or an empty one
 */
export function fileGroups(args: readonly string[], names?: string): FileGroup[] {
  const isGrouped = args.includes(GROUP_MARK);
  const parts = isGrouped ? partsOf(args) : args.map((file) => [file]);
  if (parts.some(({ length }) => length === 0)) {
    throw usageError('a group without files: write them before and after each --');
  }
  if (parts.length < 2) {
    const given = parts.length === 0 ? 'no files' : `${parts[0]![0]} alone`;
    const message = `${given}: name two or more results, as in \`copytax compare before.json after.json\``;
    throw usageError(message, { remedy: 'of several runs a side write `before/*.json -- after/*.json`' });
  }
  const named = names === undefined ? namesOf(parts) : givenNames(names, parts.length);
  return parts.map((files, at) => ({ name: named[at]!, files }));
}

/** Moves the group that `base`, its name or its number from 1, says to the front. @throws ERR_USAGE for another word */
export function baseFirst(groups: readonly FileGroup[], base?: string): FileGroup[] {
  if (base === undefined) return [...groups];
  const byName = groups.findIndex(({ name }) => name === base);
  const at = byName >= 0 ? byName : /^\d+$/.test(base) ? Number(base) - 1 : -1;
  const found = groups[at];
  if (found === undefined) {
    const names = groups.map(({ name }, index) => `${index + 1} (${name})`).join(', ');
    throw usageError(`--base '${base}' is no group: choose ${names}`, { given: base });
  }
  return [found, ...groups.filter((group) => group !== found)];
}
