import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { inspect } from 'node:util';
import { MessageChannel, Worker } from 'node:worker_threads';
import { describe, expect, it, jest } from '@jest/globals';
import { addon } from '../../lib/addon/addon.js';
import { Attachment } from '../../lib/memory/attachment.js';
import { Region } from '../../lib/memory/region.js';
import type { RegionSpec } from '../../lib/memory/region-spec.js';

/** That a process has at a time: as far apart are the ids of two regions of one place. */
const MAX_REGIONS = 4096;

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

describe('two Regions of one id in a thread', () => {
  it('are closed each for itself, and the last one gives the memory back', () => {
    const first = Region.create({ bytes: 4096, lock: 'no' });
    const second = Region.attach(first.id);
    const bytes = new Uint8Array(first.buffer).fill(3);
    first.close();
    first.close();
    expect(second.info().attachments).toBe(1);
    expect(new Uint8Array(second.buffer)[4095]).toBe(3);
    second.close();
    expect(bytes.every((value) => value === 0)).toBe(true);
    expect(thrownBy(() => Region.attach(first.id))).toMatchObject({ code: 'ERR_REGION_CLOSED' });
  });

  it('have one buffer, also when another thread alone kept the region for a while', async () => {
    const first = Region.create({ bytes: 4096, lock: 'no' });
    const { buffer } = first;
    const worker = new Worker(new URL('fixtures/write-byte.js', import.meta.url), { workerData: { id: first.id } });
    await once(worker, 'message');
    first.close();
    expect(new Uint8Array(buffer)[100]).toBe(200); // as long as the worker has it
    using second = Region.attach(first.id);
    expect(second.buffer).toBe(buffer);
    worker.postMessage('leave');
    await once(worker, 'exit');
    expect(new Uint8Array(second.buffer)[100]).toBe(200);
  });
});

describe('a lease of a Region', () => {
  it('keeps the memory beyond close() until it is released, once or by `using`', () => {
    const region = Region.create({ bytes: 4096, lock: 'no' });
    const bytes = new Uint8Array(region.buffer).fill(5);
    const lease = region.lease();
    {
      using _second = region.lease();
      region.close();
      expect(region.closed).toBe(true);
    }
    expect(bytes[0]).toBe(5);
    lease.release();
    lease.release();
    expect(bytes[0]).toBe(0);
  });

  it('is not released twice where two are out', () => {
    const region = Region.create({ bytes: 4096, lock: 'no' });
    const bytes = new Uint8Array(region.buffer).fill(5);
    const [one, other] = [region.lease(), region.lease()];
    region.close();
    one.release();
    one.release();
    expect(bytes[0]).toBe(5);
    other[Symbol.dispose]();
    expect(bytes[0]).toBe(0);
  });

  it('delays closeWhenIdle(), as a hold does', async () => {
    const region = Region.create({ bytes: 4096, lock: 'no' });
    const seen: string[] = [];
    const lease = region.lease();
    const letGo = region.hold(() => 0);
    const closed = region.closeWhenIdle().then(() => seen.push('closed'));
    await setImmediate();
    expect(region.closed).toBe(false);
    letGo();
    await setImmediate();
    expect(region.closed).toBe(true);
    expect(seen).toEqual([]);
    lease.release();
    await closed;
    expect(seen).toEqual(['closed']);
    await region.closeWhenIdle();
  });
});

describe('a Region that is posted', () => {
  it.each<[string, (region: Region) => unknown]>([
    ['by structuredClone', (region) => structuredClone(region)],
    ['in a message', (region) => new MessageChannel().port1.postMessage({ deep: [region] })],
    ['as workerData', (region) => new Worker('', { eval: true, workerData: { region } })],
  ])('%s is refused, with what to do instead', (_, post) => {
    using region = Region.create({ bytes: 4096, lock: 'no' });
    expect(thrownBy(() => post(region))).toMatchObject({
      code: 'ERR_NOT_POSTABLE',
      message: expect.stringContaining(`region ${region.id} cannot be posted: post its id`),
    });
  });

  it('is shown and made JSON all the same', () => {
    using region = Region.create({ bytes: 4096, lock: 'no' });
    const facts = { id: region.id, bytes: 4096, locked: false, closed: false };
    expect(JSON.parse(JSON.stringify({ region }))).toEqual({ region: facts });
    expect(inspect(region)).toContain(`id: ${region.id}`);
  });
});

describe('Region.create()', () => {
  it('leaves no region when this thread cannot attach to it', () => {
    const attach = jest.spyOn(Attachment, 'of').mockImplementation(() => {
      throw new Error('not attached');
    });
    try {
      expect(() => Region.create({ bytes: 4096, lock: 'no' })).toThrow('not attached');
      const [id] = attach.mock.calls[0]!;
      expect(thrownBy(() => addon().regionInfo(id))).toMatchObject({ code: 'ERR_REGION_CLOSED' });
    } finally {
      attach.mockRestore();
    }
  });
});

