/** Machines of every kind under stress, which are at rest at the end, and planted bugs. */
import { afterAll, describe, expect, it } from '@jest/globals';
import { Stress, stressedMachine } from '../../../dev/stress/stress.js';
import { DESIGN_NAMES } from '../../../lib/designs/designs.js';
import { FLAVOURS } from '../../../lib/flavour.js';
import { GROWTH_MODES } from '../../../lib/machine/build/choices.js';

const closers: Stress[] = [];
afterAll(() => Promise.all(closers.map((stress) => stress.close())));

function stressWith(bug: string | null): Stress {
  const preload = bug === null ? null : new URL('../fixtures/bugs.js', import.meta.url);
  if (bug !== null) preload!.searchParams.set('bug', bug);
  const stress = new Stress(bug === null ? {} : { flavour: 'hardened' }, preload);
  closers.push(stress);
  return stress;
}

async function firstFailure(stress: Stress) {
  for (let seed = 0; seed < 2000; seed++) {
    const run = await stress.run(seed, 60);
    if (run.failure !== null) return run;
  }
  throw new Error('two thousand machines have not shown it');
}

describe('a machine under stress', () => {
  it('is of every design, flavour and growth mode, sends until it is stopped, and has no known defect', () => {
    const machines = Array.from({ length: 2000 }, (_, seed) => stressedMachine(seed));
    const kinds = new Set(machines.map(({ config }) => `${config.design} ${config.flavour} ${config.slotPool.growth}`));
    expect(kinds.size).toBe(DESIGN_NAMES.length * FLAVOURS.length * GROWTH_MODES.length);
    for (const { config, disturbance } of machines) {
      expect(config.sockets.messagesPerSender).toBe(Infinity);
      expect(disturbance?.times ?? Infinity).toBe(Infinity);
      const isFaithful = config.flavour === 'faithful';
      if (isFaithful) expect(config.sockets.privateSenders).toBe(0);
      if (isFaithful)
        expect(config.sockets.sendBufferBytes * config.sockets.senders).toBeLessThan(config.slotPool.bytes / 4);
      expect(disturbance?.sparesDevices ?? isFaithful).toBe(isFaithful);
    }
    const asked = Array.from({ length: 200 }, (_, seed) => stressedMachine(seed, { flavour: 'faithful' }));
    expect(asked.every(({ config }) => config.flavour === 'faithful')).toBe(true);
    expect(asked.some(({ config }) => config.sockets.privateSenders > 0)).toBe(true);
    expect(asked.some(({ disturbance }) => disturbance?.sparesDevices === false)).toBe(true);
  });

  it('is checked while it runs, and is at rest when it has ended', async () => {
    const stress = stressWith(null);
    let packets = 0;
    for (let seed = 0; seed < 25; seed++) {
      const run = await stress.run(seed, 60);
      expect(run).toMatchObject({ seed, failure: null });
      expect(run.pauses).toBeGreaterThan(0);
      packets += run.packets;
    }
    expect(packets).toBeGreaterThan(0);
  });

  it('ends at once when it is stopped', async () => {
    const run = await stressWith(null).run(3, 1e6, AbortSignal.abort());
    expect(run.failure).toBeNull();
  });
});

describe.each(['no TX lock', 'unmap after free', 'a holder too many'])('the planted bug "%s"', (bug) => {
  it('is found, and the next machine is played', async () => {
    const stress = stressWith(bug);
    const { failure } = await firstFailure(stress);
    expect(failure!.code).toMatch(/^ERR_/);
    expect(failure!.stack).toContain(failure!.message);
    expect(await stress.run(0, 1)).toMatchObject({ seed: 0 });
  });
});

it('Stress rejects when a thread dies', async () => {
  const stress = stressWith('none of them'); // which its threads cannot plant
  await expect(stress.run(1, 10)).rejects.toMatchObject({ code: 'ERR_WORKER_DIED' });
});
