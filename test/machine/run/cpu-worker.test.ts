import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { afterEach, describe, expect, it } from '@jest/globals';
import { addon } from '../../../lib/addon/addon.js';
import { machineConfig } from '../../../lib/machine/build/config.js';
import { fillUsers } from '../../../lib/machine/build/ram.js';
import { assertBalanced } from '../../../lib/machine/check/balance.js';
import type { CpuThreadData } from '../../../lib/machine/run/cpu-worker.js';
import type { CpuReport } from '../../../lib/machine/run/trial.js';
import {
  sharedState,
  type ThreadRequest,
  type TrialReply,
  type TrialRequest,
} from '../../../lib/machine/run/trial-request.js';
import { copyKernelIndex } from '../../../lib/memory/copy-kernels.js';
import { Region } from '../../../lib/memory/region.js';
import { Arena } from '../../../lib/smp/arena.js';
import { longerUntil } from '../fixtures/longer-until.js';
import { UNSUPPORTED_KERNEL } from '../fixtures/unsupported-kernel.js';

const THREAD = new URL('../../../lib/machine/run/cpu-worker.js', import.meta.url);
const config = machineConfig({
  cpus: { copyKernel: copyKernelIndex('libc') },
  sockets: { sendBufferBytes: 1 << 18, userBufferBytes: 1 << 17 },
  slotPool: { bytes: 1 << 20 },
  checking: { everyByte: true },
});
let ram: Region | undefined;
let thread: Worker | undefined;

afterEach(async () => {
  await thread?.terminate();
  ram?.close();
  ram = undefined;
});

/** A thread, and its replies to requests for trials of machines that are built for it. */
function cpuThread(data: CpuThreadData = { cpu: 0, hostCpu: null }) {
  const worker = new Worker(THREAD, { workerData: data });
  thread = worker;
  let number = 0;
  const play = async (change: Partial<TrialRequest> = {}) => {
    const arena = Arena.for((counting) => sharedState(counting, config));
    const { system, rendezvous } = sharedState(arena, config);
    system.reset();
    rendezvous.reset();
    ram ??= Region.create({ bytes: system.layout.bytes, lock: 'no', hugePages: 'never' });
    fillUsers(ram.buffer, system.layout);
    const plan = { warmupMs: 0, measureMs: 5 };
    const request: TrialRequest = { config, plan, arena: arena.buffer!, ram: ram.id, threads: 1, ...change };
    worker.postMessage({ ...request, number: ++number } satisfies ThreadRequest);
    const [reply] = (await once(worker, 'message')) as [TrialReply<CpuReport>];
    expect(reply.number).toBe(number);
    return { reply, system };
  };
  return { worker, play };
}

describe('the thread of a CPU', () => {
  it('plays one trial after the other, each in a new machine', async () => {
    const { play } = cpuThread();
    for (let trial = 0; trial < 2; trial++) {
      const { reply, system } = await longerUntil(
        (measureMs) => play({ plan: { warmupMs: 0, measureMs } }),
        ({ system: { peers } }) => peers.receivedBytes(0) > 0,
        5,
      );
      expect(reply).toMatchObject({ report: { cpu: 0 } });
      expect(system.peers.receivedBytes(0)).toBeGreaterThan(0);
      assertBalanced(system);
    }
  });

  it('pins itself to the CPU in its worker data', async () => {
    const [hostCpu] = addon().affinity();
    const { play } = cpuThread({ cpu: 0, hostCpu: hostCpu! });
    expect((await play()).reply).toMatchObject({ report: { cpu: 0 } });
  });

  it('ends when it cannot be pinned', async () => {
    const { worker } = cpuThread({ cpu: 0, hostCpu: 8191 });
    const [error] = await once(worker, 'error');
    expect(error).toMatchObject({ code: 'ERR_CPU_PIN' });
  });

  it('replies with the code of a failure, aborts the machine, and plays the next trial', async () => {
    const { play } = cpuThread();
    // The wrong copy kernel fails at the first copy.
    const wrongKernel = await longerUntil(
      (measureMs) =>
        play({
          config: machineConfig(config, { cpus: { copyKernel: UNSUPPORTED_KERNEL } }),
          plan: { warmupMs: 0, measureMs },
        }),
      ({ reply }) => 'error' in reply,
      5,
    );
    expect(wrongKernel.reply).toMatchObject({ error: { code: 'ERR_KERNEL_UNSUPPORTED', stack: expect.any(String) } });
    expect(wrongKernel.system.cpus.isAborted()).toBe(true);
    const noMemory = await play({ ram: 2 ** 30 });
    expect(noMemory.reply).toMatchObject({ error: { code: 'ERR_REGION_CLOSED' } });
    expect((await play()).reply).toMatchObject({ report: { cpu: 0 } });
  });

  it('lets go of the memory when it is told to, so that its owner can unmap it', async () => {
    const { worker, play } = cpuThread();
    await play();
    const { id } = ram!;
    worker.postMessage({ number: 7, releases: 'memory' } satisfies ThreadRequest);
    expect(await once(worker, 'message')).toEqual([{ number: 7, report: null }]);
    ram!.close();
    ram = undefined;
    expect(() => Region.attach(id)).toThrow(expect.objectContaining({ code: 'ERR_REGION_CLOSED' }));
    expect((await play()).reply).toMatchObject({ report: { cpu: 0 } });
  });
});
