import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { describe, expect, it } from '@jest/globals';
import { addon } from '../../lib/memory/addon.js';
import { Region, type RegionSpec } from '../../lib/memory/region.js';

const thrownBy = (call: () => unknown) => {
  try {
    call();
  } catch (error) {
    return error;
  }
  return undefined;
};

describe('a Region that is held', () => {
  it('is not closed, and says how many references packets have, until every holder has let go', () => {
    const region = Region.create({ bytes: 4096, lock: 'no' });
    const letGo = [region.hold(() => 3), Region.attach(region.id).hold(() => 4)];
    const refused = (references: number) =>
      expect.objectContaining({ code: 'ERR_IN_FLIGHT', details: { region: region.id, references } });
    expect(() => region.close()).toThrow(refused(7));
    letGo[0]!();
    letGo[0]!();
    expect(() => Region.attach(region.id).close()).toThrow(refused(4));
    expect(region.buffer.byteLength).toBe(4096);
    letGo[1]!();
    region.close();
    expect(region.buffer.byteLength).toBe(0);
  });
});

describe('Region', () => {
  it('is rounded up to pages and has one buffer per thread', () => {
    using region = Region.create({ bytes: 5000, lock: 'no' });
    expect(region.bytes).toBe(8192);
    expect(region.buffer.byteLength).toBe(8192);
    expect(region.buffer).toBe(region.buffer);
    expect(Region.attach(region.id).buffer).toBe(region.buffer);
    expect(region.info()).toMatchObject({ bytes: 8192, align: 4096, locked: false, lockErrno: 0, attachments: 1 });
    expect(region.lockRefusal).toBeNull();
  });

  it('has no page of zeros, and no two pages alike, in any region', () => {
    using one = Region.create({ bytes: 1 << 18, lock: 'no' });
    using two = Region.create({ bytes: 1 << 18, lock: 'no' });
    const seen = new Set<bigint>();
    for (const { buffer } of [one, two]) {
      const words = new BigUint64Array(buffer);
      for (let page = 0; page < words.length; page += 512) {
        expect(words[page]).not.toBe(0n);
        seen.add(words[page]!);
      }
    }
    expect(seen.size).toBe(128);
  });

  it('that is not populated faults once at each page that is written, and reads as zeros before', () => {
    const bytes = 1 << 20;
    using region = Region.create({ bytes, lock: 'no', hugePages: 'never', populate: false });
    const words = new BigUint64Array(region.buffer);
    const faultsOf = (work: () => void) => {
      const before = addon().threadUsage().minorFaults;
      work();
      return addon().threadUsage().minorFaults - before;
    };
    const write = () => {
      for (let page = 0; page < words.length; page += 512) words[page] = 1n;
    };
    expect(words.every((word) => word === 0n)).toBe(true);
    expect(faultsOf(write)).toBeGreaterThanOrEqual(256);
    expect(faultsOf(write)).toBeLessThan(256);
    expect(thrownBy(() => Region.create({ bytes, populate: 'no' as unknown as boolean }))).toMatchObject({
      code: 'ERR_INVALID_ARG_TYPE',
      details: { name: 'populate' },
    });
  });

  it.each<Partial<RegionSpec>>([
    { align: 64 },
    { align: 1 << 30 },
    { hugePages: 'never' },
    { hugePages: 'thp', bytes: 4 << 20 },
    { hugePages: 'hugetlb' },
    { lock: 'try' },
  ])('is created as asked for by %o, or says what was refused', (spec) => {
    using region = Region.create({ bytes: 1 << 20, lock: 'no', ...spec });
    const info = region.info();
    new Uint8Array(region.buffer).fill(1);
    expect(info.hugeBytes).toBeGreaterThanOrEqual(-1);
    expect(info.locked).toBe(region.locked);
    // Pages that were not granted are not reported as granted, and the reason is.
    if (spec.hugePages === 'hugetlb' && info.hugePages !== 'hugetlb') expect(info.hugePagesErrno).toBeGreaterThan(0);
    else expect(info.hugePages).toBe(spec.hugePages ?? 'thp');
  });

  it('detaches its buffer at close(), which is idempotent, and at the end of `using`', () => {
    let kept: Region;
    {
      using region = Region.create({ bytes: 4096 });
      kept = region;
    }
    expect(kept.buffer.byteLength).toBe(0);
    kept.close();
    expect(thrownBy(() => kept.info())).toMatchObject({ code: 'ERR_REGION_CLOSED' });
    expect(thrownBy(() => Region.attach(kept.id))).toMatchObject({ name: 'CopytaxError', code: 'ERR_REGION_CLOSED' });
  });

  it('never gets an id that another region had', () => {
    const ids = Array.from({ length: 50 }, () => {
      using region = Region.create({ bytes: 4096, lock: 'no' });
      return region.id;
    });
    expect(ids).toEqual([...new Set(ids)].sort((a, b) => a - b));
  });

  it.each<[object, string]>([
    [{}, 'ERR_INVALID_ARG_TYPE'],
    [{ bytes: '4096' }, 'ERR_INVALID_ARG_TYPE'],
    [{ bytes: 0 }, 'ERR_OUT_OF_RANGE'],
    [{ bytes: 1.5 }, 'ERR_OUT_OF_RANGE'],
    [{ bytes: Number.NaN }, 'ERR_OUT_OF_RANGE'],
    [{ bytes: 2 ** 32 + 1 }, 'ERR_OUT_OF_RANGE'],
    [{ bytes: 4096, align: 32 }, 'ERR_OUT_OF_RANGE'],
    [{ bytes: 4096, align: 2 ** 31 }, 'ERR_OUT_OF_RANGE'],
    [{ bytes: 4096, align: 96 }, 'ERR_NOT_POWER_OF_TWO'],
    [{ bytes: 4096, lock: 'yes' }, 'ERR_OUT_OF_RANGE'],
    [{ bytes: 4096, hugePages: 'some' }, 'ERR_OUT_OF_RANGE'],
    [{ bytes: 4096, numaNode: 1000 }, 'ERR_REGION_MAP'],
  ])('is refused for %o with %s', (spec, code) => {
    expect(thrownBy(() => Region.create(spec as RegionSpec))).toMatchObject({ name: 'CopytaxError', code });
  });

  it('names errno and system call when Linux refuses it', () => {
    const error = thrownBy(() => Region.create({ bytes: 4096, numaNode: 1000 }));
    expect(error).toMatchObject({ details: { errno: expect.any(Number), syscall: 'mbind', bytes: 4096 } });
  });

  it('is the same memory in a worker that attaches by id', async () => {
    using region = Region.create({ bytes: 4096 });
    const worker = new Worker(new URL('fixtures/write-byte.js', import.meta.url), { workerData: { id: region.id } });
    const exit = once(worker, 'exit');
    const [attachments] = await once(worker, 'message');
    expect(attachments).toBe(2);
    expect(new Uint8Array(region.buffer)[100]).toBe(200);
    worker.postMessage('leave');
    await exit;
    expect(region.info().attachments).toBe(1);
  });
});
