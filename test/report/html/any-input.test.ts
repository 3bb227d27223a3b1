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
import { elementsOf } from '../fixtures/elements.js';
import { hostileText } from '../fixtures/hostile.js';
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

  // Not left to chance: without the size of a single cell every report ended in a TypeError.
  it.each(ODD_VALUES.map((odd) => [odd]))('is made, or is refused, where parameters of a cell are %p', (odd) => {
    for (const place of places.filter((one) => one[0] === 'results' && one[1] === 0 && one[2] === 'params')) {
      madeOf(read, withOdd(document, place, odd));
    }
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

describe('a page of a replay and of a size', () => {
  /** Elements with their attributes, and programs that could run. */
  const shapeOf = (page: string) =>
    elementsOf(page).flatMap(({ name, attributes, text }) => {
      const isProgram = name === 'script' && !attributes.has('type');
      return [...attributes.keys()].map((key) => `${name} ${key}`).concat(isProgram ? text : name);
    });

  it.each(DOCUMENTS.slice(0, 4))(
    'is of the same elements and programs, whatever the file names: %s',
    (_, read, document) => {
      const known = new Set(shapeOf(reportPage(read(document))));
      const isText = (place: readonly (string | number)[]) => typeof valueAt(document, place) === 'string';
      const places = placesIn(document).filter(isText);
      fc.assert(
        fc.property(hostileText, (text) => {
          let hostile = document;
          for (const place of places) {
            const changed = withOdd(hostile, place, `${valueAt(hostile, place)}${text}`);
            if (madeOrNull(read, changed) !== null) hostile = changed;
          }
          if ('devices' in hostile) hostile = { ...hostile, devices: { ...hostile.devices, [text]: hostile.cpus[0] } };
          expect(shapeOf(reportPage(read(hostile))).filter((shape) => !known.has(shape))).toEqual([]);
        }),
        { numRuns: 5 },
      );
    },
  );

  const valueAt = (document: unknown, place: readonly (string | number)[]) =>
    place.reduce((value, key) => (value as Record<string | number, unknown>)[key], document);

  /** What is read of a document; null where words of another list are asked for. */
  function madeOrNull(read: (document: unknown) => PageContents, document: unknown): PageContents | null {
    try {
      return read(document);
    } catch {
      return null;
    }
  }
});
