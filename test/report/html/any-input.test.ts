/** Pages of what files may hold besides what copytax writes: parts that lack, values of other kinds, markup. */
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readJson } from '../../../lib/bench/files/read-json.js';
import { parseResult } from '../../../lib/bench/result/result.js';
import { parseReplay } from '../../../lib/capture/files/replay-schema.js';
import { parseSizing } from '../../../lib/capture/files/sizing-schema.js';
import type { PageContents } from '../../../lib/report/html/contents.js';
import { MOST_PAGE_BYTES, reportPage } from '../../../lib/report/html/page.js';
import { plots } from '../../../lib/report/plots/plots.js';
import { replayPlots } from '../../../lib/report/plots/replay-plot.js';
import { sizingPlots } from '../../../lib/report/plots/sizing-plot.js';
import { ODD_VALUES, placesIn, withOdd } from '../fixtures/damaged.js';
import { replayOf } from '../fixtures/replay.js';
import { controlCells, copyCells, designCells, priceCells, resultOf, slotCells } from '../fixtures/result.js';
import { sizingOfCapture, sizingOfFlows } from '../fixtures/sizing.js';

const written = (document: unknown) => JSON.parse(JSON.stringify(document));
const NONE: PageContents = { results: [], replays: [], sizings: [] };

const replays = (document: unknown): PageContents => {
  return { ...NONE, replays: [{ name: 'a', document: parseReplay(document, 'a file') }] };
};
const sizings = (document: unknown): PageContents => {
  return { ...NONE, sizings: [{ name: 'a', document: parseSizing(document, 'a file') }] };
};
const results = (document: unknown): PageContents => {
  return { ...NONE, results: [{ name: 'a', document: parseResult(document, 'a file') }] };
};

/** A page and all pictures; null: the document was refused, with the path of what is wrong. */
function madeOf(read: (document: unknown) => PageContents, document: unknown): string | null {
  let contents: PageContents;
  try {
    contents = read(document);
  } catch (error) {
    expect(error).toMatchObject({ code: 'ERR_RESULT_SCHEMA', message: expect.stringMatching(/^a file is not /) });
    return null;
  }
  const pictures = [
    ...contents.results.flatMap((one) => plots(one.document)),
    ...contents.replays.flatMap((one) => replayPlots(one.document)),
    ...contents.sizings.flatMap((one) => sizingPlots(one.document)),
  ];
  for (const { svg } of pictures) expect(/NaN|Infinity|undefined/.test(svg)).toBe(false);
  const page = reportPage(contents);
  expect(Buffer.byteLength(page)).toBeLessThan(MOST_PAGE_BYTES);
  return page;
}

const DOCUMENTS = [
  ['a replay', replays, written(await replayOf('vnet-tcp8-k6.12.trace.gz'))],
  ['a replay whose ends are not told', replays, written(await replayOf('kp-pressure-k6.1.trace.gz'))],
  ['a size for a capture', sizings, written(await sizingOfCapture())],
  ['a size for flows', sizings, written(await sizingOfFlows())],
  ['designs', results, written(resultOf(designCells(), priceCells()))],
  ['copies', results, written(resultOf(copyCells(), controlCells(), slotCells()))],
  ['a committed result', results, readJson('benchmarks/results/amd-epyc-family-26-2-cpu-kvm.json')],
] as const;

describe.each(DOCUMENTS)('a page of %s', (_, read, document) => {
  const places = placesIn(document);

  it('is made of it as it was written', () => {
    expect(madeOf(read, document)).not.toBeNull();
  });

  it('is made, or is refused with the place, where a value is another or lacks', () => {
    fc.assert(
      fc.property(fc.constantFrom(...places), fc.constantFrom(...ODD_VALUES), (place, odd) => {
        madeOf(read, withOdd(document, place, odd));
      }),
      { numRuns: 60 },
    );
  });
});
