import { describe, expect, it } from '@jest/globals';
import { TimedDevice } from '../../lib/net/timed-device.js';
import type { XmitStatus } from '../../lib/net/transmitter.js';
import type { TxQueue } from '../../lib/net/tx-queue.js';
import { PROCESS, SITE } from '../../lib/smp/copy-ledger.js';
import { Cpu, TIME } from '../../lib/smp/cpu.js';
import { Meter } from '../../lib/smp/meter.js';

const QUEUE = {} as TxQueue;
/** Passes from one timed pass to the next. */
const PERIOD = 64;

/** A device whose start-transmit takes 1000 ns, of which 700 are for two copies; nothing else moves the clock. */
function rig(status: XmitStatus) {
  const cpu = Cpu.alone();
  let now = 0;
  cpu.clock = () => now;
  let awaited = 0;
  Object.defineProperty(cpu.list, 'awaitStores', { value: () => awaited++, configurable: true }); // one list a thread
  const lower = {
    startXmit(...given: unknown[]) {
      expect(given).toEqual([cpu, QUEUE, 7]);
      now += 1000;
      cpu.copyLedger.add(cpu.id, SITE.header, PROCESS, true, 100, 50);
      cpu.copyLedger.add(cpu.id, SITE.bounce, PROCESS, true, 100, 650);
      return status;
    },
  };
  return { cpu, timed: new TimedDevice(lower, new Meter(cpu, 0, TIME.txLock)), awaited: () => awaited };
}

describe('TimedDevice', () => {
  it.each(['sent', 'full', 'unmappable'] as const)('returns the status of the device below: %s', (status) => {
    const { cpu, timed } = rig(status);
    for (let pass = 0; pass < PERIOD; pass++) expect(timed.startXmit(cpu, QUEUE, 7)).toBe(status);
  });

  it('enters one pass in 64 for all of them, without its copies', () => {
    const { cpu, timed, awaited } = rig('sent');
    for (let pass = 1; pass < PERIOD; pass++) timed.startXmit(cpu, QUEUE, 7);
    expect(awaited()).toBe(0);
    expect(cpu.table.timeOf(cpu.id, 'txLock')).toBe(0);
    timed.startXmit(cpu, QUEUE, 7);
    expect(awaited()).toBe(1); // once, for the copies of this pass
    expect(cpu.table.timeOf(cpu.id, 'txLock')).toBe(PERIOD * 300);
    expect(cpu.table.timeOf(cpu.id, 'slotPage')).toBe(0);
  });
});
