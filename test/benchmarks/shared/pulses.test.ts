import { describe, expect, it } from '@jest/globals';
import { pulsed, pulsedOn } from '../../../benchmarks/shared/pulses.js';

/** Pulses that take these times, in this order, and measuring, which write into `told` when they were asked. */
function scripted(...pulses: number[]) {
  const told: string[] = [];
  return {
    told,
    measure: () => {
      told.push('measure');
      return { ns: 7 };
    },
    pulse: (cpu?: number) => {
      told.push(cpu === undefined ? 'pulse' : `pulse ${cpu}`);
      return pulses.shift()!;
    },
  };
}

describe('pulsed', () => {
  it.each([[[0.3, 0.5]], [[0.5, 0.3]]])('adds the slower of the pulses before and after: %p', (pulses) => {
    const { told, measure, pulse } = scripted(...pulses);
    expect(pulsed(measure, pulse)).toEqual({ ns: 7, pulseNs: 0.5 });
    expect(told).toEqual(['pulse', 'measure', 'pulse']);
  });

  it('takes pulses of this thread', () => {
    expect(pulsed(scripted().measure).pulseNs).toBeGreaterThan(0);
  });
});

describe('pulsedOn', () => {
  it('adds the slower of the pulses before and after, CPU by CPU', async () => {
    const { told, measure, pulse } = scripted(0.3, 0.6, 0.5, 0.4);
    expect(await pulsedOn([4, 2], async () => measure(), pulse)).toEqual({ ns: 7, pulseNs: [0.5, 0.6] });
    expect(told).toEqual(['pulse 4', 'pulse 2', 'measure', 'pulse 4', 'pulse 2']);
  });

  it('rejects with ERR_CPU_PIN, without measuring, where a CPU is not there', async () => {
    const { told, measure } = scripted();
    await expect(pulsedOn([8191], async () => measure())).rejects.toMatchObject({ code: 'ERR_CPU_PIN' });
    expect(told).toEqual([]);
  });
});
