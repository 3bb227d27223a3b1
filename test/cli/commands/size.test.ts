/** Runs the built command as a user does. No test here depends on a speed. */
import { spawn, spawnSync } from 'node:child_process';
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { scratchFolder } from '../../scratch.js';

const MAIN = fileURLToPath(new URL('../../../lib/cli/main.js', import.meta.url));
const FOLDER = fileURLToPath(new URL('../../../../test/fixtures/captures/', import.meta.url));
const FULL = `${FOLDER}full-nvme12-k6.12.trace.gz`;
const FLOWS = ['--flows', '10', '--wmem', '256K', '--rate', '5', '--cpus', '2'];

function size(args: readonly string[], input = '') {
  const { status, stdout, stderr } = spawnSync(process.execPath, [MAIN, 'size', ...args], { input, encoding: 'utf8' });
  return { status, stdout, stderr };
}

describe('copytax size', () => {
  it('takes floor, pool, CPUs and memory from beside the capture', () => {
    const { status, stdout } = size([FULL, '--passes', '2', '--json']);
    const found = JSON.parse(stdout);
    expect({ status, found }).toMatchObject({
      status: 0,
      found: {
        schema: 'copytax.size/1',
        cpus: 4,
        memoryBytes: 2014400 * 1024,
        memoryFrom: 'as noted beside the capture',
        loads: [{ floor: 511, mappings: 2180, holds: { source: 'fitted' } }],
        recommended: { token: 'swiotlb=8192,4,force' },
      },
    });
    expect(found.compared[0]).toMatchObject({ name: 'have', isEnough: false, pool: { slots: 2048, areas: 4 } });
  });

  it('prints a report beside a JSON file, and goes by what is given before what is noted', () => {
    const file = join(scratchFolder(), 'size.json');
    const given = ['--floor', '100', '--hold', '1us', '--have', '64', '--cpus', '2', '--memory', '32G'];
    const { status, stdout } = size([FULL, '--passes', '2', ...given, '--json', file]);
    expect([status, stdout]).toEqual([
      0,
      expect.stringMatching(/above 100 slots[\s\S]*swiotlb=64 is less than any default/),
    ]);
    expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({
      cpus: 2,
      memoryBytes: 32 * 2 ** 30,
      memoryFrom: null,
      loads: [{ floor: 100, holds: { source: 'given', holdNs: 1000 } }],
    });
  });

  it('reads a capture from standard input, of which nothing is noted', () => {
    const line = '  x-1 [000] b..1. 1.000001: swiotlb_bounced: dev_name: e dma_mask=ff dev_addr=1000 size=86 FORCE\n';
    const { status, stdout } = size(['-', '--passes', '1', '--json'], line);
    expect(JSON.parse(stdout)).toMatchObject({ memoryFrom: 'this host', loads: [{ floor: 0, mappings: 1 }], cpus: 1 });
    expect(status).toBe(0);
  });

  it('takes the floor from after the capture where none was noted before, and says so', () => {
    const folder = scratchFolder();
    const copy = join(folder, 'a.trace.gz');
    copyFileSync(FULL, copy);
    writeFileSync(join(folder, 'a.json'), '{"debugfs_before": null, "debugfs_after": {"used": 510}}');
    const { stdout } = size([copy, '--passes', '1', '--json']);
    expect(JSON.parse(stdout)).toMatchObject({ loads: [{ floor: 510, floorFrom: 'after' }] });
  });

  it('keeps the fitted time of all devices but one, and names a device that there is not', () => {
    const { stdout } = size([FULL, '--passes', '1', '--hold', 'nvme0=4ms', '--json']);
    expect(JSON.parse(stdout)).toMatchObject({
      loads: [
        { holds: { source: 'fitted', given: [{ device: 'nvme0', mappings: 0 }] }, capture: { unparsedLines: 0 } },
      ],
      notes: expect.arrayContaining([expect.objectContaining({ code: 'unused-hold' })]),
    });
  });

  it('draws flows, the same for a seed', () => {
    const args = [...FLOWS, '--passes', '1', '--json'];
    const first = size(args);
    expect(first).toMatchObject({ status: 0, stdout: expect.stringContaining('"reachesRate": true') });
    expect(size(args).stdout).toBe(first.stdout);
    expect(size([...args, '--seed', '2']).stdout).not.toBe(first.stdout);
  });

  it('has exit code 1 if no pool is enough', () => {
    const { status, stdout } = size([...FLOWS, '--passes', '1', '--floor', '1000000']);
    expect([status, stdout]).toEqual([1, expect.stringContaining('no pool up to 1 GiB is enough')]);
  });

  const folder = scratchFolder();
  const damaged = join(folder, 'full.trace.gz');
  copyFileSync(FULL, damaged);
  writeFileSync(join(folder, 'full.json'), '{"debugfs_before": {"nslabs": "many"}}');
  const text = join(folder, 'text.trace');
  writeFileSync(text, 'nothing of a trace\n');
  it.each([
    [['/nonexistent'], 'ERR_LOG_FILE'],
    [[text], 'ERR_CAPTURE'],
    [[damaged], 'ERR_CAPTURE'],
    [[], 'ERR_USAGE'],
    [[FULL, `${FOLDER}../captures/full-nvme12-k6.12.trace.gz`], 'ERR_USAGE'],
    [[FULL, '--hold', '1ms', '--hold', '2ms'], 'ERR_USAGE'],
    [['--json', text], 'ERR_USAGE'],
    [[...FLOWS, '--json', '/nonexistent/x.json'], 'ERR_RESULT_FILE'],
  ])('refuses %j in one line, with %s', (args, code) => {
    const { status, stdout, stderr } = size(args);
    expect({ stdout, lines: stderr.trimEnd().split('\n').length }).toEqual({ stdout: '', lines: 1 });
    expect(stderr).toMatch(new RegExp(`^copytax: ${code}: `));
    expect(status).toBeGreaterThan(0);
  });

  it('tells what it has when it is stopped', async () => {
    const child = spawn(process.execPath, [MAIN, 'size', ...FLOWS, '--passes', '1000', '--json']);
    let [out, said] = ['', ''];
    child.stdout.on('data', (chunk) => {
      out += chunk;
    });
    child.stderr.on('data', (chunk) => {
      if (said === '') child.kill('SIGINT');
      said += chunk;
    });
    const code = await new Promise((resolve) => child.on('close', resolve));
    expect([code, said]).toEqual([130, expect.stringMatching(/^copytax: size: pass \d+ of at most \d+/)]);
    if (out !== '')
      expect(JSON.parse(out)).toMatchObject({
        recommended: null,
        notes: expect.arrayContaining([expect.objectContaining({ code: 'stopped' })]),
      });
  });
});
