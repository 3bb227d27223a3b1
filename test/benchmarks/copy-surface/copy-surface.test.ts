/** The cells of the scenario, with little memory. No test depends on a speed. */
import { describe, expect, it, jest } from '@jest/globals';
import { copySurface } from '../../../benchmarks/copy-surface/copy-surface.js';
import { SurfaceRig } from '../../../benchmarks/copy-surface/surface-rig.js';
import { addon } from '../../../lib/addon/addon.js';
import { hostFacts } from '../../../lib/bench/host/host-facts.js';
import type { Scenario } from '../../../lib/bench/plan/scenario.js';
import { defaultSettings } from '../../../lib/bench/plan/settings.js';
import { GIB, KIB, MIB } from '../../../lib/units.js';
import { lastLevelCache } from '../../bench/fixtures/memory-facts.js';
import { withCells } from '../fixtures/opened.js';

const NEVER = new AbortController().signal;
const [cpu = 0, otherCpu = cpu] = addon().affinity();
const caches = [48 * KIB, MIB, 32 * MIB].map((bytes, at) => ({ ...lastLevelCache(bytes, [cpu]), level: at + 1 }));
const host = { ...hostFacts(), caches, cachesIncomplete: [] };
const settings = defaultSettings('quick', [cpu, otherCpu], 1);
const SMALL = 16 * MIB;

const legendOf = ({ tables }: Scenario) =>
  tables.flatMap((table) => (table.kind === 'copy-surface' ? table.legend : [])).join('\n');
const statesOf = ({ cells }: Scenario) =>
  new Set(cells.flatMap(({ params }) => [params.from ?? [], params.to ?? []].flat()));

