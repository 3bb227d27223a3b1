import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { ResultDocument } from '../../../lib/bench/result/result.js';
import { MOST_PAGE_BYTES, reportPage } from '../../../lib/report/html/page.js';
import { SCRIPT } from '../../../lib/report/html/script.js';
import { elementsOf } from '../fixtures/elements.js';
import { hostileResult, hostileText } from '../fixtures/hostile.js';
import { replayOf } from '../fixtures/replay.js';
import { controlCells, copyCells, designCells, priceCells, resultOf, slotCells } from '../fixtures/result.js';

const pageOf = (...documents: readonly ResultDocument[]) =>
  reportPage({
    results: documents.map((document, at) => ({ name: `machine ${at + 1}`, document })),
    replays: [],
    sizings: [],
  });

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

  it('is one of the same elements and attributes, whatever a result names', () => {
    const shapeOf = (page: string) => {
      const seen = elementsOf(page);
      return new Set(
        seen.flatMap(({ name, attributes }) => [name, ...[...attributes.keys()].map((key) => `${name} ${key}`)]),
      );
    };
    const known = shapeOf(pageOf(warned, hostileResult(warned, ' other')));
    fc.assert(
      fc.property(hostileText, (text) => {
        const page = pageOf(warned, hostileResult(warned, text));
        expect([...shapeOf(page)].filter((word) => !known.has(word))).toEqual([]);
        const programs = elementsOf(page).filter(
          ({ name, attributes }) => name === 'script' && !attributes.has('type'),
        );
        expect(programs.map((one) => one.text)).toEqual([SCRIPT]);
      }),
      { numRuns: 8 },
    );
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

  it('shows a replay beside results, and has no hosts without one', async () => {
    const replays = [{ name: 'eight', document: await replayOf('vnet-tcp8-k6.12.trace.gz') }];
    const ids = (page: string) =>
      elementsOf(page).flatMap(({ name, attributes }) => (name === 'section' ? attributes.get('id')! : []));
    expect(ids(reportPage({ results: [], replays, sizings: [] }))).toEqual(['replays', 'data']);
    const both = reportPage({ results: [{ name: 'a', document: full }], replays, sizings: [] });
    expect(ids(both)).toEqual(expect.arrayContaining(['verdict', 'cores', 'replays', 'hosts']));
  });
});