describe('Region.createAsync()', () => {
  it('makes what create() makes, and does not block', async () => {
    let turns = 0;
    const timer = setInterval(() => turns++, 1);
    using region = await Region.createAsync({ bytes: 5000, lock: 'no' });
    clearInterval(timer);
    expect(region.info()).toMatchObject({ bytes: 8192, attachments: 1 });
    expect(turns).toBeGreaterThan(0);
  });

  it('refuses options that do not exist, and what is no signal', async () => {
    const spec: RegionSpec = { bytes: 4096, lock: 'no' };
    const create = (options: unknown) => Region.createAsync(spec, options as { signal?: AbortSignal });
    await expect(create({ sginal: 1 })).rejects.toMatchObject({ code: 'ERR_UNKNOWN_OPTION' });
    for (const bad of [5, 'x', [], null, { signal: 5 }, { signal: null }]) {
      await expect(create(bad)).rejects.toMatchObject({ code: 'ERR_INVALID_ARG_TYPE' });
    }
  });

  it('works in a program that came by --eval', () => {
    const index = fileURLToPath(new URL('../../lib/memory/index.js', import.meta.url));
    const program = `import { Region } from ${JSON.stringify(index)};
      const region = await Region.createAsync({ bytes: 4096, lock: 'no' });
      console.log(region.bytes);`;
    const { stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', program], { encoding: 'utf8' });
    expect(stdout).toBe('4096\n');
  });

  it('rejects as create() throws, before and after a thread was asked', async () => {
    await expect(Region.createAsync({ bytes: 0 })).rejects.toMatchObject({ code: 'ERR_OUT_OF_RANGE' });
    await expect(Region.createAsync({ bytes: 4096, numaNode: 1000 })).rejects.toMatchObject({
      code: 'ERR_REGION_MAP',
      details: { syscall: 'mbind' },
    });
  });

  it('is aborted by a signal, with its reason, before and meanwhile', async () => {
    const reason = new Error('enough');
    const spec: RegionSpec = { bytes: 1 << 28, lock: 'no' };
    await expect(Region.createAsync(spec, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    const controller = new AbortController();
    const created = Region.createAsync(spec, { signal: controller.signal });
    setTimeout(() => controller.abort(reason), 20);
    await expect(created).rejects.toBe(reason);
  });
});

describe('Region', () => {
  it('has views of its bytes that are Buffers over the same memory', () => {
    using region = Region.create({ bytes: 8192, lock: 'no' });
    const view = region.view(4096, 100);
    view.write('copytax');
    expect(Buffer.from(region.buffer, 4096, 7).toString()).toBe('copytax');
    expect([region.view().length, region.view(8192).length, view.length]).toEqual([8192, 0, 100]);
    expect(region.address % 4096n).toBe(0n);
    for (const [offset, bytes] of [
      [-1, 1],
      [0, 8193],
      [4096, 4097],
      [0.5, 1],
      [8193, 0],
    ] as const) {
      expect(thrownBy(() => region.view(offset, bytes))).toMatchObject({ code: 'ERR_OUT_OF_RANGE' });
    }
  });

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

  it('that is not populated faults at each page when it is used first, and reads as zeros before', () => {
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
    const read = () => expect(words.every((word) => word === 0n)).toBe(true);
    // Most kernels map a shared page of zeros for a read, and another one for the write; some map the page at once.
    expect(faultsOf(read) + faultsOf(write)).toBeGreaterThan(250); // the first may be in use already
    expect(faultsOf(write)).toBeLessThan(200);
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

  it('has no bytes after close(), which is idempotent, and after the end of `using`', () => {
    let kept: Region;
    {
      using region = Region.create({ bytes: 4096 });
      kept = region;
    }
    expect(kept).toMatchObject({ closed: true, bytes: 4096 });
    expect(kept.buffer.byteLength).toBe(0);
    kept.close();
    for (const use of [() => kept.view(), () => kept.lease(), () => kept.address]) {
      expect(thrownBy(use)).toMatchObject({ code: 'ERR_REGION_CLOSED', details: { region: kept.id } });
    }
    expect(thrownBy(() => kept.info())).toMatchObject({ code: 'ERR_REGION_CLOSED' });
    expect(thrownBy(() => Region.attach(kept.id))).toMatchObject({ name: 'CopytaxError', code: 'ERR_REGION_CLOSED' });
  });

  it.each([64, 1 << 21])('lies between two guards that no access is allowed to, aligned to %d', (align) => {
    using region = Region.create({ bytes: 8192, align, lock: 'no', hugePages: 'never' });
    const [begin, end] = [region.address, region.address + BigInt(region.bytes)].map((at) => at.toString(16));
    const lines = readFileSync('/proc/self/maps', 'utf8').split('\n');
    const at = lines.findIndex((line) => line.startsWith(`${begin}-${end} rw-p`));
    expect(lines.slice(at - 1, at + 2)).toEqual([
      expect.stringContaining(`-${begin} ---p`),
      expect.stringContaining(`${begin}-${end} rw-p`),
      expect.stringContaining(`${end}-`),
    ]);
    expect(lines[at + 1]).toContain(' ---p');
  });

  it('never gets the buffer of a region whose place it takes in the table of regions', () => {
    const first = Region.create({ bytes: 4096, lock: 'no' });
    const { buffer } = first;
    first.close();
    for (;;) {
      using region = Region.create({ bytes: 4096, lock: 'no', populate: false });
      if (region.id < first.id + MAX_REGIONS) continue;
      new Uint8Array(region.buffer).fill(9);
      expect({ id: region.id, isOther: region.buffer !== buffer }).toEqual({
        id: first.id + MAX_REGIONS,
        isOther: true,
      });
      expect(new Uint8Array(buffer).every((value) => value === 0)).toBe(true);
      return;
    }
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
    [{ bytes: 4096, lock: Symbol('x') }, 'ERR_OUT_OF_RANGE'],
    [{ bytes: 4096, hugePages: Object.create(null) }, 'ERR_OUT_OF_RANGE'],
    [{ bytes: 4096n }, 'ERR_INVALID_ARG_TYPE'],
    [{ bytes: 4096, numaNode: 1000 }, 'ERR_REGION_MAP'],
    [{ bytes: 4096, locked: 'must' }, 'ERR_UNKNOWN_OPTION'],
    [4096 as unknown as object, 'ERR_INVALID_ARG_TYPE'],
    [undefined as unknown as object, 'ERR_INVALID_ARG_TYPE'],
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
