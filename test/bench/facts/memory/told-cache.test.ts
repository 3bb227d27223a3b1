import { describe, expect, it } from '@jest/globals';
import { HostFiles } from '../../../../lib/bench/facts/host-files.js';
import { toldCaches, whyNoCaches } from '../../../../lib/bench/facts/memory/told-cache.js';
import { cachesOfCpu, type MadeCache } from '../../fixtures/cache-tree.js';
import { hostTree } from '../../fixtures/host-tree.js';

const FULL: MadeCache = { level: 2, type: 'Unified', size: '512K', line: 128, list: '0-1' };

function told(cache: MadeCache, online = [0, 1]) {
  const files = new HostFiles(hostTree(cachesOfCpu(0, [cache])));
  return { caches: toldCaches(files, 0, online), missing: files.missing.map(({ fact }) => fact) };
}

describe('what a CPU tells of its caches', () => {
  it('is level, type, size, line and who shares it', () => {
    expect(told(FULL)).toEqual({
      caches: [{ cpu: 0, level: 2, type: 'Unified', bytes: 512 << 10, lineBytes: 128, sharedBy: [0, 1] }],
      missing: [],
    });
  });

  it('is read in each unit, and no cache has a size of nothing', () => {
    const sizes = ['48K', '2M', '1G', '0K', 'big', '-1K'];
    expect(sizes.map((size) => told({ ...FULL, size }).caches[0]?.bytes)).toEqual([
      48 << 10,
      2 << 20,
      1 << 30,
      null,
      null,
      null,
    ]);
  });

  it('still is a cache if only its level is there, with a reason for the rest', () => {
    expect(told({ level: 3 })).toEqual({
      caches: [{ cpu: 0, level: 3, type: 'Unknown', bytes: null, lineBytes: null, sharedBy: null }],
      missing: ['caches.type', 'caches.bytes', 'caches.lineBytes', 'caches.sharedBy'],
    });
  });

  it('is none without a level', () => {
    const folder = 'sys/devices/system/cpu/cpu0/cache/index0';
    for (const level of [{}, { [`${folder}/level`]: '\n' }]) {
      const files = new HostFiles(hostTree({ [`${folder}/type`]: 'Data\n', ...level }));
      expect(toldCaches(files, 0, [0])).toEqual([]);
    }
  });

  it('never makes unknown sharing a private cache', () => {
    const sharedBy = (cache: Partial<MadeCache>, online?: number[]) =>
      told({ ...FULL, list: undefined, ...cache } as MadeCache, online).caches[0]?.sharedBy;
    expect(sharedBy({ list: 'what' })).toBeNull();
    expect(sharedBy({ list: '' })).toBeNull();
    expect(sharedBy({ map: '00000000' })).toBeNull();
    expect(sharedBy({ list: '1' })).toBeNull();
    expect(sharedBy({ map: '3' })).toEqual([0, 1]);
    expect(sharedBy({ list: '0-1\0' })).toEqual([0, 1]);
    expect(sharedBy({}, [0])).toEqual([0]); // there is no other
  });

  it('names online CPUs only', () => {
    expect(told({ ...FULL, list: '0-7' }, [0, 4]).caches[0]?.sharedBy).toEqual([0, 4]);
  });
});

describe('the reason for no caches', () => {
  const why = (tree: Readonly<Record<string, string>>, online = [0, 1]) =>
    whyNoCaches(new HostFiles(hostTree(tree)), online);

  it('says that there are no folders only where there are none', () => {
    expect(why({})).toBe('/sys/devices/system/cpu is not there on this host');
    expect(why({ 'sys/devices/system/cpu/online': '0-1' })).toBe('no cache folders below /sys/devices/system/cpu');
    expect(why({ 'sys/devices/system/cpu/cpu1/cache/index0/type': 'Data' })).toBe(
      'the folders in /sys/devices/system/cpu/cpu1/cache tell no level',
    );
    expect(why({}, [])).toBe('it is not known which CPUs are online');
  });
});
