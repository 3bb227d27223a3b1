import { describe, expect, it } from '@jest/globals';
import { type ResultDocument, resultSchema } from '../../../lib/bench/result/result.js';
import { plusMinus, pricedDesigns, pricesLegend, pricesTables } from '../../../lib/report/tables/prices.js';
import { designCells, priceCells, resultOf, withStopped } from '../fixtures/result.js';

/** The result with other samples of one ledger key in all cells. */
function withSamples(result: ResultDocument, key: string, samples: (number | null)[]): ResultDocument {
  const results = result.results.map((cell) => ({ ...cell, ledgerSamples: { ...cell.ledgerSamples, [key]: samples } }));
  return { ...result, results };
}

const summary = (median: number, half: number) => ({ median, low: median - half, high: median + half, confidence: 1 });

describe('the table of prices', () => {
  const result = resultOf(priceCells());

  it('has a line for each design with its rate, its cores, and what these are made of', () => {
    const [cores] = pricesTables(result);
    expect(cores!.split('\n')).toEqual([
      'design        copies          Gbit/s      cores       user     bounce  slot+page      locks       rest',
      'direct          1.00  253 [250, 255]  0.75±0.00  0.60±0.00  0.00±0.00  0.05±0.00  0.00±0.00  0.10±0.00',
      'bounce          2.00  121 [120, 122]  1.65±0.00  0.70±0.00  0.70±0.00  0.05±0.00  0.10±0.00  0.10±0.00',
      'bounce-pages    1.00  242 [240, 245]  0.85±0.00  0.65±0.00  0.00±0.00  0.10±0.00  0.00±0.00  0.10±0.00',
    ]);
  });

  it('has the memory of a flow, the cost of allocation, and what a small slot pool does, in the same lines', () => {
    const [, memory] = pricesTables(result);
    expect(memory!.split('\n')).toEqual([
      'design        held  most  in flight  alloc       full: x rate  bounced  requeued',
      'direct           0     0       1536    262                  -        -         -',
      'bounce        32.0  64.0       1536    262  0.50 [0.50, 0.50]      100      12.5',
      'bounce-pages  1536  2048       1536    524  0.50 [0.50, 0.50]     25.0      12.5',
    ]);
  });

  it('gives half the width of the interval beside each number, and a dash where a round has none', () => {
    const spread = [330, 280, 370, 290, 350, 300, 360, 310, 340, 320, null, null];
    const shown = withSamples(
      result,
      'payloadBytesHeld',
      spread.map((value) => value && value * 2048),
    );
    expect(pricesTables(shown)[1]).toMatch(/direct .* 325±28 /);
    const none = pricesTables(withSamples(result, 'slotBytesHeld', Array(12).fill(null)))[1];
    expect(none).toMatch(/bounce-pages +- +2048 /);
  });

  it('says that a design stops in a small slot pool, and gives no ratio', () => {
    const stopped = withStopped(result, 'bounce-pages');
    expect(pricesTables(stopped)[1]).toMatch(/bounce-pages .* 524 +stops +25.0 +12.5$/m);
    expect(pricesTables(stopped)[1]).toMatch(/^bounce .* 0.50 \[0.50, 0.50\] /m);
    expect(pricesLegend(stopped).at(-1)).toBe(
      'stops: the slot pool was full of payload that was not transmitted, and nothing was sent any more',
    );
    expect(pricesLegend(result).join('\n')).not.toContain('stops');
  });

  it('fits the width of a report, also with wide intervals and long names', () => {
    const wide = Array.from({ length: 12 }, (_, round) => 1 + (round % 4));
    const rates = { direct: 250, bounce: 120, 'bounce-pages': 240 };
    let shown = resultOf(priceCells(rates));
    for (const key of ['coresUser', 'coresBounce', 'coresSlotPage', 'coresLockWait', 'coresRest', 'copiesPerByte']) {
      shown = withSamples(shown, key, wide);
    }
    for (const line of pricesTables(shown).flatMap((text) => text.split('\n'))) {
      expect(line.length).toBeLessThanOrEqual(110); // a report indents tables by two
    }
  });

  it('is left out of results without prices', () => {
    const other = resultOf(designCells());
    expect({ priced: pricedDesigns(other), tables: pricesTables(other), legend: pricesLegend(other) }).toEqual({
      priced: [],
      tables: [],
      legend: [],
    });
  });

  it('shows what an older file has: no interval without samples, and no small slot pool', () => {
    const older = {
      ...result,
      results: result.results
        .filter(({ params }) => params.pool === 64 << 20)
        .map(({ ledgerSamples: _samples, cores: _cores, ...cell }) => cell),
    };
    const [cores, memory] = pricesTables(resultSchema().parse(older));
    expect(cores).toMatch(/direct +- +253 \[250, 255\] +0\.75 +0\.60 /);
    expect(memory).toMatch(/bounce +- +- +- +262 +- +- +-/);
    expect(pricesLegend(older).at(-1)).toContain('not measured');
  });
});

describe('pricesLegend', () => {
  it('says the sizes of the small slot pool and of what may be in flight, and how sure the intervals are', () => {
    const legend = pricesLegend(resultOf(priceCells())).join('\n');
    expect(legend).toContain('a slot pool of 2 MiB instead of 64 MiB, for up to 8 MiB in flight');
    expect(legend).toContain('median of 12 rounds, confidence 95 %');
  });

  it('says which of several flavours and growths the prices are of', () => {
    const result = resultOf(priceCells());
    const results = result.results.map((cell) => ({
      ...cell,
      params: { ...cell.params, flavour: 'hardened', growth: 'none' },
    }));
    const asked = (settings: Partial<ResultDocument['settings']>) =>
      pricesLegend({ ...result, results, settings: { ...result.settings, ...settings } }).join('\n');
    expect(asked({ flavours: ['faithful', 'hardened'] })).toContain(
      'the prices are of one of the values that were asked for: flavour hardened\n',
    );
    expect(asked({ flavours: ['faithful', 'hardened'], growths: ['none', 'pools'] })).toContain(
      'asked for: growth none, flavour hardened\n',
    );
    expect(asked({ flavours: ['hardened'] })).not.toContain('asked for');
  });

  it('says that there are no intervals after a single round', () => {
    const result = resultOf(priceCells());
    const results = result.results.map((cell) => ({ ...cell, samples: cell.samples.slice(0, 1) }));
    const legend = pricesLegend({ ...result, results }).join('\n');
    expect(legend).toContain('no number has an interval');
    expect(legend).not.toContain('confidence');
  });

  it('explains only those designs that no other table explains', () => {
    const some = resultOf(designCells({ direct: 250 }), priceCells());
    const legend = pricesLegend(some).join('\n');
    expect(legend).not.toContain('design direct');
    expect(legend).toContain('design bounce: conventional swiotlb');
  });
});

describe('a number with half the width of its interval', () => {
  it.each([
    [325, 12, '325±12'],
    [0.0823, 29, '0.1±29.0'],
    [8.2, 0.5, '8.20±0.50'],
    [3004, 342, '3004±342'],
    [0, 0, '0'],
  ])('is written for %d and %d as %s', (median, half, text) => {
    expect(plusMinus(summary(median, half))).toBe(text);
  });

  it('is a dash without samples', () => {
    expect(plusMinus(null)).toBe('-');
  });
});
