import { once } from 'node:events';
import { MessageChannel } from 'node:worker_threads';
import { afterAll, afterEach, describe, expect, it } from '@jest/globals';
import { machineConfig } from '../../../lib/machine/build/config.js';
import { playTrials, sharedState, type ThreadRequest } from '../../../lib/machine/run/trial-request.js';
import { Arena } from '../../../lib/smp/arena.js';

const config = machineConfig({
  cpus: { copyKernel: 0 },
  sockets: { sendBufferBytes: 1 << 16 },
  slotPool: { bytes: 1 << 20 },
});
const { port1: main, port2: thread } = new MessageChannel();
afterEach(() => {
  thread.removeAllListeners();
});
afterAll(() => main.close());

/** A request, and the machine that it is about. */
function request() {
  const arena = Arena.for((counting) => sharedState(counting, config));
  const { system, rendezvous } = sharedState(arena, config);
  system.reset();
  rendezvous.reset();
  const plan = { warmupMs: 0, measureMs: 1 };
  return {
    system,
    asked: { number: 3, config, plan, arena: arena.buffer!, ram: 1, threads: 1 } satisfies ThreadRequest,
  };
}

async function replyTo(asked: ThreadRequest): Promise<unknown> {
  main.postMessage(asked);
  return (await once(main, 'message'))[0];
}

describe('playTrials', () => {
  it('replies to each request with the report of this thread, whose part works on the shared state', async () => {
    const { system, asked } = request();
    playTrials(thread, ({ threads }, state) => {
      state.system.sockets.addSent(0, 5);
      return { threads };
    });
    expect(await replyTo(asked)).toEqual({ number: 3, report: { threads: 1 } });
    expect(await replyTo({ ...asked, number: 4, threads: 2 })).toEqual({ number: 4, report: { threads: 2 } });
    expect({ sent: system.sockets.sentBytes(0), aborted: system.cpus.isAborted() }).toEqual({
      sent: 10,
      aborted: false,
    });
  });

  it('replies with what failed, and aborts the machine so that no other thread waits for this one', async () => {
    const { system, asked } = request();
    playTrials(thread, () => {
      throw Object.assign(new Error('no'), { code: 'ERR_STALLED' });
    });
    expect(await replyTo(asked)).toMatchObject({ number: 3, error: { code: 'ERR_STALLED', message: 'no' } });
    expect(system.cpus.isAborted()).toBe(true);
  });

  it('reports a failure without a code as ERR_WORKER_DIED', async () => {
    playTrials(thread, () => {
      throw new TypeError('what?');
    });
    expect(await replyTo(request().asked)).toMatchObject({ error: { code: 'ERR_WORKER_DIED', message: 'what?' } });
  });
});
