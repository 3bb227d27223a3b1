import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type MachineOptions, machineConfig } from '../../../lib/machine/build/config.js';
import { fillUsers } from '../../../lib/machine/build/ram.js';
import { causeOf, MachineThreads } from '../../../lib/machine/run/machine-threads.js';
import { sharedState } from '../../../lib/machine/run/trial-request.js';
import { copyKernelIndex } from '../../../lib/memory/copy-kernels.js';
import { Region } from '../../../lib/memory/region.js';
import { Arena } from '../../../lib/smp/arena.js';
import { UNSUPPORTED_KERNEL } from '../fixtures/unsupported-kernel.js';

const configOf = (given: MachineOptions) =>
  machineConfig(
    {
      cpus: { copyKernel: copyKernelIndex('libc') },
      sockets: { sendBufferBytes: 1 << 18, userBufferBytes: 1 << 17 },
      slotPool: { bytes: 1 << 20 },
      checking: { everyByte: true },
    },
    given,
  );

/** The last that Linux could have. */
const MISSING_CPU = 8191;

let threads: MachineThreads;
beforeEach(() => {
  threads = new MachineThreads([]);
});
afterEach(() => threads.end());

function ensure(...given: MachineOptions[]): number {
  threads.ensure(given.map(configOf));
  return threads.count;
}

async function trial(given: MachineOptions, measureMs = 2) {
  const config = configOf(given);
  const arena = Arena.for((counting) => sharedState(counting, config));
  const { system, rendezvous } = sharedState(arena, config);
  system.reset();
  rendezvous.reset();
  using ram = Region.create({ bytes: system.layout.bytes, lock: 'no', hugePages: 'never' });
  fillUsers(ram.buffer, system.layout);
  const asked: string[] = [];
  const ends = {
    abort: () => {
      asked.push('abort');
      system.cpus.abort();
    },
    endWork: () => {
      asked.push(rendezvous.allStopped(count) ? 'end of work, all stopped' : 'end of work');
      system.swiotlb.pools?.growth?.end();
    },
  };
  const count = config.cpus.count + (config.slotPool.growth === 'pools' ? 1 : 0);
  const plan = { warmupMs: 0, measureMs };
  const request = { config, plan, arena: arena.buffer!, ram: ram.id, threads: count };
  const ending = await threads.play(request, ends).catch(({ code }: { code: string }) => code);
  return { ending, asked };
}

describe('MachineThreads', () => {
  it('starts as many threads as the largest machine needs, and keeps them', () => {
    expect(ensure({ cpus: { count: 2 } }, { cpus: { count: 1 }, devices: { completion: 'read' } })).toBe(2);
    expect(ensure({ cpus: { count: 1 } })).toBe(2);
    expect(ensure({ cpus: { count: 2 }, devices: { completion: 'read' } })).toBe(3);
  });

  it('starts one thread for the background when a machine has work there, and only one', () => {
    expect(ensure({ slotPool: { growth: 'per-mapping' } })).toBe(1);
    expect(ensure({}, { slotPool: { growth: 'pools' } })).toBe(2);
    expect(ensure({ slotPool: { growth: 'pools' } })).toBe(2);
  });

  it('starts new threads after the others have been ended', async () => {
    ensure({ slotPool: { growth: 'pools' } });
    await threads.end();
    expect(threads.count).toBe(0);
    expect(ensure({})).toBe(1);
    expect(ensure({ slotPool: { growth: 'pools' } })).toBe(2);
    expect((await trial({ slotPool: { growth: 'pools' } })).ending).toMatchObject([{ cpu: 0 }]);
  });

  it('resolves to the reports of the CPUs in order, and ends work in the background when all are done', async () => {
    ensure({ cpus: { count: 2 }, slotPool: { growth: 'pools' } });
    const { ending, asked } = await trial({
      cpus: { count: 2 },
      sockets: { senders: 2 },
      slotPool: { growth: 'pools' },
    });
    expect(ending).toMatchObject([{ cpu: 0 }, { cpu: 1 }]);
    expect(asked).toEqual(['end of work, all stopped']);
  });

  it('aborts the trial of all threads when one fails, and ends the work in the background as well', async () => {
    ensure({ cpus: { count: 2 }, slotPool: { growth: 'pools' } });
    const failing: MachineOptions = {
      cpus: { count: 2, copyKernel: UNSUPPORTED_KERNEL },
      slotPool: { growth: 'pools' },
    };
    const { ending, asked } = await trial(failing, 5000); // it ends at the failure
    expect(ending).toBe('ERR_KERNEL_UNSUPPORTED');
    expect(asked[0]).toBe('abort');
    expect(asked).toContain('end of work');
  });

  it('rejects what it asks a thread that has died before, with the same cause', async () => {
    threads = new MachineThreads([MISSING_CPU]);
    ensure({});
    for (let time = 0; time < 2; time++) {
      await expect(threads.releaseMemory()).rejects.toMatchObject({ code: 'ERR_CPU_PIN' });
    }
  });
});

describe('causeOf', () => {
  const [died, stalled, stuck, full] = ['ERR_WORKER_DIED', 'ERR_STALLED', 'ERR_NO_PROGRESS', 'ERR_SWIOTLB_FULL'].map(
    (code) => ({ code }),
  ) as [{ code: string }, { code: string }, { code: string }, { code: string }];

  it('prefers a thread that died, then a failure that is not about waiting, then the first one', () => {
    expect(causeOf([stalled, full, died])).toBe(died);
    expect(causeOf([stalled, stuck, full])).toBe(full);
    expect(causeOf([stuck, stalled])).toBe(stuck);
    expect(causeOf([])).toBeUndefined();
  });
});
