/** The programs of a document: its blocks of JavaScript that import something. Pure. */
export function programsOf(markdown: string): string[] {
  const blocks = [...markdown.matchAll(/^```js\n(.*?)^```$/gms)].map((match) => match[1]!);
  return blocks.filter((text) => /^import /m.test(text));
}
