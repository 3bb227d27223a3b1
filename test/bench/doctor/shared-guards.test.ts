import { readdirSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { addon } from '../../../lib/addon/addon.js';
import { DoctorThreads, type Place } from '../../../lib/bench/doctor/doctor-threads.js';
import { noisyNeighbour, throttledGroup, unpinnedThread } from '../../../lib/bench/doctor/shared-guards.js';
import { copyKernelIndex } from '../../../lib/memory/copy-kernels.js';

let threads: DoctorThreads;
beforeAll(() => {
  threads = new DoctorThreads(addon().affinity(), copyKernelIndex('libc'));
});
afterAll(() => threads.close());

/** Threads that reply what a test says: a function of the place for each job. */
const answering = (cpus: readonly number[], replies: Readonly<Record<string, (place: Place) => unknown>>) =>
  ({ cpus, ask: async (place: Place, job: string) => replies[job]!(place) }) as unknown as DoctorThreads;

describe('noisyNeighbour', () => {
  it('measures beside a neighbour that ends with it', async () => {
    const { pairs, facts } = await noisyNeighbour(threads, 5);
    expect(pairs[0]!.without.length).toBeGreaterThan(0);
    expect(threads.cpus).toContain(facts[0]!.value);
    expect((await threads.ask('beside', 'bursts', 0)).ns).toHaveLength(8); // that thread is free again
  });
});

describe('throttledGroup', () => {
  it('divides wall clock and CPU time by copies, and asks for its facts at the end', async () => {
    const facts = [{ what: 'quota', value: 2, unit: 'CPUs' as const }];
    const found = await throttledGroup(threads, 60, () => facts);
    expect(found.facts).toBe(facts);
    expect(found.pairs[0]!.without.length).toBeGreaterThan(0);
    expect(found.pairs[0]!.with.every((ns) => ns > 0)).toBe(true);
  });
});

describe('throttledGroup of scripted threads', () => {
  it('has the wall clock without the guard and the CPU time with it, for each copy of both threads', async () => {
    const busy = (place: Place) =>
      ({ home: { wallNs: 3e6, cpuNs: 1e6, copies: 10 }, beside: { wallNs: 5e6, cpuNs: 2e6, copies: 30 } })[
        place as 'home'
      ];
    const { pairs } = await throttledGroup(answering([0, 1], { busy }), 1e6, () => []);
    expect(pairs[0]).toMatchObject({ without: new Array(6).fill(2e5), with: new Array(6).fill(75e3) });
    const alone = await throttledGroup(answering([0], { busy }), 1e6, () => []);
    expect(alone.pairs[0]).toMatchObject({ without: new Array(6).fill(3e5), with: new Array(6).fill(1e5) });
  });
});

describe('unpinnedThread of scripted threads', () => {
  const ofMoves = (next: () => number | null) =>
    answering([0, 1], {
      moved: () => ({ pairs: [{ what: 'a move' }], facts: [] }),
      bursts: (place) => (place === 'loose' ? { ns: [1, 2, 4], moves: next() } : { ns: [2, 2, 3], moves: 0 }),
    });

  it('has the spread of the loose thread without the guard, and that of the pinned one with it', async () => {
    const { pairs } = await unpinnedThread(
      ofMoves(() => 1),
      1e6,
    );
    expect(pairs[1]).toMatchObject({ without: new Array(30).fill(1.5), with: new Array(30).fill(0.5) });
  });

  it('counts the moves of all groups, and none if Linux did not tell one of them', async () => {
    expect(
      (
        await unpinnedThread(
          ofMoves(() => 2),
          1e6,
        )
      ).facts[0]!.value,
    ).toBe(60);
    let asked = 0;
    expect(
      (
        await unpinnedThread(
          ofMoves(() => (++asked === 3 ? null : 2)),
          1e6,
        )
      ).facts[0]!.value,
    ).toBeNull();
  });
});

describe('unpinnedThread', () => {
  it('measures a move and the spread of a loose thread, where there are two CPUs', async () => {
    const found = await unpinnedThread(threads, 1).catch((error: { code: string }) => error.code);
    if (threads.cpus.length < 2) expect(found).toBe('ERR_CPU_PIN');
    else expect(found).toMatchObject({ pairs: [{ unit: 'ns' }, { unit: 'share' }], facts: [{ unit: 'count' }] });
  });

  it('leaves the thread that it moved on its own CPU', async () => {
    const [home, other] = addon().affinity();
    if (home === undefined || other === undefined || (await threads.pin()) !== null) return;
    const pins = () =>
      readdirSync('/proc/self/task').map((thread) => {
        const status = readFileSync(`/proc/self/task/${thread}/status`, 'utf8');
        return /^Cpus_allowed_list:\s*(\S+)$/m.exec(status)?.[1];
      });
    await unpinnedThread(threads, 1);
    expect(pins().filter((cpus) => cpus === `${home}`)).toHaveLength(1);
    expect(pins().filter((cpus) => cpus === `${other}`)).toHaveLength(1);
  });
});
