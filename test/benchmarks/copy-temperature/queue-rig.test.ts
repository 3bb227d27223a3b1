import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { QueueRig, WRITERS } from '../../../benchmarks/copy-temperature/queue-rig.js';
import { queuePlan } from '../../../benchmarks/copy-temperature/queue-sizes.js';
import { addon } from '../../../lib/addon/addon.js';
import { checksum } from '../../../lib/memory/copy.js';
import { copyKernelIndex } from '../../../lib/memory/copy-kernels.js';
import { random } from '../../../lib/random.js';
import { KIB } from '../../../lib/units.js';

const QUEUED = 64 * KIB;
const [cpu = 0, otherCpu = cpu] = addon().affinity();

describe('QueueRig', () => {
  const rig = new QueueRig(QUEUED, cpu, otherCpu);
  beforeAll(() => rig.open());
  afterAll(() => rig.close());

  it.each(WRITERS)('copies the bytes of users to the queue and on to slots, written by %s', async (writer) => {
    for (const queued of [4 * KIB, QUEUED]) {
      const plan = queuePlan(queued, writer === 'another core');
      const { bytes, timedNs } = await rig.run(copyKernelIndex('libc'), writer, queued, plan, random(1));
      expect(bytes).toBe(plan.repeats * plan.timedBytes);
      expect(timedNs).toBeGreaterThan(0);
      expect(checksum(rig.slots, 0, 2 * plan.timedBytes)).toBe(checksum(rig.user, 0, 2 * plan.timedBytes));
    }
  });
});
