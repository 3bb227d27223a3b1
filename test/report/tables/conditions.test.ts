import { describe, expect, it } from '@jest/globals';
import type { CellResult } from '../../../lib/bench/result/result.js';
import { conditions, headline, describe as inWords } from '../../../lib/report/tables/conditions.js';
import { copyCells, designCells, priceCells, resultOf } from '../fixtures/result.js';

const BASE = { senders: 2, queues: 1, message: 65536, window: 4 << 20 };
const FIXED = { device: 'retire', pool: 64 << 20, cpus: 2 };
const RATES = { direct: 250, bounce: 120, 'bounce-pages': 240 };
const headlineOf = (...params: CellResult['params'][]) => {
  const all = params.flatMap((condition) => conditions(resultOf(designCells(RATES, condition))));
  return headline(all)?.params;
};

describe('conditions', () => {
  it('group cells by all parameters but the design', () => {
    const [condition, ...others] = conditions(resultOf(designCells(), copyCells()));
    expect(others).toEqual([]);
    expect(condition!.params).toEqual({ ...BASE, ...FIXED });
    expect(condition!.cells.map(({ params }) => params.design)).toEqual(['direct', 'bounce', 'bounce-pages']);
  });

  it('are those of the prices of designs only if no others were measured', () => {
    const all = conditions(resultOf(designCells(), priceCells()));
    expect(all).toEqual(conditions(resultOf(designCells())));
    const [large, small] = conditions(resultOf(priceCells()));
    expect([large, small].map((one) => [one!.params.pool, one!.cells.length])).toEqual([
      [64 << 20, 3],
      [2 << 20, 2],
    ]);
  });

  it('are described in words', () => {
    expect(inWords({ percent: 10, ackDelayNs: 50_000 })).toBe(
      'pages from at most 10 % of the slot pool, acknowledged after 50.0 µs',
    );
    expect(inWords({ ...BASE, ...FIXED, kernel: 'libc' })).toBe(
      '2 senders, 1 queue, 64 KiB messages, 4 MiB in flight each, a device that completes at the doorbell, ' +
        '64 MiB slot pool, 2 CPUs, libc copies',
    );
  });
});

describe('headline', () => {
  it('is the condition with 64 KiB messages and 4 MiB send buffers, or the nearest to it', () => {
    expect(headlineOf({ ...BASE, message: 1500 }, BASE, { ...BASE, window: 256 << 10 })).toEqual(BASE);
    expect(headlineOf({ ...BASE, message: 1500 }, { ...BASE, message: 16384 })?.message).toBe(16384);
  });

  it('is the condition with the usual slot pool and percentage, acknowledged at once', () => {
    const usual = { ...BASE, pool: 64 << 20, ackDelayNs: 0, percent: 90 };
    const others = [{ pool: 16 << 20 }, { pool: 1 << 30 }, { percent: 0 }, { ackDelayNs: 1e6 }];
    expect(headlineOf(...others.map((other) => ({ ...usual, ...other })), usual)).toEqual(usual);
  });

  it('is the condition with the usual flavour and growth, whatever the order of the run', () => {
    const usual = { ...BASE, growth: 'none', flavour: 'hardened', freeDispatch: 'design' };
    const others = [{ flavour: 'faithful' }, { growth: 'pools' }, { freeDispatch: 'typed-folio' }];
    expect(headlineOf(...others.map((other) => ({ ...usual, ...other })), usual)).toEqual(usual);
    expect(headlineOf(usual, { ...usual, flavour: 'faithful', senders: 4 })).toEqual(usual);
    expect(headlineOf({ ...BASE, flavour: 'faithful' })).toEqual({ ...BASE, flavour: 'faithful' });
  });

  it('is the condition with the most senders on the fewest queues', () => {
    expect(headlineOf({ ...BASE, senders: 1 }, BASE, { ...BASE, queues: 2 })).toEqual(BASE);
  });

  it('is null without transmit designs', () => {
    expect(headline(conditions(resultOf(copyCells())))).toBeNull();
  });
});
