import { describe, expect, it } from '@jest/globals';
import { HostFiles } from '../../../../lib/bench/facts/host-files.js';
import { preemption } from '../../../../lib/bench/facts/linux/preemption.js';
import { hostTree } from '../../fixtures/host-tree.js';

const version = (words: string) => ({
  'proc/version': `Linux version 6.12.1 (PREEMPT@builder) (gcc 14) #7-Some SMP ${words} Thu Jan 1 00:00:00 UTC 2026\n`,
});
const DYNAMIC = version('PREEMPT_DYNAMIC');

function read(tree: Readonly<Record<string, string>>, tokens: readonly string[] = []) {
  const files = new HostFiles(hostTree(tree));
  return { model: preemption(files, tokens), reason: files.missing[0]?.reason };
}

describe('preemption', () => {
  it.each([
    ['PREEMPT', 'full'],
    ['PREEMPT_RT', 'rt'],
    ['PREEMPT RT', 'rt'],
    ['PREEMPT_LAZY', 'lazy'],
  ])('of a Linux that was built with %s is %s', (words, model) => {
    expect(read(version(words))).toEqual({ model, reason: undefined });
    const short = version(words)['proc/version'].replace(/^.*(?=#)/, '');
    expect(read({ 'proc/sys/kernel/version': short }).model).toBe(model);
  });

  it('is rt where sysfs says so', () => {
    expect(read({ ...DYNAMIC, 'sys/kernel/realtime': '1\n' }).model).toBe('rt');
    expect(read({ ...DYNAMIC, 'sys/kernel/realtime': '0\n' }).model).toBeNull();
  });

  it('is unknown of a Linux that can change it, unless debugfs or the command line says it', () => {
    expect(read(DYNAMIC)).toEqual({ model: null, reason: expect.stringMatching(/can change it/) });
    expect(read(DYNAMIC, ['preempt=full', 'preempt=voluntary']).model).toBe('voluntary');
    expect(read(DYNAMIC, ['preempt=odd']).model).toBeNull();
    const now = { 'sys/kernel/debug/sched/preempt': 'none voluntary full (lazy)\n' };
    expect(read({ ...DYNAMIC, ...now }, ['preempt=full']).model).toBe('lazy');
  });

  it('is what Linux was compiled with, where that is kept', () => {
    const built = (options: string) => ({
      'proc/sys/kernel/osrelease': '6.12.1-x\n',
      'boot/config-6.12.1-x': `# CONFIG_PREEMPT_NONE is not set\n${options}\n`,
    });
    expect(read({ ...version(''), ...built('CONFIG_PREEMPT_VOLUNTARY=y') }).model).toBe('voluntary');
    expect(read({ ...version(''), ...built('CONFIG_PREEMPT_NONE=y') }).model).toBe('none');
    expect(read({ ...DYNAMIC, ...built('CONFIG_PREEMPT=y\nCONFIG_PREEMPT_DYNAMIC=y') }).model).toBe('full');
    expect(read({ ...DYNAMIC, ...built('CONFIG_PREEMPT_LAZY=y') }).model).toBe('lazy');
  });

  it('is unknown where the build leaves it open, and where nothing is read', () => {
    expect(read(version(''), ['preempt=full']).model).toBeNull(); // it does not know that option
    expect(read(version('')).reason).toBe('/proc/version leaves open whether it is none or voluntary');
    expect(read({}).reason).toBe('/proc/version is not there on this host');
    expect(read({ 'proc/version': 'Linux version 6\n' }).reason).toBe('/proc/version names no build');
  });
});
