import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { PACKET_BYTES } from '../../../benchmarks/pollution/bounces.js';
import { Neighbour } from '../../../benchmarks/pollution/neighbour.js';
import { addon } from '../../../lib/addon/addon.js';
import { Region } from '../../../lib/memory/region.js';
import { KIB } from '../../../lib/units.js';

const [cpu = 0, otherCpu = cpu] = addon().affinity();
const workingSet = 4 * KIB;

describe('a neighbour', () => {
  let slots: Region;
  let neighbour: Neighbour;
  beforeAll(async () => {
    slots = Region.create({ bytes: PACKET_BYTES, lock: 'no' });
    neighbour = new Neighbour({ hostCpu: otherCpu, slots: slots.id, workingSets: [workingSet] });
    await neighbour.ready(workingSet);
  });
  afterAll(async () => {
    await neighbour.close();
    slots.close();
  });

  it('tells nanoseconds of a load, which no CPU does in less than a tenth of one', async () => {
    let ns: number | null = null;
    // A host that stalls for longer than a sample may take has no time to tell.
    while (ns === null) ns = await neighbour.beside({ workingSet, settleMs: 1, measureMs: 5 }, () => {});
    expect(ns).toBeGreaterThan(0.1);
    expect(ns).toBeLessThan(1e6);
  });

  it('tells nothing of the time in which caches only settle', async () => {
    for (let time = 0; time < 3; time++) {
      expect(await neighbour.beside({ workingSet, settleMs: 2, measureMs: 0 }, () => {})).toBeNull();
    }
  });

  it('reads packets', async () => {
    expect(await neighbour.read(0, 1)).toBeGreaterThan(0);
  });
});
