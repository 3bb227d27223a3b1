/** Machines of any shape on real threads: none stalls or loses a byte, and devices read what was sent. */
import { afterAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { machineConfig } from '../../lib/machine/build/config.js';
import { ThreadedMachine } from '../../lib/machine/run/threaded-machine.js';
import { copyKernelIndex } from '../../lib/memory/copy-kernels.js';
import { machines } from '../net/fixtures/machines.js';

const machine = new ThreadedMachine([]);
afterAll(() => machine.close());

describe('a machine of any shape', () => {
  it('ends its trial with nothing lost or left over', async () => {
    await fc.assert(
      fc.asyncProperty(machines, async (given) => {
        const checked = { cpus: { copyKernel: copyKernelIndex('libc') }, checking: { everyByte: true } };
        const config = machineConfig(checked, given, { sockets: { messagesPerSender: Infinity } });
        const { copyLedger, cpuNs } = await machine.run(config, { warmupMs: 2, measureMs: 20 });
        expect(cpuNs).toBeGreaterThan(0);
        if (given.design === 'direct') expect(copyLedger.sum('bounce').bytes + copyLedger.sum('header').bytes).toBe(0);
      }),
      { numRuns: 30, interruptAfterTimeLimit: 30_000 },
    );
  });
});
