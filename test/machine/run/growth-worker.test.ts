import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { afterEach, describe, expect, it } from '@jest/globals';
import { type MachineOptions, machineConfig } from '../../../lib/machine/build/config.js';
import { assertBalanced } from '../../../lib/machine/check/balance.js';
import { sharedState, type ThreadRequest } from '../../../lib/machine/run/trial-request.js';
import { Arena } from '../../../lib/smp/arena.js';

const THREAD = new URL('../../../lib/machine/run/growth-worker.js', import.meta.url);
let thread: Worker | undefined;
afterEach(async () => {
  await thread?.terminate();
  thread = undefined;
});

/** A trial in which only the worker takes part, which has been told of it. */
function trial(given: MachineOptions = {}) {
  const config = machineConfig(
    { cpus: { copyKernel: 0 }, sockets: { sendBufferBytes: 1 << 16 }, slotPool: { growth: 'pools', bytes: 1 << 20 } },
    given,
  );
  const arena = Arena.for((counting) => sharedState(counting, config));
  const { system, rendezvous } = sharedState(arena, config);
  system.reset();
  rendezvous.reset();
  thread ??= new Worker(THREAD);
  const plan = { warmupMs: 0, measureMs: 1 };
  const request: ThreadRequest = { number: 5, config, plan, arena: arena.buffer!, ram: 1, threads: 1 };
  const reply = once(thread, 'message').then(([reply]) => reply as unknown);
  thread.postMessage(request);
  return { system, rendezvous, growth: system.swiotlb.pools?.growth, reply };
}

async function until(holds: () => boolean): Promise<void> {
  for (const end = performance.now() + 10_000; !holds(); ) {
    if (performance.now() > end) throw new Error('never');
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}

describe('the thread that works in the background', () => {
  it('adds slot pools as they are wanted, until the trial is over, and again in the next one', async () => {
    for (const pools of [1, 3]) {
      const { system, rendezvous, growth, reply } = trial();
      await until(() => rendezvous.allStopped(1)); // no thread waits for it to send
      for (let added = 1; added <= pools; added++) {
        growth!.schedule();
        await until(() => system.swiotlb.listed().length === 1 + added);
      }
      growth!.end();
      expect(await reply).toEqual({ number: 5, report: null });
      expect(system.swiotlb.listed()).toHaveLength(1 + pools);
      assertBalanced(system);
    }
  });

  it('leaves the trial when the machine is aborted', async () => {
    const { system, growth, reply } = trial();
    system.cpus.abort();
    growth!.schedule();
    expect(await reply).toEqual({ number: 5, report: null });
  });

  it('replies with what failed, aborts the machine, and plays the next trial', async () => {
    const broken = trial({ slotPool: { growth: 'none' } }); // no work there
    expect(await broken.reply).toMatchObject({ error: { code: 'ERR_WORKER_DIED' } });
    expect(broken.system.cpus.isAborted()).toBe(true);
    const { growth, reply } = trial();
    growth!.end();
    expect(await reply).toEqual({ number: 5, report: null });
  });
});
