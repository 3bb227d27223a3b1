import { describe, expect, it } from '@jest/globals';
import { hostFacts } from '../../../lib/bench/host/host-facts.js';
import { bouncingRows, encryptionText, linuxRows } from '../../../lib/report/machine/linux-rows.js';
import { hostTree, X86_GUEST } from '../../bench/fixtures/host-tree.js';

const guest = hostFacts({ root: hostTree(X86_GUEST), arch: 'x64' });

describe('linuxRows', () => {
  it('show how Linux was started, and what it does', () => {
    expect(Object.fromEntries(linuxRows(guest))).toEqual({
      Linux: '6.12.1',
      'clock source': 'tsc',
      preemption: 'full',
      mitigations: 'spectre_v2: Retpolines',
      'boot tokens': 'swiotlb=262144,force iommu.strict=1',
      'send buffer': '4 MiB at most by itself (tcp_wmem)',
    });
  });

  it('tell none from unknown', () => {
    const kernel = { ...guest.kernel, mitigations: {}, bootTokens: [], preemption: null };
    expect(Object.fromEntries(linuxRows({ ...guest, kernel }))).toMatchObject({
      mitigations: 'no weakness that Linux knows',
      'boot tokens': 'none that matter for copies',
      preemption: null,
    });
    const nothing = { ...guest.kernel, mitigations: null, bootTokens: null, sendBufferMaxBytes: null };
    const rows = Object.fromEntries(linuxRows({ ...guest, kernel: nothing }));
    expect(rows).toMatchObject({ mitigations: null, 'send buffer': null });
    const { sendBufferMaxBytes: _, ...before } = guest.kernel;
    expect(Object.fromEntries(linuxRows({ ...guest, kernel: before }))).toMatchObject({ 'send buffer': null });
  });
});

describe('encryptionText', () => {
  it('has a word for each of the three facts', () => {
    const host = { able: ['sme', 'sev'], guest: 'none', inEffect: [], notInEffect: ['sev'], undecided: ['sme'] };
    expect(encryptionText(host)).toBe(
      'able: sme sev; guest: none; in effect: none; not in effect: sev; undecided: sme',
    );
    expect(encryptionText(guest.encryption)).toBe('able: none; guest: sev_snp; in effect: sev_snp');
    const unknown = { able: null, guest: null, inEffect: null, notInEffect: [], undecided: [] };
    expect(encryptionText(unknown)).toBe('able: unknown; guest: unknown; in effect: unknown');
  });
});

describe('bouncingRows', () => {
  it('show the hypervisor, the option and the slot pools', () => {
    expect(Object.fromEntries(bouncingRows(guest, 'swiotlb=force: some slots'))).toMatchObject({
      hypervisor: 'QEMU',
      'swiotlb at start-up': 'swiotlb=force: some slots',
      'slot pool of the system': '32768 slots, - used, 512 at peak',
      'slot pool nic': '128 slots, - used, - at peak',
    });
  });

  it.each([
    [false, 'none'],
    [true, 'one that is not named'],
    [null, 'unknown'],
  ])('say of a hypervisor that is there: %j, that it is "%s"', (present, text) => {
    const rows = bouncingRows({ ...guest, swiotlb: null, hypervisor: { present, vendor: null } }, '');
    expect(Object.fromEntries(rows).hypervisor).toBe(text);
  });
});
