import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { TracingFiles } from '../../lib/tracefs/tracing-files.js';
import { counterOf, occupancyOf } from '../../lib/watch/occupancy.js';
import { COUNTERS, fakeHost } from '../support/fake-host.js';

const of = (debugfs: Readonly<Record<string, string>> | null) => occupancyOf(new TracingFiles(fakeHost({ debugfs })));

describe('occupancyOf', () => {
  it('reads all counters of the default pool', () => {
    expect(of({ ...COUNTERS, io_tlb_transient_nslabs: '88\n' })).toEqual([
      { pool: '', slots: 32768, used: 481, highWater: 852, transient: 88, unknown: {} },
    ]);
  });

  it('says why older kernels tell less', () => {
    const [pool] = of({ io_tlb_nslabs: '32768\n', io_tlb_used: '0\n' });
    expect(pool).toMatchObject({ used: 0, highWater: null, transient: null });
    expect(pool!.unknown).toEqual({
      highWater: 'this Linux does not count it',
      transient: 'this Linux has none (CONFIG_SWIOTLB_DYNAMIC)',
    });
  });

  it('has restricted pools by name, behind the default one, if there is one', () => {
    const restricted = { 'restricted@b/io_tlb_used': '1\n', 'restricted@a/io_tlb_nslabs': '2048\n' };
    expect(of({ ...restricted, ...COUNTERS }).map(({ pool }) => pool)).toEqual(['', 'restricted@a', 'restricted@b']);
    expect(of(restricted).map(({ pool, used }) => [pool, used])).toEqual([
      ['restricted@a', null],
      ['restricted@b', 1],
    ]);
  });

  it('takes a counter that has fallen below zero for unknown, and says why', () => {
    const [pool] = of({ ...COUNTERS, io_tlb_used: '18446744073709551609\n' });
    expect([pool!.used, pool!.unknown.used]).toEqual([null, expect.stringMatching(/below zero/)]);
  });

  it('finds no pool where there is none, and a folder that holds something else is none', () => {
    expect([of(null), of({}), of({ 'other/file': '1\n' })]).toEqual([[], [], []]);
  });

  it('has a pool of which no counter can be read, with the reasons', () => {
    const root = fakeHost({ debugfs: {} });
    for (const name of Object.keys(COUNTERS)) mkdirSync(join(root, 'sys/kernel/debug/swiotlb', name));
    const [pool] = occupancyOf(new TracingFiles(root));
    expect(pool).toMatchObject({ pool: '', slots: null, unknown: { used: 'its file cannot be read (EISDIR)' } });
  });

  it('says that a counter cannot be read', () => {
    const root = fakeHost({ debugfs: { io_tlb_nslabs: '1\n' } });
    mkdirSync(join(root, 'sys/kernel/debug/swiotlb/io_tlb_used'));
    expect(occupancyOf(new TracingFiles(root))[0]).toMatchObject({
      used: null,
      unknown: { used: 'its file cannot be read (EISDIR)' },
    });
  });
});

describe('counterOf', () => {
  it('is a number for every count that a pool can have, and never one from 2^63 on', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), (value) => {
        const counter = counterOf(String(value));
        if (value <= Number.MAX_SAFE_INTEGER) expect(counter).toBe(Number(value));
        else expect(counter).toMatch(value >= 2n ** 63n ? /below zero/ : /larger than any pool/);
      }),
    );
  });

  it.each(['', '-1', '1.5', '0x10', '1 2', '9'.repeat(21)])('takes %j for no number', (text) => {
    expect(counterOf(text)).toBe('its file holds no number');
  });
});
