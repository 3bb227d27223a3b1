import { describe, expect, it } from '@jest/globals';
import type { Cpu } from '../../lib/smp/cpu.js';
import { Meter } from '../../lib/smp/meter.js';
import { testCpu } from './fixtures/cpus.js';

const PERIOD = 64;
const CLOCK_NS = 10;

/** A CPU whose clock moves only when it is read, by the cost of reading, and when the test moves it. */
function steppedCpu(): { cpu: Cpu; pass(ns: number): void; readings: () => number } {
  const cpu = testCpu();
  let now = 0;
  let readings = 0;
  cpu.clock = () => {
    readings++;
    now += CLOCK_NS;
    return now;
  };
  return {
    cpu,
    pass: (ns) => {
      now += ns;
    },
    readings: () => readings,
  };
}

const slotPage = (cpu: Cpu) => cpu.table.timeOf(cpu.id, 'slotPage');

describe('Meter', () => {
  it('times one section in 64, subtracts the cost of the clock, and scales the rest', () => {
    const { cpu, pass, readings } = steppedCpu();
    const meter = new Meter(cpu, 0);
    const calibration = readings();
    for (let i = 0; i < 3 * PERIOD; i++) {
      meter.begin();
      pass(100);
      meter.end();
    }
    expect(slotPage(cpu)).toBe(3 * PERIOD * 100);
    expect(readings() - calibration).toBe(3 * 2);
  });

  it('samples the pass that its phase selects', () => {
    const { cpu, pass } = steppedCpu();
    const early = new Meter(cpu, 48);
    const late = new Meter(cpu, 0);
    for (let i = 1; i <= PERIOD; i++) {
      early.begin();
      pass(i);
      early.end();
      late.begin();
      pass(100 * i);
      late.end();
    }
    expect(slotPage(cpu)).toBe(PERIOD * (16 + 100 * 64));
  });

  it('leaves out the time that was spent waiting for locks', () => {
    const { cpu, pass } = steppedCpu();
    const meter = new Meter(cpu, 63);
    cpu.lockWaitNs = 5;
    meter.begin();
    pass(100);
    cpu.lockWaitNs += 70;
    meter.end();
    expect(slotPage(cpu)).toBe(PERIOD * 30);
  });

  it('does not scale a pass that the host interrupted', () => {
    const { cpu, pass } = steppedCpu();
    const meter = new Meter(cpu, 63);
    meter.begin();
    pass(49_999);
    meter.end();
    expect(slotPage(cpu)).toBe(PERIOD * 49_999);
    for (let i = 0; i < PERIOD; i++) {
      meter.begin();
      pass(i === PERIOD - 1 ? 50_000 : 1);
      meter.end();
    }
    expect(slotPage(cpu)).toBe(PERIOD * 49_999 + 50_000);
  });
});
