import { describe, expect, it } from '@jest/globals';
import type { PoolSizing, TriedPool } from '../../../lib/capture/sizing/pool-sizing.js';
import { failureText, sizingText } from '../../../lib/report/sizing/sizing-text.js';
import { REPORT_WIDTH } from '../../../lib/report/tables/format.js';

function tried(slots: number, failures: number, given: Partial<TriedPool> = {}): TriedPool {
  const high = failures === 0 ? 0.003 : (2 * failures) / 1000;
  return {
    slots,
    bytes: slots * 2048,
    areas: 4,
    percent: 0,
    failures: { attempts: 1000, failures, bursts: failures, probability: failures / 1000, low: 0, high },
    holdsFloor: true,
    failingShare: failures / 500,
    mostUsed: Math.min(slots, 700),
    mostPageSlots: 0,
    passes: 1,
    ...given,
  };
}

const POOLS = [tried(512, 100), tried(1024, 0), tried(2048, 0), tried(4096, 0), tried(8192, 0), tried(32_768, 0)];
const SIZING: PoolSizing = {
  schema: 'copytax.size/1',
  copytax: '0',
  loads: [
    {
      name: 'a.trace',
      mappings: 1000,
      bytes: 3 * 2 ** 20,
      tooLarge: 0,
      largestBytes: 4096,
      durationNs: 5e6,
      heldToEnd: 0,
      cpus: 4,
      floor: 20,
      floorFrom: 'given',
      holds: null,
      capture: null,
      told: null,
    },
  ],
  flows: null,
  cpus: 4,
  memoryBytes: 16 * 2 ** 30,
  seed: 1,
  seen: 1000,
  target: { asked: null, applied: 0.003 },
  pools: [...POOLS, ...POOLS.map(({ slots }) => tried(slots, slots < 2048 ? 5 : 0, { percent: 50 }))],
  percents: [tried(2048, 0, { percent: 10, mostPageSlots: 180 }), tried(2048, 9, { percent: 90, mostPageSlots: 1800 })],
  compared: [
    { name: 'have', pool: POOLS[0]!, isEnough: false, fits: true },
    { name: 'default', pool: POOLS[5]!, isEnough: true, fits: true },
  ],
  recommended: {
    slots: 2048,
    bytes: 4 * 2 ** 20,
    areas: 4,
    token: 'swiotlb=2048,4',
    enoughSlots: 1024,
    high: 0.003,
    headroom: 2,
    askedHeadroom: 2,
    mayShrink: true,
    percent: 10,
    moreBytes: 3 * 2 ** 20,
    inEncryptedGuest: null,
    inEncryptedGuestInstead: null,
  },
  notes: [
    { code: 'other-defaults', text: 'read what there is' },
    { code: 'assumed-drop', text: 'what fails is gone' },
  ],
};

describe('sizingText', () => {
  it('shows what to boot with, what was tried, what others would do, and what is assumed', () => {
    expect(sizingText(SIZING, 'this host')).toBe(`Slot pools for this load, mapped on 4 CPUs:
  a.trace: 1000 mappings of 3.00 MiB in 5.00 ms, at most 4 KiB, above 20 slots that are held

Boot with
  swiotlb=2048,4
    4 MiB in 4 areas, 3 MiB more than there is: 2 times the 1024 slots (2 MiB) that are enough
    none of 1000 mappings failed in those: with 95 % confidence at most 0.300 % do
    bounce pages of senders up to 10 % of the pool, the most that was tried and harmed no others: a limit,
    without headroom

Mappings that fail, and in parentheses the upper limit of their share at 95 % confidence. A pool has no more
areas than segments of 128 slots:

  slots    size          4 areas  with pages, 50 %  most used
    512   1 MiB  10.0 % (20.0 %)  0.500 % (1.00 %)        512
   1024   2 MiB   none (0.300 %)  0.500 % (1.00 %)        700
   2048   4 MiB   none (0.300 %)    none (0.300 %)        700
   4096   8 MiB   none (0.300 %)    none (0.300 %)        700
  32768  64 MiB   none (0.300 %)    none (0.300 %)        700

What other pools would do (memory: 16.0 GiB, this host):

                                slots    size  areas    mappings fail  of the time  most used
  what there is      too small    512   1 MiB      4  10.0 % (20.0 %)       20.0 %      100 %
  64 MiB, the usual  enough     32768  64 MiB      4   none (0.300 %)            -     2.14 %

Bounce pages of senders in the pool of 2048 slots:

  percent  other mappings fail  pages hold
     10 %       none (0.300 %)     360 KiB
     90 %     0.900 % (1.80 %)    3.52 MiB

To know:
* read what there is.

Assumed:
* what fails is gone.
`);
  });

  it('has no advice, and all sizes, if none is enough', () => {
    const text = sizingText({ ...SIZING, recommended: null, percents: [] }, null);
    expect(text).not.toContain('Boot with');
    expect(text).not.toContain('Bounce pages of senders');
    expect(text).toContain('   8192  16 MiB');
  });

  it('says what is less than there is, what was wanted, and that pages harm', () => {
    const recommended = { ...SIZING.recommended!, moreBytes: -60 * 2 ** 20, percent: 0 };
    const text = sizingText({ ...SIZING, recommended, target: { asked: 0.01, applied: 0.01 } }, null);
    expect(text).toContain('60 MiB less than there is');
    expect(text).toContain('no bounce pages: at each percent that was tried other mappings fail');
    expect(text).toContain('; 1.00 % was asked for');
  });

  it('gives no advice to shrink a pool where the load says too little', () => {
    const recommended = { ...SIZING.recommended!, moreBytes: -60 * 2 ** 20, mayShrink: false };
    const text = sizingText({ ...SIZING, recommended }, null);
    expect(text).toContain('What this load needs, which says too little to make a pool smaller by it:');
    expect(text).not.toMatch(/Boot with|less than there is/);
    const unknown = sizingText({ ...SIZING, recommended: { ...recommended, moreBytes: null } }, null);
    expect(unknown).not.toContain('Boot with');
    const grown = sizingText({ ...SIZING, recommended: { ...recommended, moreBytes: 2048 } }, null);
    expect(grown).toContain('Boot with');
  });

  it('says of pools that are too large for the memory that they are', () => {
    const text = sizingText({ ...SIZING, compared: [{ ...SIZING.compared[1]!, fits: false }] }, null);
    expect(text).toMatch(/too large: more than a quarter of it[\s\S]*64 MiB, the usual {2}too large/);
  });

  it('prints a target that was asked for, however low', () => {
    expect(sizingText({ ...SIZING, target: { asked: 1e-9, applied: 0.003 } }, null)).toContain(
      '; 1e-7 % was asked for',
    );
  });

  it('keeps to the width of a report, and obeys no name', () => {
    const name = `${'x'.repeat(60)}\u001b[31m`;
    const lines = sizingText({ ...SIZING, loads: [{ ...SIZING.loads[0]!, name }] }, null).split('\n');
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(REPORT_WIDTH);
    expect(lines.join('\n')).not.toContain('\u001b');
  });
});

describe('failureText', () => {
  it('tells a pool that does not hold the floor, and one in which nothing was tried', () => {
    expect(failureText(tried(512, 0, { holdsFloor: false, failures: null }))).toBe('holds less');
    expect(failureText(tried(512, 0, { failures: null }))).toBe('-');
  });
});
