import { describe, expect, it } from '@jest/globals';
import type { BreakEvenResult, CrossingResult } from '../../../lib/bench/result/result.js';
import {
  breakEvenLegend,
  breakEvensTable,
  crossingLines,
  priceText,
  sizesText,
} from '../../../lib/report/tables/break-evens.js';

const KIB = 1024;
const [FIRST, LAST] = [4 * KIB, 1024 * KIB];
const sure = (size: number | null) => ({ median: size, low: size, high: size });
const TERMINAL = { columns: 100, isPlain: true };
const SOURCE = { title: 'A paper', address: 'https://example.org/paper', date: '2024-12' };

function found(wins: readonly (readonly [number, number])[], more: Partial<BreakEvenResult> = {}): BreakEvenResult {
  return {
    id: 'convert-in-place/just-written',
    scenario: 'convert-in-place',
    cost: 'just written',
    compared: [FIRST, LAST],
    price: {
      name: 'SEV-SNP',
      nsPerUse: 5930,
      nsPerPage: 0,
      isLowerBound: true,
      includes: 'two calls',
      source: SOURCE,
    },
    wins: wins.map(([from, to]): [number, number] => [from, to]),
    smallest: sure(wins[0]?.[0] ?? null),
    largest: sure(wins.at(-1)?.[1] ?? null),
    rounds: 30,
    ...more,
  };
}

const text = (one: BreakEvenResult) => sizesText(one, FIRST, LAST);

describe('sizesText', () => {
  it('says always, never, from a size on, up to one, or between two', () => {
    expect(text(found([[FIRST, LAST]]))).toBe('always');
    expect(text(found([]))).toBe('never');
    expect(text(found([[148 * KIB, LAST]]))).toBe('from 148 KiB');
    expect(text(found([[FIRST, 36 * KIB]]))).toBe('up to 36 KiB');
    expect(text(found([[12 * KIB, 36 * KIB]]))).toBe('12 KiB to 36 KiB');
  });

  it('lists several ranges', () => {
    const several = [
      [FIRST, FIRST],
      [512 * KIB, LAST],
    ] as const;
    expect(text(found(several))).toBe('4 KiB, 512 KiB to 1 MiB');
  });

  it('adds the interval of the end that moves, which may be never', () => {
    const uncertain = (low: number | null, high: number | null) => ({ median: 148 * KIB, low, high });
    expect(text(found([[148 * KIB, LAST]], { smallest: uncertain(140 * KIB, null) }))).toBe(
      'from 148 KiB [140 KiB, never]',
    );
    expect(text(found([[FIRST, 148 * KIB]], { largest: uncertain(null, 160 * KIB) }))).toBe(
      'up to 148 KiB [never, 160 KiB]',
    );
    expect(text(found([], { smallest: { median: null, low: 512 * KIB, high: null } }))).toBe('never [512 KiB, never]');
  });

  it('leaves out what the run does not show', () => {
    const wins = [[FIRST, 36 * KIB] as const, [512 * KIB, LAST] as const];
    expect(text(found(wins, { shown: [] }))).toBe('not shown by this run');
    expect(text(found(wins, { shown: [[512 * KIB, LAST]] }))).toBe(
      '512 KiB to 1 MiB; at other sizes not shown by this run',
    );
    expect(text(found([[FIRST, LAST]], { shown: [[FIRST, LAST]] }))).toBe('always');
    for (const rounds of [1, 5]) expect(text(found(wins, { rounds }))).toBe('not shown by this run');
    expect(text(found([], { shown: [] }))).toBe('never');
  });

  it('says always only where the interval does too', () => {
    const from = { smallest: { median: FIRST, low: FIRST, high: 16 * KIB } };
    expect(text(found([[FIRST, LAST]], from))).toBe('from 4 KiB [4 KiB, 16 KiB]');
    const upTo = { largest: { median: LAST, low: 512 * KIB, high: LAST } };
    expect(text(found([[FIRST, LAST]], upTo))).toBe('up to 1 MiB [512 KiB, 1 MiB]');
  });
});