describe('copySurface', () => {
  it('has no more than about a thousand cells, and each has an id of its own', async () => {
    for (const effort of ['quick', 'default', 'full'] as const) {
      const { cells, ratios } = await copySurface({ ...settings, effort }, { host }, 64 * GIB);
      const ids = new Set(cells.map(({ id }) => id));
      expect(ids.size).toBe(cells.length);
      expect(cells.length).toBeLessThanOrEqual(1100);
      for (const { of, to } of ratios) expect(ids.has(of) && ids.has(to)).toBe(true);
    }
  });

  it('measures each part: rates of bytes copied and of bytes moved, and auto beside each copy kernel', async () => {
    const scenario = await copySurface(settings, { host }, SMALL);
    const seen = new Set<unknown>();
    const first = scenario.cells.filter(({ params: { part, to, from } }) => {
      const key = `${part} ${from} ${to}`;
      return !seen.has(key) && seen.add(key);
    });
    await withCells(scenario, first, async () => {
      for (const cell of first) {
        const { value, durationMs, ledger } = await cell.sample(NEVER);
        expect(durationMs).toBeGreaterThanOrEqual(0);
        if (value === null) continue;
        if (cell.params.part === 'auto') {
          expect(value).toBeCloseTo(ledger!['own:autoNs']! / ledger!['own:otherNs']!, 9);
          continue;
        }
        expect(value * ledger!.gigabytesPerSecond!).toBeCloseTo(Number(cell.params.size), 3);
        const moved = ledger!['own:movedGigabytesPerSecond']! / ledger!.gigabytesPerSecond!;
        expect([2, 3]).toContain(Math.round(1e6 * moved) / 1e6);
      }
    });
  });

  it('divides the time of a sample by all of its copies, however often it prepares them', async () => {
    const scenario = await copySurface({ ...settings, effort: 'default' }, { host }, SMALL);
    const near = scenario.cells.find(({ params }) => params.from === 'L2' && params.to === 'L2')!;
    let copies = 0;
    const runs = jest.spyOn(SurfaceRig.prototype, 'run').mockImplementation(async ({ batch }) => {
      copies += batch;
      return 100 * batch;
    });
    try {
      const { value, durationMs } = await near.sample(NEVER);
      expect({ value, durationMs, copies }).toEqual({ value: 100, durationMs: copies / 1e4, copies: near.batch });
      expect(runs.mock.calls.length).toBeGreaterThan(1);
    } finally {
      runs.mockRestore();
    }
  });

  it('compares each alignment with the usual one, and each page size with small pages', async () => {
    const { cells, ratios } = await copySurface({ ...settings, effort: 'full' }, { host }, 64 * GIB);
    const paramsOf = (id: string) => cells.find((cell) => cell.id === id)!.params;
    expect(ratios.length).toBeGreaterThan(0);
    for (const { of, to } of ratios) {
      const usual = { ...paramsOf(of), ...(paramsOf(of).part === 'pages' ? { pages: '4 KiB' } : { offset: 'random' }) };
      expect(paramsOf(to)).toEqual(usual);
      expect(of).not.toBe(to);
    }
  });

  it('says what a host with one CPU and little memory leaves out, and prints the spans', async () => {
    const whole = await copySurface(settings, { host }, 64 * GIB);
    expect([...statesOf(whole)].sort()).toEqual(
      ['L2', 'LLC', 'first touch', 'flushed', 'hot', 'memory', 'other core'].sort(),
    );
    expect(legendOf(whole)).toContain('each side is a span of 128 MiB');
    const small = await copySurface({ ...settings, cpus: [cpu] }, { host }, SMALL);
    expect(statesOf(small).has('other core')).toBe(false);
    expect(legendOf(small)).toContain('Left out: other core, because this run has one CPU.');
    expect(legendOf(small)).toContain('Four times the cache would be 128 MiB');
    expect(legendOf(small)).toContain('less than twice the cache');
  });

  it('leaves out what cannot be made where caches are not told, or cannot be emptied', async () => {
    const bare = { ...host, caches: null, cachesIncomplete: null, arch: 'riscv64' };
    const scenario = await copySurface(settings, { host: bare }, 64 * GIB);
    expect([...statesOf(scenario)].sort()).toEqual(['first touch', 'hot', 'memory', 'other core']);
    for (const text of ['Left out: L2, because the host does not tell', 'Left out: flushed', '32 MiB are assumed']) {
      expect(legendOf(scenario)).toContain(text);
    }
  });

  it('tells why there are no copies by page size: a quick run, too few pages, or what is not told', async () => {
    const linesOf = async (effort: 'quick' | 'default', memory: Partial<typeof host.memory>) => {
      const scenario = await copySurface(
        { ...settings, effort },
        { host: { ...host, memory: { ...host.memory, ...memory } } },
        64 * GIB,
      );
      return legendOf(scenario)
        .split('\n')
        .filter((line) => line.startsWith('Left out: copies by page size'));
    };
    const has = { transparentHugePages: 'always', hugePagesFree: 4096 };
    expect(await linesOf('quick', has)).toEqual([
      'Left out: copies by page size, 4 KiB, transparent, hugetlb, because a quick run has none of these.',
    ]);
    expect(await linesOf('default', has)).toEqual([]);
    expect(await linesOf('default', { transparentHugePages: 'never', hugePagesFree: 8 })).toEqual([
      'Left out: copies by page size, transparent, because Linux tells that it gives none.',
      expect.stringMatching(
        /^Left out: copies by page size, hugetlb, because Linux tells 8 free ones, and \d+ are needed\.$/,
      ),
    ]);
    expect(await linesOf('default', { transparentHugePages: null, hugePagesFree: null })).toEqual([
      'Left out: copies by page size, transparent, because Linux does not tell whether it gives them.',
      'Left out: copies by page size, hugetlb, because Linux does not tell how many are free.',
    ]);
  });

  it('has pages of the kinds that Linux tells it has', async () => {
    const kindsOf = async (memory: Partial<typeof host.memory>) => {
      const full = { ...settings, effort: 'full' } as const;
      const scenario = await copySurface(full, { host: { ...host, memory: { ...host.memory, ...memory } } }, 64 * GIB);
      return [...new Set(scenario.cells.flatMap(({ params }) => params.pages ?? []))];
    };
    expect(await kindsOf({ transparentHugePages: 'never', hugePagesFree: 0 })).toEqual(['4 KiB']);
    expect(await kindsOf({ transparentHugePages: 'madvise', hugePagesFree: 4096 })).toEqual([
      '4 KiB',
      'transparent',
      'hugetlb',
    ]);
  });
});
