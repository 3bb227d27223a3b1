import { describe, expect, it, jest } from '@jest/globals';
import { pollutionPlan } from '../../../benchmarks/pollution/pollution-plan.js';
import { PollutionRig } from '../../../benchmarks/pollution/pollution-rig.js';
import { Victim } from '../../../benchmarks/pollution/victim.js';
import { addon } from '../../../lib/addon/addon.js';
import { hostFacts } from '../../../lib/bench/host/host-facts.js';
import { MIB } from '../../../lib/units.js';

const [cpu = 0] = addon().affinity();
/** No host has it. */
const ABSENT = 8191;
const POOL_BYTES = 8 * MIB;
const plan = { ...pollutionPlan('quick', hostFacts(), [cpu], 64 * MIB), besides: [] };

describe('PollutionRig', () => {
  it.each([
    ['that of the plan', { ...plan, neighbourCpu: ABSENT }, [cpu]],
    ['the second of the run, where the plan has none', plan, [cpu, ABSENT]],
  ])('starts its other thread on a CPU of its own: %s', async (_, ofPlan, cpus) => {
    const rig = new PollutionRig(ofPlan, cpus, POOL_BYTES);
    try {
      await expect(rig.open()).rejects.toMatchObject({ code: 'ERR_CPU_PIN' });
    } finally {
      await rig.close();
    }
  });

  it('takes the time of reading the clock off that of a victim', async () => {
    const rig = new PollutionRig(plan, [cpu], POOL_BYTES);
    await rig.open();
    let nowMs = 0;
    const clock = jest.spyOn(performance, 'now').mockImplementation(() => nowMs++);
    const walk = jest.spyOn(Victim.prototype, 'walk').mockImplementation((loads) => {
      nowMs += loads / 1000;
      return 0;
    });
    try {
      expect(rig.onCore(null, plan.onCore[0]!, 1).ns).toBeCloseTo(1000, 3);
    } finally {
      clock.mockRestore();
      walk.mockRestore();
      await rig.close();
    }
  });
});
