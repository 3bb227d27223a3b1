import { describe, expect, it } from '@jest/globals';
import {
  bounceParts,
  bouncingKernels,
  contestOf,
  lostPerMib,
  partRatio,
  slowdownPer100,
  sumRatio,
  victimRatio,
  victimRows,
} from '../../../lib/report/speed/pollution-lines.js';
import { KIB, MIB } from '../../../lib/units.js';
import { COPY, KERNELS, PACED_GBPS, pollutionCell, pollutionCells, READ, SLOWER } from '../fixtures/pollution.js';

const cells = pollutionCells();
const contest = { streaming: 'nt-avx2', usual: 'movsb' };

describe('victimRows', () => {
  it('are by working set, with the ratio of each copy kernel to no bounce', () => {
    const rows = victimRows(cells, 'same core');
    expect(rows.map(({ workingSet, packets, pace }) => ({ workingSet, packets, pace }))).toEqual([
      { workingSet: 24 * KIB, packets: 4, pace: null },
      { workingSet: 2 * MIB, packets: 4, pace: null },
    ]);
    for (const { slowed, quiet } of rows) {
      expect(quiet.params.kernel).toBe('none');
      expect(slowed.map(({ kernel }) => kernel)).toEqual([...KERNELS]);
      for (const [at, kernel] of KERNELS.entries()) expect(slowed[at]!.ratio.median).toBeCloseTo(SLOWER[kernel]);
    }
  });

  it('are of each pace, beside the one neighbour without bounces', () => {
    const rows = victimRows(cells, 'neighbour');
    expect(rows.map(({ pace, workingSet }) => [pace, workingSet / MIB])).toEqual([
      ['paced', 2],
      ['paced', 8],
      ['full speed', 2],
      ['full speed', 8],
    ]);
  });

  it('are none without a victim that no bounce disturbs, and without rounds in common', () => {
    const alone = cells.filter(({ params }) => params.kernel !== 'none');
    expect(victimRows(alone, 'same core')).toEqual([]);
    const failed = cells.map((cell) => (cell.params.kernel === 'movsb' ? { ...cell, samples: [null] } : cell));
    expect(victimRows(failed, 'same core').map(({ slowed }) => slowed.map(({ kernel }) => kernel))).toEqual([
      ['nt-avx2'],
      ['nt-avx2'],
    ]);
  });
});

describe('what victims lose', () => {
  it('is time per MiB that is bounced, on the core of the sender', () => {
    const [small] = victimRows(cells, 'same core');
    const [movsb] = small!.slowed;
    // 384 loads of 2 ns take half as long again; four packets are a quarter of a MiB.
    expect(lostPerMib(small!, movsb!)!.median).toBeCloseTo(0.5 * 2 * 384 * 4);
    const [near] = victimRows(cells, 'neighbour');
    expect(lostPerMib(near!, near!.slowed[0]!)).toBeNull();
  });

  it('is a share per 100 Gbit/s beside a neighbour, and not known without a rate', () => {
    const [near] = victimRows(cells, 'neighbour');
    expect(slowdownPer100(near!.slowed[0]!)!.median).toBeCloseTo((0.5 * 100) / PACED_GBPS);
    const [small] = victimRows(cells, 'same core');
    expect(slowdownPer100(small!.slowed[0]!)).toBeNull();
  });
});

describe('a contest', () => {
  it('is of the non-temporal copy kernel with the usual one, or with the first of the others', () => {
    expect(bouncingKernels(cells)).toEqual([...KERNELS]);
    expect(contestOf(cells)).toEqual(contest);
    const named = (...kernels: string[]) => kernels.map((kernel) => pollutionCell('copy', kernel, {}, 1));
    expect(contestOf(named('libc', 'neon', 'nt-neon'))).toEqual({ streaming: 'nt-neon', usual: 'libc' });
    expect(contestOf(named('libc'))).toBeUndefined();
    expect(contestOf(named('nt-neon'))).toBeUndefined();
  });

  it('has ratios of copies, of reads, of both together and of victims', () => {
    const parts = bounceParts(cells);
    expect(parts.map(({ name }) => name)).toEqual(['copy', 'device, same core', 'device, another core', 'whole path']);
    const [copy, read] = parts;
    expect(partRatio(copy, contest)!.median).toBeCloseTo(COPY['nt-avx2'] / COPY.movsb);
    expect(partRatio(read, contest)!.median).toBeCloseTo(READ['nt-avx2'] / READ.movsb);
    const sum = (COPY['nt-avx2'] + READ['nt-avx2']) / (COPY.movsb + READ.movsb);
    expect(sumRatio(copy!, read!, contest)!.median).toBeCloseTo(sum);
    const [row] = victimRows(cells, 'neighbour');
    expect(victimRatio(row!, contest)!.median).toBeCloseTo(SLOWER['nt-avx2'] / SLOWER.movsb);
  });

  it('has no ratio of what was not measured with both', () => {
    const [copy, read] = bounceParts(cells.filter(({ params }) => params.kernel === 'movsb'));
    const [row] = victimRows(
      cells.filter(({ params }) => params.kernel !== 'nt-avx2'),
      'same core',
    );
    const ratios = [
      partRatio(undefined, contest),
      partRatio(copy, contest),
      sumRatio(copy!, read!, contest),
      victimRatio(row!, contest),
    ];
    expect(ratios).toEqual([null, null, null, null]);
  });
});
