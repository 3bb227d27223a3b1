/** Names of groups in the room that there is. Pure. */

/** Returns a text of at most `width` characters: of a longer one its beginning and its end. */
export function shortened(text: string, width: number): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: a terminal might obey them
  const letters = [...text.replaceAll(/[\s\u0000-\u001f\u007f-\u009f]+/g, ' ')];
  if (letters.length <= width) return letters.join('');
  const end = Math.floor((width - 2) / 2);
  return `${letters.slice(0, width - 2 - end).join('')}..${end > 0 ? letters.slice(-end).join('') : ''}`;
}

/** Returns the beginning of a text that has spaces to keep, at most `width` characters. */
export function cut(text: string, width: number): string {
  const letters = [...text];
  return letters.length <= width ? text : `${letters.slice(0, width - 2).join('')}..`;
}

/** Returns a list in one line: `A, B and 3 more`, as many items as there is room for. */
export function listed(first: string, items: readonly string[], width: number): string {
  for (let shown = items.length; shown > 0; shown--) {
    const more = shown < items.length ? ` and ${items.length - shown} more` : '';
    const line = `${first}${items.slice(0, shown).join(', ')}${more}`;
    if (line.length <= width) return line;
  }
  return cut(`${first}${items.length}`, width);
}

/** Returns a label for each name, at most `width` characters, at least 6; they differ if the names do. */
export function labelsOf(names: readonly string[], width: number): string[] {
  const short = names.map((name) => shortened(name, width));
  const isAmbiguous = new Set(short).size < short.length;
  return isAmbiguous ? names.map((name, at) => shortened(`${at + 1} ${name}`, width)) : short;
}
