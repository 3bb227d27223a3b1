/** Streams with small queues on one CPU, by a clock on which work takes time, also within a message. */
import { afterEach, describe, expect, it } from '@jest/globals';
import { paceOf, REGIMES, type Regime, regimeConfig } from '../../../benchmarks/softirq-share/softirq-regimes.js';
import { type MachineOptions, machineConfig } from '../../../lib/machine/build/config.js';
import { InlineMachine } from '../../../lib/machine/run/inline-machine.js';
import { copyKernelIndex } from '../../../lib/memory/copy-kernels.js';
import { CopyList } from '../../../lib/memory/copy-list.js';
import { PROCESS, SOFTIRQ } from '../../../lib/smp/copy-ledger.js';

/** Time of copying a byte, of all else that is done for a packet, of a turn, and of a look at the clock. */
const BYTE_NS = 0.1;
const PACKET_NS = 500;
const TURN_NS = 100;
const CLOCK_NS = 10;

const list = CopyList.ofThisThread();

afterEach(() => {
  for (const patched of ['now', 'clock']) Reflect.deleteProperty(list, patched);
});

/** Runs until send buffers are full, and then measures for as long again. Returns the share, and bits per second. */
function play(regime: Regime, rate: number, given: MachineOptions = {}): { softirqShare: number; rate: number } {
  const config = machineConfig(regimeConfig(regime, 1, copyKernelIndex('libc'), rate), given);
  using machine = new InlineMachine(config);
  const { copyLedger } = machine.system;
  let past = 1e9;
  const time = () => {
    const copied = copyLedger.sum('user').bytes + copyLedger.sum('bounce').bytes;
    return past + copied * BYTE_NS + copyLedger.sum('header').copies * PACKET_NS;
  };
  Object.defineProperty(list, 'now', { configurable: true, get: time });
  list.clock = () => {
    past += CLOCK_NS;
    return time();
  };
  const bounced = () =>
    ([PROCESS, SOFTIRQ] as const).map((context) => copyLedger.sum('bounce', { context }).bytes) as [number, number];
  const stepUntil = (bytes: number) => {
    while (bounced()[0] + bounced()[1] < bytes) {
      machine.step();
      past += TURN_NS;
    }
    return { bytes: bounced(), ns: time() };
  };
  const enough = 3 * config.sockets.senders * config.sockets.sendBufferBytes;
  const before = stepUntil(enough);
  const after = stepUntil(2 * enough);
  machine.drain();
  const [process, softirq] = [0, 1].map((at) => after.bytes[at]! - before.bytes[at]!) as [number, number];
  return { softirqShare: softirq / (process + softirq), rate: ((process + softirq) * 8e9) / (after.ns - before.ns) };
}

const smallQueues = REGIMES.filter(({ linuxRegime }) => linuxRegime === 'small-queues');
const regimeOf = (senders: number, isThrottled: boolean) =>
  smallQueues.find((regime) => regime.senders === senders && (paceOf(regime) !== null) === isThrottled)!;

/** The share of streams whose device throttles its interrupts, with an interval that is `times` as long. */
function throttledShare(senders: number, times: number): number {
  const { rate } = play(regimeOf(senders, false), 1e12);
  const regime = regimeOf(senders, true);
  const { interruptIntervalNs } = regimeConfig(regime, 1, 0, rate).devices;
  return play(regime, rate, { devices: { interruptIntervalNs: times * interruptIntervalNs } }).softirqShare;
}

describe('the share of bounced bytes that softirqs copy for small queues on one CPU', () => {
  it.each([1, 8])('is nothing for a device that interrupts at once, streams: %d', (senders) => {
    expect(play(regimeOf(senders, false), 1e12).softirqShare).toBeLessThan(0.02);
  });

  it('is small for one stream and large for eight if the device throttles its interrupts', () => {
    expect(throttledShare(1, 1)).toBeLessThan(0.2);
    expect(throttledShare(8, 1)).toBeGreaterThan(0.4);
  });

  it('is everything where interrupts are rare enough', () => {
    for (const senders of [1, 8]) expect(throttledShare(senders, 16)).toBeGreaterThan(0.95);
  });
});
