import { describe, expect, it } from '@jest/globals';
import { pulsed, RemotePulses } from '../../../benchmarks/shared/pulses.js';

/** Readings in this order, and measuring, which write into `told` when they were asked. */
function scripted(...readings: number[]) {
  const told: string[] = [];
  const read = (name: string) => () => {
    told.push(name);
    return readings.shift()!;
  };
  const measure = () => {
    told.push('measure');
    return { ns: 7 };
  };
  return { told, read, measure };
}

describe('pulsed', () => {
  it.each([[[0.3, 0.5]], [[0.5, 0.3]]])('adds the slower of the pulses before and after: %p', (readings) => {
    const { told, measure, read } = scripted(...readings);
    expect(pulsed(measure, { read: read('pulse') })).toEqual({ ns: 7, pulseNs: 0.5 });
    expect(told).toEqual(['pulse', 'measure', 'pulse']);
  });

  it('takes pulses of this thread', () => {
    expect(pulsed(scripted().measure).pulseNs).toBeGreaterThan(0);
  });
});

describe('RemotePulses.beside', () => {
  it('adds the slower of the pulses before and after, on as many CPUs as take part', async () => {
    const { told, measure, read } = scripted(0.3, 0.6, 0.5, 0.4);
    const pulses = new RemotePulses([4, 2, 3], (cpu) => ({ read: read(`pulse ${cpu}`) }));
    expect(await pulses.beside(2, async () => measure())).toEqual({ ns: 7, pulseNs: [0.5, 0.6] });
    expect(told).toEqual(['pulse 4', 'pulse 2', 'measure', 'pulse 4', 'pulse 2']);
  });

  it('takes one on each CPU where there are fewer than threads', async () => {
    const { measure, read } = scripted(0.3, 0.3);
    const pulses = new RemotePulses([4], (cpu) => ({ read: read(`pulse ${cpu}`) }));
    expect((await pulses.beside(2, async () => measure())).pulseNs).toEqual([0.3]);
  });

  it('rejects with ERR_CPU_PIN, without measuring, where a CPU is not there', async () => {
    const { told, measure } = scripted();
    const beside = new RemotePulses([8191]).beside(1, async () => measure());
    await expect(beside).rejects.toMatchObject({ code: 'ERR_CPU_PIN' });
    expect(told).toEqual([]);
  });
});
