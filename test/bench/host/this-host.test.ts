import { describe, expect, it } from '@jest/globals';
import { hostSchema } from '../../../lib/bench/facts/host-schema.js';
import { hostFacts } from '../../../lib/bench/host/host-facts.js';
import { cpuidFactsOf, thisHost } from '../../../lib/bench/host/this-host.js';

const NOTHING = { sme: false, sev: false, sevEs: false, sevSnp: false, tdxGuest: false, hyperVIsolation: -1 };

describe('cpuidFactsOf', () => {
  it('names what the addon found', () => {
    const caches = [
      { level: 1, type: 2, bytes: 32768 },
      { level: 3, type: 3, bytes: 1 << 25 },
    ];
    const offering = { ...NOTHING, sev: true, sevSnp: true, tdxGuest: true };
    expect(cpuidFactsOf('KVMKVMKVM', offering, caches)).toEqual({
      hypervisorVendor: 'KVMKVMKVM',
      offered: ['sev', 'sev_snp'],
      caches: [
        { level: 1, type: 'Instruction', bytes: 32768 },
        { level: 3, type: 'Unified', bytes: 1 << 25 },
      ],
      tdxGuest: true,
      hyperVIsolation: null,
    });
  });

  it.each([
    [0, 'none'],
    [1, 'vbs'],
    [2, 'snp'],
    [3, 'tdx'],
    [4, 'other'],
  ])('names the isolation %i of Hyper-V %s', (hyperVIsolation, name) => {
    expect(cpuidFactsOf('Microsoft Hv', { ...NOTHING, hyperVIsolation }, []).hyperVIsolation).toBe(name);
  });
});

describe('thisHost', () => {
  it('returns facts of the schema, with the fingerprint of the files, if these tell caches', () => {
    const host = thisHost();
    expect(hostSchema().parse(host)).toEqual(host);
    const { caches, fingerprint } = hostFacts();
    // Where they tell none, the CPU may, which only the addon can ask.
    if (caches !== null) expect(host.fingerprint).toBe(fingerprint);
    else expect(fingerprint).toBeNull();
  });
});
