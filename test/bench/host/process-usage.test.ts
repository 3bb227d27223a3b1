import { describe, expect, it } from '@jest/globals';
import { HostFiles } from '../../../lib/bench/facts/host-files.js';
import { processUsage, usageOfFiles } from '../../../lib/bench/host/process-usage.js';
import { hostTree } from '../fixtures/host-tree.js';

const refuse = () => {
  throw Object.assign(new Error('operation not permitted'), { code: 'ERR_SYSTEM_ERROR' });
};

describe('what a process has used', () => {
  it('is what Node says', () => {
    const used = { userCPUTime: 1500, systemCPUTime: 500, involuntaryContextSwitches: 3 } as NodeJS.ResourceUsage;
    expect(processUsage(new HostFiles(), () => used)).toEqual({ cpuMs: 2, involuntarySwitches: 3 });
  });

  it('is read from /proc where getrusage is refused, whatever the name of the program', () => {
    const fields = ['S', ...Array.from({ length: 10 }, () => '1'), '150', '25', '9'];
    const files = new HostFiles(
      hostTree({
        'proc/self/stat': `12 (a) b ( 9 9) ${fields.join(' ')}\n`,
        'proc/self/task/12/status': 'Name:\ta\nnonvoluntary_ctxt_switches:\t4\n',
        'proc/self/task/13/status': 'Name:\tb\nnonvoluntary_ctxt_switches:\t5\n',
      }),
    );
    expect(processUsage(files, refuse)).toEqual({ cpuMs: 1750, involuntarySwitches: 9 });
  });

  it('is told alike by both on this host', () => {
    const [told, read] = [processUsage(), usageOfFiles(new HostFiles())];
    expect(read.cpuMs).toBeGreaterThan(0);
    expect(Math.abs(told.cpuMs - read.cpuMs)).toBeLessThan(0.5 * told.cpuMs + 1000);
  });

  it('is not known without /proc', () => {
    expect(processUsage(new HostFiles(hostTree({})), refuse)).toEqual({ cpuMs: Number.NaN, involuntarySwitches: 0 });
  });
});