describe('priceText', () => {
  const priced = (nsPerUse: number, nsPerPage: number, isLowerBound = false) =>
    priceText({ ...found([]).price, nsPerUse, nsPerPage, isLowerBound });

  it('has the price of the range, that of a page, or both, and says what is a bound', () => {
    expect(priced(5930, 0, true)).toBe('at least 5.93 µs');
    expect(priced(0, 300)).toBe('300 ns a page');
    expect(priced(5930, 1250)).toBe('5.93 µs + 1.25 µs a page');
    expect(priced(0, 0)).toBe('nothing');
  });
});

describe('breakEvensTable', () => {
  const given = { ...found([]).price, name: 'given, 60 ns a page', nsPerUse: 0, nsPerPage: 60, source: null };
  const results = [
    found([[FIRST, LAST]], { price: given }),
    found([[148 * KIB, LAST]]),
    found([], { cost: 'in no cache' }),
  ];

  it('has a line for each price and cost, and the name of a price once', () => {
    const lines = breakEvensTable(results)!.split('\n');
    expect(lines[0]).toMatch(/^converting +price +buffer +is cheaper$/);
    expect(lines[1]).toMatch(/^given, 60 ns a page +at least 60.0 ns a page +just written +always$/);
    expect(lines[2]).toMatch(/^SEV-SNP +at least 5.93 µs +just written +from 148 KiB$/);
    expect(lines[3]).toMatch(/^ +in no cache +never$/);
    expect(lines).toHaveLength(4);
  });

  it('has one line for a price whose sizes are the same at every cost', () => {
    const lines = breakEvensTable([found([]), found([], { cost: 'in no cache' })])!.split('\n');
    expect(lines).toHaveLength(2);
    expect(lines[1]).toMatch(/^SEV-SNP +at least 5.93 µs +any +never$/);
  });

  it('has below it a bar of the sizes of each line on a terminal, and none in a pipe', () => {
    const unsure = { low: 64 * KIB, median: 128 * KIB, high: null };
    const shown: [number, number][] = [[512 * KIB, LAST]];
    const all = [...results, found([[128 * KIB, LAST]], { cost: 'hot', smallest: unsure, shown })];
    const [text, drawn] = breakEvensTable(all, TERMINAL)!.split('\n\n');
    expect(text).toBe(breakEvensTable(all));
    expect(text).not.toContain('#');
    const lines = drawn!.split('\n');
    expect(lines[0]).toMatch(/^converting +buffer +4 KiB +1 MiB$/);
    expect(lines[1]).toMatch(/^given, 60 ns a page +just written +#+$/);
    expect(lines[2]).toMatch(/^SEV-SNP +just written +#+$/);
    expect(lines[3]).toMatch(/^ +in no cache *$/);
    expect(lines[4]).toMatch(/^ +hot {3,}-+=+#+$/);
    const lengths = [1, 2].map((at) => /#+$/.exec(lines[at]!)![0].length);
    expect(lengths[0]).toBeGreaterThan(lengths[1]!);
  });

  it('has no bars where a terminal has no room for them', () => {
    expect(breakEvensTable(results, { ...TERMINAL, columns: 40 })).toBe(breakEvensTable(results));
  });

  it('has no full bar where the rounds are too few to show anything', () => {
    const few = breakEvensTable([found([[FIRST, LAST]], { rounds: 3 })], TERMINAL)!;
    expect(few).toMatch(/^SEV-SNP +just written +=+$/m);
    expect(few).not.toContain('#');
  });

  it('has a bar for costs that share a line only where it is the same for all of them', () => {
    const other = { cost: 'in no cache' };
    const same = breakEvensTable([found([[FIRST, LAST]]), found([[FIRST, LAST]], other)], TERMINAL);
    expect(same).toMatch(/^SEV-SNP +any +#+$/m);
    const few = { rounds: 3 };
    const unlike = [found([[FIRST, LAST]], few), found([[512 * KIB, LAST]], { ...few, ...other })];
    expect(breakEvensTable(unlike, TERMINAL)).toMatch(/^SEV-SNP +any *$/m);
  });

  it('says below that it is computed, up to which size, and each source once', () => {
    const [computed, own, ...published] = breakEvenLegend(results);
    expect(computed).toMatch(/^Computed, not measured: .* up to 1 MiB/);
    expect(own).toBe('given: two calls');
    expect(published).toEqual(['SEV-SNP: two calls. A paper, 2024-12, https://example.org/paper']);
  });

  it('says of the brackets that they are an interval, or that there are too few rounds', () => {
    const [many] = breakEvenLegend(results);
    expect(many).toMatch(/in brackets the 95 % interval that the bounces leave\.$/);
    const [few] = breakEvenLegend([...results, found([], { rounds: 3 })]);
    expect(few).toMatch(/3 rounds are too few to show at which sizes\.$/);
  });

  it('is not there without break-evens', () => {
    expect(breakEvensTable([])).toBeNull();
    expect(breakEvenLegend([])).toEqual([]);
  });
});

function crossed(wins: readonly (readonly [number, number])[], more: Partial<CrossingResult> = {}): CrossingResult {
  return {
    id: 'zerocopy-break-even/msg-zerocopy:bounce/bounce-memory',
    scenario: 'zerocopy-break-even',
    of: 'msg-zerocopy',
    to: 'bounce',
    compared: [KIB, LAST],
    wins: wins.map(([from, to]): [number, number] => [from, to]),
    smallest: sure(wins[0]?.[0] ?? null),
    largest: sure(wins.at(-1)?.[1] ?? null),
    rounds: 30,
    ...more,
  };
}

describe('the lines of crossings', () => {
  it('say from which size on one costs less than another, with the interval, or all sizes, or none', () => {
    const from = { median: 12 * KIB, low: 8 * KIB, high: 20 * KIB };
    expect(
      crossingLines([
        crossed([[12 * KIB, LAST]], { smallest: from }),
        crossed([], { to: 'bounce-pages' }),
        crossed([[KIB, LAST]], { to: 'direct' }),
      ]),
    ).toEqual([
      'msg-zerocopy costs less than bounce: from 12 KiB [8 KiB, 20 KiB]',
      'msg-zerocopy costs less than bounce-pages: at no measured size',
      'msg-zerocopy costs less than direct: at all measured sizes',
      'Measured from 1 KiB to 1 MiB, and between two sizes interpolated; in brackets the 95 % interval.',
    ]);
  });

  it('say in which interval the smallest size is, also where there are several ranges', () => {
    const ranges = [
      [2 * KIB, 4 * KIB],
      [512 * KIB, LAST],
    ] as const;
    const smallest = { median: 2 * KIB, low: KIB, high: null };
    const [line] = crossingLines([crossed(ranges, { smallest })]);
    expect(line).toBe(
      'msg-zerocopy costs less than bounce: 2 KiB to 4 KiB, 512 KiB to 1 MiB; the smallest size [1 KiB, none measured]',
    );
  });

  it('claim no size that the run does not show, and say when it has too few rounds', () => {
    const smallest = { median: 3 * KIB, low: KIB, high: null };
    const noise = crossed([[3 * KIB, 8704]], { smallest, shown: [] });
    const claim = 'msg-zerocopy costs less than bounce: not shown by this run';
    expect(crossingLines([noise])[0]).toBe(claim);
    expect(crossingLines([crossed([[3 * KIB, 8704]], { smallest, rounds: 3 })])).toEqual([
      claim,
      'Measured from 1 KiB to 1 MiB, and between two sizes interpolated; 3 rounds are too few to show at which sizes.',
    ]);
  });

  it('are none without a crossing', () => {
    expect(crossingLines([])).toEqual([]);
  });
});
