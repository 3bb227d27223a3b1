import { describe, expect, it } from '@jest/globals';
import type { HostFacts } from '../../../lib/bench/facts/host-schema.js';
import { hostSchema } from '../../../lib/bench/facts/host-schema.js';
import { thisHost } from '../../../lib/bench/host/this-host.js';
import { machineCommand } from '../../../lib/cli/commands/machine.js';
import type { SwiotlbOption } from '../../../lib/cli/commands/swiotlb-option.js';
import { allCopyKernels } from '../../../lib/memory/copy-kernels.js';

describe('machineCommand', () => {
  it('prints the facts of this host, as text or as JSON of the schema', () => {
    const json = JSON.parse(machineCommand({ json: true })) as { swiotlbOption: SwiotlbOption; copyKernels: object[] };
    const host = hostSchema().parse(json);
    expect(host.fingerprint).toBe(thisHost().fingerprint);
    const text = machineCommand({});
    expect(text).toContain(host.fingerprint ?? 'Not known of this host');
    expect(json.copyKernels).toEqual(allCopyKernels());
    expect(json.swiotlbOption.text).not.toBe('');
    const words = (of: string) => of.replace(/\s+/g, ' ');
    expect(words(text)).toContain(words(json.swiotlbOption.text));
  });

  it('measures caches only when it is asked to, and says so in a guest', () => {
    expect(thisHost().cacheKnees).toBeUndefined();
    const json = JSON.parse(machineCommand({ json: true, measure: true })) as HostFacts;
    expect(json.cacheKnees === null).toBe(json.missing.some(({ fact }) => fact === 'cacheKnees'));
    expect(machineCommand({}).includes('--measure')).toBe(json.caches === null || json.hypervisor.present === true);
    expect(machineCommand({ measure: true })).not.toContain('--measure');
  });
});
