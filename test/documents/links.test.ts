import { describe, expect, it } from '@jest/globals';
import { anchorsOf, citationsOf, deadLinks, linksOf, slug } from './links.js';

/** In pieces, or the check of the repository would find it here. */
const PAGE = ['docs', 'page.md'].join('/');
const DESIGN = ['docs', 'design'].join('/');

const plant = (entries: Record<string, string>) => deadLinks(new Map(Object.entries(entries)));

describe('slug', () => {
  it.each([
    ['Search: one area of one slot pool', 'search-one-area-of-one-slot-pool'],
    ['I4: type, block and private word agree', 'i4-type-block-and-private-word-agree'],
    ['What `allocSize` records', 'what-allocsize-records'],
    ['The *hot* path & its [rules](x.md)', 'the-hot-path--its-rules'],
    ['pool_size in MiB', 'pool_size-in-mib'],
    ['Größe', 'größe'],
  ])('names the heading "%s" as GitHub does', (heading, name) => {
    expect(slug(heading)).toBe(name);
  });
});

describe('anchorsOf', () => {
  it('numbers headings that are repeated, and finds none in code', () => {
    expect(anchorsOf('# A\n\n## B\n```sh\n# no heading\n```\n## B\n## B ##\n')).toEqual(['a', 'b', 'b-1', 'b-2']);
  });
});

describe('linksOf', () => {
  it('finds links, pictures and references, with their lines', () => {
    const text = '[a](x.md#y)\n![b](z.svg)\n\n[c]: w.md\n<img src="v.svg">\n';
    expect(linksOf(text)).toEqual([
      { line: 1, target: 'x.md#y' },
      { line: 2, target: 'z.svg' },
      { line: 4, target: 'w.md' },
      { line: 5, target: 'v.svg' },
    ]);
  });

  it('passes over code, comments and links to other places', () => {
    expect(linksOf('`[a](b.md)`\n```\n[c](d.md)\n```\n<!-- [e](f.md) -->\n[g](https://h.org/i.md)\n')).toEqual([]);
  });
});

describe('citationsOf', () => {
  it('finds pages with and without a heading, and design pages by number', () => {
    const text = `// See ${PAGE}#some-heading.\n/** ${PAGE}, and ${DESIGN}/0004. */\n`;
    expect(citationsOf(text).map(({ line, target }) => `${line} ${target}`)).toEqual([
      `1 ${PAGE}#some-heading`,
      `2 ${PAGE}`,
      `2 ${DESIGN}/0004`,
    ]);
  });
});

describe('deadLinks', () => {
  const page = '# Title\n\n## Some heading\n';

  it('accepts links to files, folders and headings, from any folder', () => {
    const tree = {
      [PAGE]: `${page}[here](#title) [up](../README.md) [code](../lib/a.ts)`,
      [`${DESIGN}/0004-reads.md`]: '# Reads\n',
      'README.md': `[p](${PAGE}#some-heading) [d](${DESIGN})`,
      'lib/a.ts': `// ${PAGE}#some-heading, ${DESIGN}/0004`,
    };
    expect(plant(tree)).toEqual([]);
  });

  it('names a link to a file that is not there', () => {
    expect(plant({ 'README.md': 'text\n[p](gone.md)' })).toEqual(['README.md:2 gone.md: no such file']);
  });

  it('names a link to a heading that is not there', () => {
    expect(plant({ [PAGE]: `${page}[h](#other)` })).toEqual([`${PAGE}:4 #other: no such heading`]);
  });

  it('names a citation of a page, a heading or a design page that is not there', () => {
    const text = `// ${PAGE}#other\n// ${PAGE.replace('page', 'gone')}\n// ${DESIGN}/9999\n`;
    expect(plant({ [PAGE]: page, 'lib/a.ts': text })).toEqual([
      `lib/a.ts:1 ${PAGE}#other: no such heading`,
      `lib/a.ts:2 ${PAGE.replace('page', 'gone')}: no such file`,
      `lib/a.ts:3 ${DESIGN}/9999: no such design page`,
    ]);
  });
});
