import { afterEach, describe, expect, it } from '@jest/globals';
import { CELLS, Rig, rigConfigs } from '../../../dev/variance/rig.js';
import { addon } from '../../../lib/addon/addon.js';

const SETTINGS = { cpus: addon().affinity().slice(0, 2), sampleMs: 5, seed: 1 };
const KEEP = { renewsMemory: false, renewsThreads: false, cells: [] };

describe('rigConfigs', () => {
  it('has the designs with two senders, one queue and 64 KiB messages, as the cells name them', () => {
    const configs = rigConfigs(SETTINGS);
    const designs = CELLS.filter(({ kind }) => kind === 'design').map(({ id }) => id);
    expect(configs.map(({ design }) => design)).toEqual(designs);
    for (const { sockets, devices } of configs) {
      expect({ ...sockets, ...devices }).toMatchObject({ senders: 2, messageBytes: 65536, queues: 1 });
    }
  });
});

describe('Rig', () => {
  let rig: Rig | undefined;
  afterEach(() => rig?.close());

  it('samples each cell that a turn names, in its order, with the host beside it', async () => {
    rig = new Rig(SETTINGS);
    await rig.open();
    const cells = [4, 0, 5, 1, 2, 3, 4];
    const before = performance.timeOrigin + performance.now();
    const rows = await rig.turn({ ...KEEP, cells });
    expect(rows.map(([cell]) => cell)).toEqual(cells);
    const times = rows.map(([, atMs]) => atMs);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    expect(times[0]).toBeGreaterThanOrEqual(before - 1);
    for (const [cell, , value, onCpuShare, tripNs, pulseNs] of rows) {
      // On a starved host a trial may move nothing; a copy always ends.
      if (CELLS[cell]!.kind === 'copy') expect(value).toBeGreaterThan(0);
      else if (value !== null) expect(value).toBeGreaterThan(0);
      if (onCpuShare !== null) expect(onCpuShare).toBeLessThanOrEqual(1);
      if (SETTINGS.cpus.length > 1) expect(tripNs).toBeGreaterThan(0);
      expect(pulseNs).toBeGreaterThan(0);
    }
  });

  it('renews memory and threads apart from each other', async () => {
    rig = new Rig(SETTINGS);
    await rig.open();
    expect(rig.generations).toEqual({ threads: 0, memory: 0 });
    await rig.turn({ ...KEEP, cells: [1] });
    expect(rig.generations).toEqual({ threads: 0, memory: 0 });
    await rig.turn({ ...KEEP, renewsMemory: true, cells: [1, 5] });
    expect(rig.generations).toEqual({ threads: 0, memory: 1 });
    await rig.turn({ ...KEEP, renewsThreads: true, cells: [1] });
    expect(rig.generations).toEqual({ threads: 1, memory: 1 });
    const rows = await rig.turn({ renewsMemory: true, renewsThreads: true, cells: [0, 4] });
    expect(rig.generations).toEqual({ threads: 2, memory: 2 });
    expect(rows).toHaveLength(2);
  });
});
