import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { addProbes, layoutOf, missedCalls, probesOf, removeProbes } from '../../lib/tracefs/probes.js';
import { Undoing } from '../../lib/tracefs/undoing.js';
import { fakeHost } from '../support/fake-host.js';
import { FakeTracingFiles, TRACING } from '../support/fake-tracing-files.js';

const OTHER = 'p:mine/open do_sys_openat2\n';

function host() {
  const root = fakeHost();
  const file = join(root, TRACING, 'kprobe_events');
  writeFileSync(file, OTHER);
  return { root, files: new FakeTracingFiles(root), probes: () => readFileSync(file, 'utf8') };
}

/** Has no probes at functions of these names. */
class Without extends FakeTracingFiles {
  missing: readonly string[] = [];

  override append(path: string, line: string): void {
    if (this.missing.includes(line.split(' ')[1]!)) throw Object.assign(new Error(line), { code: 'ENOENT' });
    super.append(path, line);
  }
}

describe('layoutOf', () => {
  const x64 = { arch: 'x64', hasDmaEvents: false };
  it.each([
    ['6.1.0-57-amd64', '6.1'],
    ['6.9.3', '6.1'],
    ['6.12.117+deb12-amd64', '6.12'],
    ['7.0.0-34-generic', '6.12'],
  ])('knows the registers of Linux %s as those of %s', (release, layout) => {
    expect(layoutOf({ ...x64, release })).toBe(layout);
  });

  it.each(['5.15.0', '6.0.1', '6.10.2', '6.11.0', 'nonsense'])('knows none of Linux %s, and says so', (release) => {
    expect(layoutOf({ ...x64, release })).toEqual({ unknown: expect.stringContaining(release) });
  });

  it('goes by the events of dma as well, and knows x86-64 alone', () => {
    expect(layoutOf({ arch: 'x64', hasDmaEvents: true, release: '6.11.0' })).toBe('6.12');
    expect(layoutOf({ arch: 'arm64', hasDmaEvents: true, release: '6.12.0' })).toEqual({
      unknown: expect.stringContaining('x86-64 alone'),
    });
  });
});

describe('addProbes', () => {
  it.each(['6.1', '6.12'] as const)(
    'adds the probes of %s as docs/captures.md has them, and removes no others',
    (layout) => {
      const { files, probes } = host();
      const undoing = new Undoing();
      const group = addProbes(files, TRACING, layout, undoing);
      const document = readFileSync('docs/captures.md', 'utf8');
      const own = probesOf(files, TRACING, group);
      expect(own).toHaveLength(3);
      for (const probe of own) expect(document).toContain(`'${probe.replace(`${group}/`, '')}'`);
      expect(probes()).toContain(OTHER);
      expect(undoing.undo()).toEqual([]);
      expect(probes()).toBe(OTHER);
    },
  );

  it('takes the second name of a function where the first is missing', () => {
    const files = new Without(host().root);
    files.missing = ['__swiotlb_tbl_unmap_single'];
    const undoing = new Undoing();
    const own = probesOf(files, TRACING, addProbes(files, TRACING, '6.12', undoing));
    expect(own.at(-1)).toContain(' swiotlb_tbl_unmap_single ');
    undoing.undo();
  });

  it('leaves none if one of them is refused', () => {
    const { root, probes } = host();
    const files = new Without(root);
    files.missing = ['__swiotlb_tbl_unmap_single', 'swiotlb_tbl_unmap_single'];
    const undoing = new Undoing();
    expect(() => addProbes(files, TRACING, '6.12', undoing)).toThrow(expect.objectContaining({ code: 'ENOENT' }));
    expect(probes()).toBe(OTHER);
    expect(undoing.undo()).toEqual([]);
  });
});

describe('removeProbes', () => {
  it('throws where an instance still records them', () => {
    const { files, root } = host();
    const undoing = new Undoing();
    const group = addProbes(files, TRACING, '6.1', undoing);
    const enable = join(root, TRACING, 'events', group, 'enable');
    writeFileSync(enable, '1\n');
    expect(() => removeProbes(files, TRACING, group)).toThrow(expect.objectContaining({ code: 'EBUSY' }));
    writeFileSync(enable, '0\n');
    expect(undoing.undo()).toEqual([]);
  });
});

describe('missedCalls', () => {
  it('adds up what Linux counts, and knows nothing where it cannot tell whose they are', () => {
    const { files, root } = host();
    const undoing = new Undoing();
    const group = addProbes(files, TRACING, '6.1', undoing);
    expect(missedCalls(files, TRACING, group)).toBeNull();
    const profile = join(root, TRACING, 'kprobe_profile');
    const rows = '  open   9   9\n  swmap   100   2\n  swmapret   98   3\n  swunmap   90   0\n';
    writeFileSync(profile, rows);
    expect(missedCalls(files, TRACING, group)).toBe(5);
    writeFileSync(profile, `${rows}  swmap   1   1\n`);
    expect(missedCalls(files, TRACING, group)).toBeNull();
    undoing.undo();
  });
});
