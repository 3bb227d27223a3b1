import { once } from 'node:events';
import { MessageChannel } from 'node:worker_threads';
import { afterAll, afterEach, describe, expect, it } from '@jest/globals';
import { machineConfig } from '../../../lib/machine/build/config.js';
import { playTrials, sharedState, type TrialRequest } from '../../../lib/machine/run/trial-request.js';
import { Arena } from '../../../lib/smp/arena.js';

const config = machineConfig({
  cpus: { copyKernel: 0 },
  sockets: { sendBufferBytes: 1 << 16 },
  slotPool: { bytes: 1 << 20 },
});
const { port1: host, port2: thread } = new MessageChannel();
afterEach(() => {
  thread.removeAllListeners();
});
afterAll(() => host.close());

/** A request, and the machine that it is about. */
function request() {
  const arena = Arena.for((counting) => sharedState(counting, config));
  const { system, rendezvous } = sharedState(arena, config);
  system.reset();
  rendezvous.reset();
  const plan = { warmupMs: 0, measureMs: 1 };
  return { system, asked: { config, plan, arena: arena.buffer!, ram: 1, threads: 1 } satisfies TrialRequest };
}

async function answer(asked: TrialRequest): Promise<unknown> {
  host.postMessage(asked);
  return (await once(host, 'message'))[0];
}

describe('playTrials', () => {
  it('answers each trial with the report of this thread’s part, over the state that all share', async () => {
    const { system, asked } = request();
    playTrials(thread, ({ threads }, state) => {
      state.system.sockets.addSent(0, 5);
      return { threads };
    });
    expect(await answer(asked)).toEqual({ report: { threads: 1 } });
    expect(await answer({ ...asked, threads: 2 })).toEqual({ report: { threads: 2 } });
    expect([system.sockets.sentBytes(0), system.cpus.isAborted()]).toEqual([10, false]);
  });

  it('answers with what failed, so that nobody waits for this thread', async () => {
    const { system, asked } = request();
    playTrials(thread, () => {
      throw Object.assign(new Error('no'), { code: 'ERR_STALLED' });
    });
    expect(await answer(asked)).toMatchObject({ error: { code: 'ERR_STALLED', message: 'no' } });
    expect(system.cpus.isAborted()).toBe(true);
  });

  it('calls a failure without a code a death', async () => {
    playTrials(thread, () => {
      throw new TypeError('what?');
    });
    expect(await answer(request().asked)).toMatchObject({ error: { code: 'ERR_WORKER_DIED', message: 'what?' } });
  });
});
