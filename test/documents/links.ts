/**
 * Finds links that lead nowhere: links of markdown files, and places where other files cite a page of `docs`. Pure: a
 * tree is a map from path to text, so that the tests can plant dead links.
 */
import { posix } from 'node:path';

/** From path to text. The text of a file that is no markdown is not read for headings, and may be empty. */
export type Files = ReadonlyMap<string, string>;

export interface Link {
  readonly line: number;
  /** As it is written. */
  readonly target: string;
}

/** Fenced blocks, spans of code and comments become spaces: what looks like a link in them is none. Lines stay. */
function withoutCode(markdown: string): string {
  const blank = (found: string) => found.replace(/[^\n]/g, ' ');
  return markdown
    .replace(/^([ \t]*)(```|~~~)[\s\S]*?^\1\2[ \t]*$/gm, blank)
    .replace(/<!--[\s\S]*?-->/g, blank)
    .replace(/(`+)(?!`)[^\n]*?[^`\n]\1(?!`)/g, blank);
}

/** The name that GitHub gives a heading. */
export function slug(heading: string): string {
  const text = heading.replace(/!?\[([^\]]*)\]\([^)]*\)/g, '$1').replace(/[`*]/g, '');
  return text
    .trim()
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}\p{Pc}\- ]/gu, '')
    .replaceAll(' ', '-');
}

/** The anchors of a page, in order. A heading that is repeated gets a number, as GitHub does it. */
export function anchorsOf(markdown: string): string[] {
  const counts = new Map<string, number>();
  const fenceless = markdown.replace(/^([ \t]*)(```|~~~)[\s\S]*?^\1\2[ \t]*$/gm, '');
  return [...fenceless.matchAll(/^#{1,6} +(.*?)(?: +#+)?$/gm)].map((match) => {
    const name = slug(match[1]!);
    const count = counts.get(name) ?? 0;
    counts.set(name, count + 1);
    return count === 0 ? name : `${name}-${count}`;
  });
}

const lineOf = (text: string, offset: number): number => text.slice(0, offset).split('\n').length;

function found(text: string, pattern: RegExp): Link[] {
  return [...text.matchAll(pattern)].map((match) => ({ line: lineOf(text, match.index), target: match[1]! }));
}

/** The links of a page to files and headings; those to other places are not looked at. */
export function linksOf(markdown: string): Link[] {
  const text = withoutCode(markdown);
  const all = [
    ...found(text, /\]\(\s*<?([^)\s>]+)>?[^)]*\)/g),
    ...found(text, /^\[[^\]]+\]:\s*(\S+)/gm),
    ...found(text, /<(?:a|img)\s[^>]*?(?:href|src)="([^"]+)"/g),
  ];
  return all.filter(({ target }) => !/^[a-z][a-z+.-]*:/i.test(target));
}

/** Where a file names a page of `docs`, with a heading or without one, or a design page by its number. */
export function citationsOf(text: string): Link[] {
  return [
    ...found(text, /(?<![\w./-])(docs\/[\w./-]+\.(?:md|svg|txt)(?:#[\w-]+)?)/g),
    ...found(text, /(?<![\w./-])(docs\/design\/\d{4})\b(?!-)/g),
  ];
}

/** Why a target leads nowhere, or null. `path` is relative to the top. */
function complaint(files: Files, path: string, anchor: string | undefined): string | null {
  const text = files.get(path);
  const isFolder = [...files.keys()].some((file) => file.startsWith(`${path.replace(/\/$/, '')}/`));
  if (text === undefined && !isFolder) return 'no such file';
  if (anchor === undefined || !path.endsWith('.md')) return null;
  return anchorsOf(text ?? '').includes(anchor) ? null : 'no such heading';
}

function complaintOfCitation(files: Files, target: string): string | null {
  const number = /^docs\/design\/\d{4}$/.test(target);
  if (number) return [...files.keys()].some((file) => file.startsWith(`${target}-`)) ? null : 'no such design page';
  const [path, anchor] = target.split('#') as [string, string?];
  return complaint(files, path, anchor);
}

/** Every dead link of the files that are `wanted`, as `file:line target: reason`. Empty if there is none. */
export function deadLinks(files: Files, wanted: (file: string) => boolean = () => true): string[] {
  return [...files].flatMap(([file, text]) => {
    if (!wanted(file)) return [];
    const links = file.endsWith('.md') ? linksOf(text) : [];
    const dead = links.map(({ line, target }) => {
      const [path, anchor] = target.split('#') as [string, string?];
      const resolved = path === '' ? file : posix.normalize(posix.join(posix.dirname(file), path));
      return { line, target, reason: complaint(files, resolved, anchor) };
    });
    const cited = (file.endsWith('.md') ? [] : citationsOf(text)).map(({ line, target }) => ({
      line,
      target,
      reason: complaintOfCitation(files, target),
    }));
    return [...dead, ...cited].flatMap(({ line, target, reason }) =>
      reason === null ? [] : [`${file}:${line} ${target}: ${reason}`],
    );
  });
}
