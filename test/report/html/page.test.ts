import { createHash } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parseResult, type ResultDocument } from '../../../lib/bench/result/result.js';
import { readResult } from '../../../lib/bench/result/result-file.js';
import { random } from '../../../lib/random.js';
import { MOST_PAGE_BYTES, reportPage } from '../../../lib/report/html/page.js';
import { SCRIPT } from '../../../lib/report/html/script.js';
import { elementsOf } from '../fixtures/elements.js';
import { hostileKeys, hostileResult, hostileText } from '../fixtures/hostile.js';
import { replayOf } from '../fixtures/replay.js';
import { controlCells, copyCells, designCells, priceCells, resultOf, slotCells } from '../fixtures/result.js';

const pageOf = (...documents: readonly ResultDocument[]) =>
  reportPage({
    results: documents.map((document, at) => ({ name: `machine ${at + 1}`, document })),
    replays: [],
    sizings: [],
  });

/** The documents that a page has compressed. */
const packedIn = (page: string): ResultDocument[] =>
  elementsOf(page)
    .filter(({ attributes }) => attributes.get('type') === 'application/gzip')
    .map(({ text }) => JSON.parse(gunzipSync(Buffer.from(text, 'base64')).toString()));

const full = resultOf(designCells(), priceCells(), copyCells(), controlCells(), slotCells());
const warned: ResultDocument = {
  ...full,
  warnings: [{ code: 'NOISY_HOST', seen: 'It is.', why: 'So.', remedy: 'Stop.' }],
};

