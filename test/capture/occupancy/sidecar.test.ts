import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { parseSidecar, sidecarName, sidecarOf, strangerBeside } from '../../../lib/capture/occupancy/sidecar.js';
import { scratchFolder } from '../../scratch.js';

const FOLDER = fileURLToPath(new URL('../../../../test/fixtures/captures/', import.meta.url));

describe('sidecarName()', () => {
  it.each([
    ['a.trace.gz', 'a.json'],
    ['d/a.txt.gz', 'd/a.json'],
    ['a.b.log', 'a.b.json'],
    ['a', 'a.json'],
    ['a.gz', 'a.json'],
    ['.gz', null],
    ['d/.gz', null],
  ])('is for %s %s', (capture, name) => expect(sidecarName(capture)).toBe(name));
});

describe('sidecarOf()', () => {
  it('reads what stands beside a capture', () => {
    expect(sidecarOf(`${FOLDER}kp-full-nvme-k6.12.trace.gz`)).toEqual({
      file: `${FOLDER}kp-full-nvme-k6.12.json`,
      slots: 2048,
      areas: 4,
      usedBefore: 511,
      usedAfter: 511,
      highWater: 1921,
      polledMost: 637,
      kernel: '6.12.117+deb12-amd64',
      bootParam: '2048,4,force',
      cpus: 4,
      memoryBytes: JSON.parse(readFileSync(`${FOLDER}kp-full-nvme-k6.12.json`, 'utf8')).memory.split(' ')[0] * 1024,
    });
  });

  it('takes the slots that a pool had grown to, and areas by the number of CPUs', () => {
    expect(sidecarOf(`${FOLDER}pressure-nvme8-k6.12dyn.trace.gz`)).toMatchObject({ slots: 4096 });
    expect(sidecarOf(`${FOLDER}vnet-tcp8-k6.1.trace.gz`)).toMatchObject({
      areas: 2,
      highWater: null,
      bootParam: 'force',
    });
  });

  it('is null where nothing stands there, or something else', () => {
    const folder = scratchFolder();
    expect(sidecarOf(join(folder, 'a.trace.gz'))).toBeNull();
    expect(strangerBeside(join(folder, 'a.trace.gz'))).toBeNull();
    writeFileSync(join(folder, 'a.json'), '');
    expect([sidecarOf(join(folder, 'a.trace.gz')), strangerBeside(join(folder, 'a.trace.gz'))]).toEqual([null, null]);
    writeFileSync(join(folder, 'a.json'), '{"schema":"copytax.result/2"}');
    expect(sidecarOf(join(folder, 'a.trace.gz'))).toBeNull();
    expect(strangerBeside(join(folder, 'a.trace.gz'))).toBe(join(folder, 'a.json'));
    expect(strangerBeside(`${FOLDER}kp-full-nvme-k6.12.trace.gz`)).toBeNull();
    for (const other of [null, [], 'text', 7]) expect(parseSidecar(other, 'x')).toBeNull();
  });

  it.each([
    ['{', /is cut off/],
    ['{"debugfs_before":{"used":-1}}', /used is -1, and has to be a count/],
    ['{"debugfs_before":{"used":"481"}}', /used is '481', and has to be a count/],
    ['{"debugfs_after":{"nslabs":1.5}}', /nslabs is 1.5/],
  ])('refuses %s, and says what to do', (text, message) => {
    const folder = scratchFolder();
    writeFileSync(join(folder, 'a.json'), text);
    expect(() => sidecarOf(join(folder, 'a.trace'))).toThrow(
      expect.objectContaining({
        code: 'ERR_CAPTURE',
        message: expect.stringMatching(message),
        details: expect.objectContaining({ remedy: expect.stringContaining('move it away') }),
      }),
    );
  });

  it('takes the mark of a kernel only where it is of the capture alone', () => {
    const noted = (before: number | null, after: number | null, all = {}) =>
      parseSidecar({ debugfs_before: { used_hiwater: before }, debugfs_after: { used_hiwater: after }, ...all }, 'x');
    expect(noted(0, 852)!.highWater).toBe(852);
    expect(noted(35, 35)!.highWater).toBeNull();
    expect(noted(null, 852)!.highWater).toBeNull();
    expect(noted(0, null)!.highWater).toBeNull();
    expect(noted(0, 852, { hiwater: null })!.highWater).toBeNull();
    expect(noted(35, 35, { hiwater: 900 })!.highWater).toBe(900);
  });

  it('does not know what was not noted, or could not be counted', () => {
    expect(parseSidecar({ debugfs_before: { used: null }, memory: 'much', cmdline: 7 }, 'x')).toEqual({
      file: 'x',
      slots: null,
      areas: null,
      usedBefore: null,
      usedAfter: null,
      highWater: null,
      polledMost: null,
      kernel: null,
      bootParam: null,
      cpus: null,
      memoryBytes: null,
    });
  });
});
