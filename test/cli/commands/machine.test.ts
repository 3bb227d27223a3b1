import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, jest } from '@jest/globals';
import type { HostFacts } from '../../../lib/bench/facts/host-schema.js';
import { hostSchema } from '../../../lib/bench/facts/host-schema.js';
import { thisHost } from '../../../lib/bench/host/this-host.js';
import { machineCommand } from '../../../lib/cli/commands/machine.js';
import type { SwiotlbOption } from '../../../lib/cli/commands/swiotlb-option.js';
import { allCopyKernels } from '../../../lib/memory/copy-kernels.js';
import { scratchFolder } from '../../scratch.js';

/** What the command writes to stdout. */
function printed(options: Parameters<typeof machineCommand>[0]): string {
  let text = '';
  const spy = jest.spyOn(process.stdout, 'write').mockImplementation((part) => {
    text += part;
    return true;
  });
  try {
    machineCommand(options);
  } finally {
    spy.mockRestore();
  }
  return text;
}

describe('machineCommand', () => {
  it('prints the facts of this host, as text or as JSON of the schema', () => {
    const json = JSON.parse(printed({ json: true })) as { swiotlbOption: SwiotlbOption; copyKernels: object[] };
    const host = hostSchema().parse(json);
    expect(host.fingerprint).toBe(thisHost().fingerprint);
    const text = printed({});
    expect(text).toContain(host.fingerprint ?? 'Not known of this host');
    expect(json.copyKernels).toEqual(allCopyKernels());
    expect(json.swiotlbOption.text).not.toBe('');
    const words = (of: string) => of.replace(/\s+/g, ' ');
    expect(words(text)).toContain(words(json.swiotlbOption.text));
  });

  it('writes JSON to a file, and prints the text', () => {
    const file = join(scratchFolder(), 'machine.json');
    expect(printed({ json: file })).toContain('This program');
    expect(hostSchema().parse(JSON.parse(readFileSync(file, 'utf8'))).cpu).toEqual(thisHost().cpu);
    expect(() => printed({ json: '/missing/machine.json' })).toThrow(
      expect.objectContaining({ code: 'ERR_RESULT_FILE' }),
    );
  });

  it('measures caches only when it is asked to, and says so in a guest', () => {
    expect(thisHost().cacheKnees).toBeUndefined();
    const json = JSON.parse(printed({ json: true, measure: true })) as HostFacts;
    expect(json.cacheKnees === null).toBe(json.missing.some(({ fact }) => fact === 'cacheKnees'));
    expect(printed({}).includes('--measure')).toBe(json.caches === null || json.hypervisor.present === true);
    expect(printed({ measure: true })).not.toContain('--measure');
  });
});