describe('a page', () => {
  it('runs its own program and nothing else, by its policy, and loads nothing', () => {
    const seen = elementsOf(pageOf(full));
    const policy = seen.find(({ attributes }) => attributes.has('http-equiv'))!.attributes.get('content')!;
    const hash = createHash('sha256').update(SCRIPT).digest('base64');
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain(`script-src 'sha256-${hash}'`);
    const programs = seen.filter(({ name, attributes }) => name === 'script' && !attributes.has('type'));
    expect(programs.map(({ text }) => text)).toEqual([SCRIPT]);
    const addresses = seen.flatMap(({ attributes }) =>
      ['src', 'href', 'action', 'xlink:href'].flatMap((name) => attributes.get(name) ?? []),
    );
    expect(addresses.filter((address) => !/^#[\w-]+$/.test(address))).toEqual(['data:,']);
  });

  it('has a table for every picture, and an end for every link', () => {
    const seen = elementsOf(pageOf(full));
    const of = (wanted: string) => seen.filter(({ name }) => name === wanted);
    const figures = of('figure').length;
    expect(figures).toBeGreaterThanOrEqual(2);
    expect(of('table').length).toBeGreaterThanOrEqual(figures);
    const ids = seen.flatMap(({ attributes }) => attributes.get('id') ?? []);
    expect(new Set(ids).size).toBe(ids.length);
    for (const { attributes } of of('a')) expect(ids).toContain(attributes.get('href')!.slice(1));
  });

  it.each([
    ['a result names', hostileResult],
    ['the ids and keys of a result are', hostileKeys],
  ])('is one of the same elements and attributes, whatever %s', (_, hostile) => {
    const shapeOf = (page: string) => {
      const seen = elementsOf(page);
      return new Set(
        seen.flatMap(({ name, attributes }) => [name, ...[...attributes.keys()].map((key) => `${name} ${key}`)]),
      );
    };
    const known = shapeOf(pageOf(warned, hostile(warned, ' other')));
    fc.assert(
      fc.property(hostileText, (text) => {
        const page = pageOf(warned, hostile(warned, text));
        expect([...shapeOf(page)].filter((word) => !known.has(word))).toEqual([]);
        const programs = elementsOf(page).filter(
          ({ name, attributes }) => name === 'script' && !attributes.has('type'),
        );
        expect(programs.map((one) => one.text)).toEqual([SCRIPT]);
      }),
      { numRuns: 8 },
    );
  });

  it('takes any ids and keys, as files may have them', () => {
    const hostile = hostileKeys(warned, '"><b>');
    expect(parseResult(JSON.parse(JSON.stringify(hostile)), 'a file')).toEqual(hostile);
  });

  it('is made of a result without cells, and of results that have different ones', () => {
    expect(pageOf(resultOf())).toContain('No transmit design was measured');
    const seen = elementsOf(pageOf(resultOf(copyCells()), resultOf(), resultOf(designCells())));
    expect(seen.filter(({ name }) => name === 'figure')).toHaveLength(2);
  });

  it('is below five megabytes with eight machines, with a thousand cells each', () => {
    const many = Array.from({ length: 250 }, (_, at) =>
      copyCells()
        .rows.slice(0, 4)
        .map((row) => ({
          ...row,
          params: { ...row.params, kernel: `kernel-${at % 8}`, size: 64 * (at + 1) },
        })),
    ).flat();
    const cells = resultOf(copyCells()).results.slice(0, 1);
    const results = many.map(({ params }, at) => ({ ...cells[0]!, id: `copy-cost/${at}`, params }));
    const large: ResultDocument = { ...resultOf(copyCells()), results, ratios: [] };
    const page = pageOf(...Array.from({ length: 8 }, () => large));
    expect(Buffer.byteLength(page)).toBeLessThan(MOST_PAGE_BYTES);
    expect(elementsOf(page).filter(({ name }) => name === 'figure')).toHaveLength(8);
  });

  it('is below five megabytes with eight machines that have all committed cells of a host each', () => {
    const [first, ...others] = ['', 'surface/', 'temperature/', 'pollution/'].map((kind) =>
      readResult(`benchmarks/results/${kind}amd-epyc-family-26-2-cpu-kvm.json${kind === '' ? '' : '.gz'}`),
    );
    const all: ResultDocument = {
      ...first!,
      scenarios: [first!, ...others].flatMap(({ scenarios }) => scenarios),
      results: [first!, ...others].flatMap(({ results }) => results),
    };
    expect(all.results.length).toBeGreaterThan(1000);
    const page = pageOf(...Array.from({ length: 8 }, () => all));
    expect(Buffer.byteLength(page)).toBeLessThan(MOST_PAGE_BYTES);
    expect(page.match(/<figure/g)!.length).toBeGreaterThanOrEqual(8 * 6);
    const forms = packedIn(page);
    expect(forms.map(({ results }) => results.length)).toEqual(Array.from({ length: 8 }, () => all.results.length));
    for (const form of forms) expect(parseResult(form, 'the page').ratios).toHaveLength(all.ratios.length);
    expect(page).toContain('without samples and rounds, which copytax compare needs');
  });

  it('has the data of eight usual runs whole: points of pictures give way', () => {
    const usual = readResult('benchmarks/results/amd-epyc-family-26-2-cpu-kvm.json');
    const page = pageOf(...Array.from({ length: 8 }, () => usual));
    expect(Buffer.byteLength(page)).toBeLessThan(MOST_PAGE_BYTES);
    const data = packedIn(page);
    expect(data).toHaveLength(8);
    expect(data[7]!.results).toEqual(JSON.parse(JSON.stringify(usual.results)));
  });

  it('is below five megabytes with a document of ten, which it has whole where it fits when it is packed', () => {
    const next = random(1);
    const filled = (digits: number): ResultDocument => ({
      ...full,
      results: full.results.map((cell) => ({
        ...cell,
        samples: Array.from({ length: Math.ceil(10e6 / full.results.length / (digits + 3)) }, () =>
          Number((1 + next()).toFixed(digits)),
        ),
      })),
    });
    for (const [digits, isWhole] of [
      [2, true],
      [15, false],
    ] as const) {
      const large = filled(digits);
      expect(JSON.stringify(large).length).toBeGreaterThan(9e6);
      const page = pageOf(large);
      expect(Buffer.byteLength(page)).toBeLessThan(MOST_PAGE_BYTES);
      const seen = elementsOf(page);
      const [data] = packedIn(page);
      const said = seen.some(({ name, text }) => name === 'li' && text.includes(', without '));
      expect(said).toBe(!isWhole);
      if (isWhole) expect(data).toEqual(large);
      else expect(data!.results).toHaveLength(large.results.length);
      expect(seen.filter(({ name }) => name === 'figure').length).toBeGreaterThanOrEqual(2);
    }
  });

  it('shows a replay beside results, and has no hosts without one', async () => {
    const replays = [{ name: 'eight', document: await replayOf('vnet-tcp8-k6.12.trace.gz') }];
    const ids = (page: string) =>
      elementsOf(page).flatMap(({ name, attributes }) => (name === 'section' ? attributes.get('id')! : []));
    expect(ids(reportPage({ results: [], replays, sizings: [] }))).toEqual(['replays', 'data']);
    const both = reportPage({ results: [{ name: 'a', document: full }], replays, sizings: [] });
    expect(ids(both)).toEqual(expect.arrayContaining(['verdict', 'cores', 'replays', 'hosts']));
  });
});
