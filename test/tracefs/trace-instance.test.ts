import { closeSync, existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { removeInstance, TraceInstance } from '../../lib/tracefs/trace-instance.js';
import { Undoing } from '../../lib/tracefs/undoing.js';
import { fakeHost } from '../support/fake-host.js';
import { FakeTracingFiles, TRACING } from '../support/fake-tracing-files.js';

function made() {
  const root = fakeHost();
  const files = new FakeTracingFiles(root);
  const undoing = new Undoing();
  const instance = new TraceInstance(files, TRACING, undoing);
  const read = (file: string) => readFileSync(join(root, instance.path, file), 'utf8');
  return { root, files, undoing, instance, read };
}

/** Refuses rings of more than 100 KiB of each CPU. */
class LittleMemory extends FakeTracingFiles {
  override write(path: string, text: string): void {
    if (path.endsWith('buffer_size_kb') && Number(text) > 100) throw Object.assign(new Error(), { code: 'ENOMEM' });
    super.write(path, text);
  }
}

describe('TraceInstance', () => {
  it('records nothing at first, has lines as they are read here, and is gone when it is undone', () => {
    const { root, instance, undoing, read } = made();
    expect(read('tracing_on')).toBe('0\n');
    expect(read('trace_options')).toContain('irq-info\n');
    expect(instance.cpus).toEqual([0, 1]);
    expect(undoing.undo()).toEqual([]);
    expect(readdirSync(join(root, TRACING, 'instances'))).toEqual([]);
  });

  it('closes what it has opened before it is removed', () => {
    const { root, instance, undoing } = made();
    instance.open('trace');
    instance.open('trace_pipe');
    expect(undoing.undo()).toEqual([]);
    expect(existsSync(join(root, instance.path))).toBe(false);
  });

  it('says what cannot be removed', () => {
    const { files, instance, undoing } = made();
    const file = files.open(`${instance.path}/trace`);
    expect(undoing.undo()).toEqual([expect.stringContaining('EBUSY')]);
    closeSync(file);
    removeInstance(files, instance.path);
  });

  it('shares the memory of its ring among CPUs, and takes less where Linux has no more', () => {
    const { instance, undoing, read } = made();
    expect(instance.resize(2 ** 20)).toBe(2 ** 20);
    expect(read('buffer_size_kb')).toBe('512\n');
    undoing.undo();
    const files = new LittleMemory(fakeHost());
    const few = new Undoing();
    expect(new TraceInstance(files, TRACING, few).resize(2 ** 20)).toBe(2 * 64 * 1024);
    few.undo();
  });

  it('tells whether Linux takes a setting that it may lack', () => {
    const { instance, undoing } = made();
    expect([instance.trySet('tracing_on', '0'), instance.trySet('missing', '0')]).toEqual([true, false]);
    expect(() => instance.set('missing', '0')).toThrow(expect.objectContaining({ code: 'ENOENT' }));
    expect([instance.has('trace'), instance.text('missing')]).toEqual([true, null]);
    undoing.undo();
  });
});

describe('removeInstance', () => {
  it('takes one that is not there for removed', () => {
    removeInstance(new FakeTracingFiles(fakeHost()), `${TRACING}/instances/none`);
  });
});
