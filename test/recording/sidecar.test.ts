import { readdirSync, readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { describe, expect, it } from '@jest/globals';
import { debugfsReading, highWaterBetween, hostOf, isSidecar, sidecarOf } from '../../lib/recording/sidecar.js';
import { TracingFiles } from '../../lib/tracefs/tracing-files.js';
import { COUNTERS, fakeHost } from '../support/fake-host.js';

const CAPTURES = 'test/fixtures/captures';

describe('sidecarOf', () => {
  it.each([
    ['/a/b.trace.gz', '/a/b.json'],
    ['b.trace', 'b.json'],
    ['b.txt.gz', 'b.json'],
    ['b.gz', 'b.json'],
    ['b', 'b.json'],
    ['b.LOG.GZ', 'b.json'],
    ['b.json', 'b.json.json'],
    ['b.tar', 'b.tar.json'],
  ])('of %s is %s', (path, sidecar) => {
    expect(sidecarOf(path)).toBe(sidecar);
  });

  it('is as captures that were made by hand have it', () => {
    const names = readdirSync(CAPTURES);
    for (const name of names.filter((one) => /\.(trace|txt)\.gz$/.test(one))) expect(names).toContain(sidecarOf(name));
  });
});

describe('isSidecar', () => {
  it('knows those that were made by hand, and no other JSON', () => {
    const sidecars = readdirSync(CAPTURES).filter((name) => name.startsWith('kp-') && name.endsWith('.json'));
    expect(sidecars.length).toBeGreaterThan(0);
    for (const name of sidecars) expect(isSidecar(readFileSync(`${CAPTURES}/${name}`, 'utf8'))).toBe(true);
    expect([isSidecar(''), isSidecar(readFileSync('package.json', 'utf8'))]).toEqual([true, false]);
  });
});

describe('highWaterBetween', () => {
  const counters = (used_hiwater: number | null) => ({ nslabs: 32768, used: 481, used_hiwater });

  it('knows it only where the mark since boot has risen', () => {
    const between = (before: number | null, after: number | null) =>
      highWaterBetween(counters(before), counters(after));
    expect([between(852, 1921), between(0, 852)]).toEqual([1921, 852]);
    expect([between(852, 852), between(null, 852), between(852, null), between(null, null)]).toEqual(
      Array(4).fill(null),
    );
  });
});

describe('debugfsReading', () => {
  const of = (debugfs: Readonly<Record<string, string>> | null) =>
    debugfsReading(new TracingFiles(fakeHost({ debugfs })));

  it('has the names of captures that were made by hand, and restricted pools only where there are some', () => {
    expect(of(COUNTERS)).toEqual({ nslabs: 32768, used: 481, used_hiwater: 852 });
    expect(of({ ...COUNTERS, 'restricted@1/io_tlb_used': '7\n' })).toMatchObject({
      used: 481,
      restricted: { 'restricted@1': { nslabs: null, used: 7, used_hiwater: null } },
    });
  });

  it('has null for what is unknown', () => {
    expect(of(null)).toEqual({ nslabs: null, used: null, used_hiwater: null });
    expect(of({ io_tlb_used: '18446744073709551615\n', io_tlb_nslabs: '1\n' })).toMatchObject({ used: null });
  });
});

describe('hostOf', () => {
  it('tells the host from its files, without its name', () => {
    const host = hostOf(new TracingFiles(fakeHost({ release: '6.12.117' })));
    expect(host).toEqual({
      kernel: '6.12.117',
      uname: `Linux 6.12.117 #1 SMP fake ${process.arch}`,
      cmdline: 'quiet swiotlb=force',
      cpus: 2,
      memory: '1952784 kB',
    });
    expect(JSON.stringify(hostOf(new TracingFiles()))).not.toMatch(new RegExp(`\\b${hostname()}\\b`));
  });

  it('says what it cannot know', () => {
    expect(hostOf(new TracingFiles('/nowhere'))).toMatchObject({ kernel: 'unknown', cmdline: null, memory: null });
  });
});
