import { describe, expect, it, jest } from '@jest/globals';
import { SharedMachine } from '../../../benchmarks/shared/shared-machine.js';
import { defaultSettings } from '../../../lib/bench/plan/settings.js';
import { machineConfig } from '../../../lib/machine/build/config.js';
import { ThreadedMachine } from '../../../lib/machine/run/threaded-machine.js';
import { random } from '../../../lib/random.js';

const { signal } = new AbortController();
const CPUS = defaultSettings('quick', [0], 1).cpus;
const CONFIG = machineConfig({
  cpus: { copyKernel: 0 },
  sockets: { sendBufferBytes: 1 << 20, userBufferBytes: 1 << 18 },
  slotPool: { bytes: 4 << 20 },
});
const opened = async () => {
  const machine = new SharedMachine([CONFIG], CPUS);
  await machine.open();
  return machine;
};
const sampleOf = (machine: SharedMachine, abort = signal, ms = 20) =>
  machine.sample(CONFIG, ms, abort, ({ skbs }) => ({ value: skbs }));

describe('SharedMachine', () => {
  it('serves several scenarios in turn, and goes on for one when another has closed it', async () => {
    const [first, second] = [await opened(), await opened()];
    await sampleOf(first);
    await sampleOf(second);
    await first.close();
    await first.close();
    await second.renew(random(1));
    expect((await sampleOf(second)).pulseNs).toHaveLength(1);
    await second.close();
    const third = await opened();
    await sampleOf(third);
    await third.close();
  });

  it('goes on for a scenario when another is closed during a sample that never ends', async () => {
    const [first, second] = [await opened(), await opened()];
    const endless = sampleOf(first, signal, 1e9);
    await first.close();
    await expect(endless).rejects.toMatchObject({ code: 'ERR_REGION_CLOSED' });
    await sampleOf(second);
    await second.close();
  });

  it('samples for ten times as long as acknowledgements take, where that is longer', async () => {
    const machine = await opened();
    const run = jest.spyOn(ThreadedMachine.prototype, 'run');
    for (const ackDelayNs of [0, 4e6]) {
      await machine.sample({ ...CONFIG, network: { ...CONFIG.network, ackDelayNs } }, 20, signal, () => ({ value: 1 }));
    }
    expect(run.mock.calls.map(([, plan]) => plan)).toEqual([
      { warmupMs: 4, measureMs: 20 },
      { warmupMs: 8, measureMs: 40 },
    ]);
    run.mockRestore();
    await machine.close();
  });
});
