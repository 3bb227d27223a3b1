import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { removeLeftovers } from '../../lib/tracefs/leftovers.js';
import { nameOf, thisProcess } from '../../lib/tracefs/owner.js';
import { fakeHost } from '../support/fake-host.js';
import { FakeTracingFiles, TRACING } from '../support/fake-tracing-files.js';

const own = thisProcess();
const ended = { ...own, pid: spawnSync('true').pid };

function host(...instances: readonly string[]) {
  const root = fakeHost();
  const files = new FakeTracingFiles(root);
  for (const name of instances) files.makeFolder(`${TRACING}/instances/${name}`);
  return {
    files,
    instances: () => readdirSync(join(root, TRACING, 'instances')).sort(),
    probes: () => readFileSync(join(root, TRACING, 'kprobe_events'), 'utf8'),
  };
}

describe('removeLeftovers', () => {
  it('removes instances of processes that have ended, and says so; others stay', () => {
    const stay = ['mine', 'copytax-1', nameOf({ ...own, pid: process.ppid }), nameOf({ ...ended, namespace: '1' })];
    const { files, instances } = host(nameOf(ended), ...stay);
    expect(removeLeftovers(files, TRACING)).toEqual([
      `removed ${TRACING}/instances/${nameOf(ended)}, which a process that was killed had left`,
    ]);
    expect(instances()).toEqual(stay.sort());
  });

  it('removes their probes after their instances', () => {
    const { files, instances, probes } = host();
    const group = nameOf(ended, '_');
    files.append(`${TRACING}/kprobe_events`, `p:${group}/swmap swiotlb_tbl_map_single`);
    files.append(`${TRACING}/kprobe_events`, 'p:mine/open do_sys_openat2');
    files.makeFolder(`${TRACING}/instances/${nameOf(ended)}`);
    files.write(`${TRACING}/instances/${nameOf(ended)}/events/${group}/enable`, '1');
    expect(removeLeftovers(files, TRACING)).toHaveLength(2);
    expect([instances(), probes()]).toEqual([[], 'p:mine/open do_sys_openat2\n']);
  });

  it('says what it cannot remove', () => {
    const { files, instances } = host(nameOf(ended));
    files.removeFolder = () => {
      throw Object.assign(new Error('it is refused'), { code: 'EPERM' });
    };
    expect(removeLeftovers(files, TRACING)).toEqual([expect.stringMatching(/^cannot remove .*: it is refused$/)]);
    expect(instances()).toHaveLength(1);
  });

  it('finds nothing where there is no tracefs', () => {
    expect(removeLeftovers(new FakeTracingFiles(fakeHost({ tracefs: false })), TRACING)).toEqual([]);
  });
});
