import { describe, expect, it } from '@jest/globals';
import { BatchCounts, CounterLender, perKiB } from '../../../lib/bench/counters/batch-counts.js';
import { Counters } from '../../../lib/bench/counters/counters.js';
import { timedCopy } from '../../../lib/memory/copy.js';
import { Region } from '../../../lib/memory/region.js';
import { fakeCounters } from './fixtures/fake-counters.js';

const opened = (names: string[]) => {
  const fake = fakeCounters(names);
  const lender = new CounterLender(() => new Counters(fake));
  const counts = new BatchCounts(lender);
  counts.open();
  return { fake, counts, lender };
};

describe('perKiB', () => {
  it('divides counts by the KiB that were copied, under the keys of a ledger', () => {
    const counts = { cycles: 4096, instructions: 2048, llcMisses: 64, dtlbLoadMisses: 4, dtlbStoreMisses: 2, other: 9 };
    expect(perKiB({ counts, ranShare: 0.5 }, 4096)).toEqual({
      cyclesPerKiB: 1024,
      instructionsPerKiB: 512,
      llcMissesPerKiB: 16,
      dtlbLoadMissesPerKiB: 1,
      dtlbStoreMissesPerKiB: 0.5,
      countersRanShare: 0.5,
    });
  });

  it('says nothing where nothing counted, or nothing was copied', () => {
    expect(perKiB({ counts: {}, ranShare: null }, 4096)).toEqual({});
    expect(perKiB({ counts: { cycles: 5 }, ranShare: 1 }, 0)).toEqual({});
  });
});

describe('BatchCounts', () => {
  it('adds up the batches that it is told, of which some are not counted', () => {
    const { counts } = opened(['cycles', 'instructions']);
    for (let time = 0; time < 2; time++) {
      // Two batches of two counters: the first batch is only to warm up.
      counts.into(2)!.set([9, 9, 9, 9, 9, 9, 100, 50, 50, 60, 50, 50]);
      counts.add(1);
    }
    expect(counts.ledger(2048)).toEqual({ cyclesPerKiB: 100, instructionsPerKiB: 60, countersRanShare: 1 });
    expect(counts.ledger(2048)).toEqual({});
    counts.close();
  });

  it('has no count of what never ran, and counts nothing twice', () => {
    const { counts } = opened(['cycles', 'instructions']);
    counts.into(1)!.set([0, 50, 0, 60, 50, 25]);
    counts.add(0);
    expect(counts.ledger(1024)).toEqual({ instructionsPerKiB: 120, countersRanShare: 0.5 });
    expect([...counts.into(1)!]).toEqual([0, 0, 0, 0, 0, 0]);
    counts.add(0);
    expect(counts.ledger(1024)).toEqual({});
    counts.close();
  });

  it('names its keys also after it is closed, and gives the counters back once', () => {
    const { fake, counts } = opened(['cycles']);
    counts.close();
    counts.close();
    expect({ open: fake.open, keys: counts.keys.includes('cyclesPerKiB') }).toEqual({ open: 0, keys: true });
    expect(counts.into(1)).toBeUndefined();
  });

  it('shares the counters with other scenarios of its thread, each with a sum of its own', () => {
    const { fake, counts, lender } = opened(['cycles']);
    const other = new BatchCounts(lender);
    other.open();
    other.open();
    counts.into(1)!.set([7, 1, 1]);
    counts.add(0);
    other.into(1)!.set([9, 1, 1]);
    other.add(0);
    expect([counts.ledger(1024).cyclesPerKiB, other.ledger(1024).cyclesPerKiB]).toEqual([7, 9]);
    counts.close();
    expect({ open: fake.open, keys: other.keys.length > 0 }).toEqual({ open: 1, keys: true });
    other.close();
    expect(fake.open).toBe(0);
  });

  it('counts a loop', () => {
    const { fake, counts } = opened(['cycles']);
    expect(counts.around(1024, () => fake.rows.splice(0, 3, 77, 10, 10))).toEqual({
      cyclesPerKiB: 77,
      countersRanShare: 1,
    });
    counts.close();
    let ran = 0;
    expect(counts.around(1024, () => ran++)).toEqual({});
    expect(ran).toBe(1);
  });

  it('does without counters where there are none, or where the program that calls has them', () => {
    const { counts } = opened([]);
    expect({ keys: counts.keys, into: counts.into(1), ledger: counts.ledger(1024) }).toEqual({
      keys: [],
      into: undefined,
      ledger: {},
    });
    const second = new BatchCounts(new CounterLender(() => new Counters(fakeCounters(['cycles']))));
    second.open(); // the first one is open still
    expect(second.keys).toEqual([]);
    counts.close();
  });

  it('has timedCopy count as many batches as there are, on a host that grants counters', () => {
    const counts = new BatchCounts();
    counts.open();
    using from = Region.create({ bytes: 65_536 });
    using to = Region.create({ bytes: 65_536 });
    const copies = { copyKernel: 'libc', bytes: 4096, batch: 100, srcSpan: 65_536, dstSpan: 65_536 } as const;
    timedCopy({ ...copies, srcRegion: from, dstRegion: to }, 2, undefined, counts.into(2));
    counts.add(1);
    const { instructionsPerKiB, countersRanShare } = counts.ledger(409_600);
    counts.close();
    if (counts.keys.length === 0) {
      console.warn('SKIPPED: this host grants no counter');
      expect(countersRanShare).toBeUndefined();
    } else {
      expect(instructionsPerKiB ?? 1).toBeGreaterThan(0);
    }
  });
});
