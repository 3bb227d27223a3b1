import { describe, expect, it } from '@jest/globals';
import { HostFiles } from '../../../../lib/bench/facts/host-files.js';
import type { CpuidFacts } from '../../../../lib/bench/facts/linux/cpuid-facts.js';
import { encryption, guestByFiles } from '../../../../lib/bench/facts/linux/encryption.js';
import { hostTree } from '../../fixtures/host-tree.js';

type Tree = Readonly<Record<string, string>>;
interface Seen {
  readonly present?: boolean | null;
  readonly tokens?: readonly string[];
  readonly cpuid?: Partial<CpuidFacts>;
}

const SAYS_NO: CpuidFacts = {
  hypervisorVendor: 'KVMKVMKVM',
  offered: [],
  caches: [],
  tdxGuest: false,
  hyperVIsolation: null,
};
const flags = (names: string): Tree => ({ 'proc/cpuinfo': `processor\t: 0\nflags\t\t: fpu ${names}\n` });

function read(tree: Tree, { present = true, tokens = [], cpuid }: Seen = {}) {
  const files = new HostFiles(hostTree(tree));
  const facts = encryption(files, present, tokens, cpuid === undefined ? null : { ...SAYS_NO, ...cpuid });
  return { facts, missing: files.missing };
}

describe('encryption', () => {
  it('is in effect for guests, not for a host that can only start them; SME and TME stay open', () => {
    const { facts, missing } = read(flags('sme sev sev_es sev_snp'), { present: false });
    expect(facts).toEqual({
      able: ['sme', 'sev', 'sev_es', 'sev_snp'],
      guest: 'none',
      inEffect: [],
      notInEffect: ['sev', 'sev_es', 'sev_snp'],
      undecided: ['sme'],
    });
    expect(missing).toEqual([]);
    expect(read(flags('tme tdx_host_platform'), { present: false }).facts).toMatchObject({
      notInEffect: ['tdx_host_platform'],
      undecided: ['tme'],
    });
  });

  it.each([
    [['mem_encrypt=off', 'mem_encrypt=on'], { inEffect: ['sme'], notInEffect: ['sev'], undecided: [] }],
    [['mem_encrypt=off'], { inEffect: [], notInEffect: ['sme', 'sev'], undecided: [] }],
    [['mem_encrypt=maybe'], { inEffect: [], notInEffect: ['sev'], undecided: ['sme'] }],
  ])('of SME is what Linux was told by %j', (tokens, expected) => {
    expect(read(flags('sme sev'), { present: false, tokens }).facts).toMatchObject(expected);
  });

  it('of SME is not in effect in a guest, or without the flag, whatever the command line says', () => {
    const tokens = ['mem_encrypt=on'];
    expect(read(flags('hypervisor sme'), { tokens, cpuid: {} }).facts).toMatchObject({ guest: 'none', inEffect: [] });
    expect(read(flags('tme'), { tokens, present: false }).facts.inEffect).toEqual([]);
  });

  it.each([
    ['sev_snp', { 'sys/class/misc/sev-guest/dev': '10:1' }],
    ['sev_snp', { 'sys/devices/virtual/misc/sev-guest/dev': '10:1' }],
    ['sev_snp', { 'sys/devices/platform/sev-guest/uevent': '' }],
    ['sev_snp', { 'sys/devices/system/cpu/sev/vmpl': '0' }],
    ['tdx', { 'sys/class/misc/tdx_guest/dev': '10:1' }],
    ['tdx', flags('hypervisor tdx_guest')],
    ['s390-pv', { 'sys/firmware/uv/prot_virt_guest': '1\n' }],
    ['arm-cca', { 'sys/devices/platform/arm-cca-dev/uevent': '' }],
    ['power-svm', { 'sys/devices/system/cpu/svm': '1\n' }],
  ])('of a guest with %s is in effect where %j shows it', (guest, tree) => {
    expect(read({ ...flags('hypervisor'), ...tree }).facts).toMatchObject({ guest, inEffect: [guest], undecided: [] });
  });

  it.each<[string, Partial<CpuidFacts>, string[]]>([
    ['tdx', { tdxGuest: true }, ['tdx']],
    ['sev_snp', { hyperVIsolation: 'snp' }, ['sev_snp']],
    ['tdx', { hyperVIsolation: 'tdx' }, ['tdx']],
    ['vbs', { hyperVIsolation: 'vbs' }, []],
    ['none', { offered: [] }, []],
    ['none', { offered: ['sme'], caches: [], hyperVIsolation: 'none' }, []],
  ])('of a guest is %s where the CPU says %j', (guest, cpuid, inEffect) => {
    const { facts, missing } = read(flags('hypervisor'), { cpuid });
    expect({ facts, missing }).toMatchObject({ facts: { guest, inEffect }, missing: [] });
  });

  it('of a guest is not known where no file shows it, whatever the flags are', () => {
    const { facts, missing } = read(flags('hypervisor sev sev_es'));
    expect(facts).toEqual({
      able: ['sev', 'sev_es'],
      guest: null,
      inEffect: null,
      notInEffect: [],
      undecided: ['sev', 'sev_es'],
    });
    expect(missing.map(({ fact }) => fact)).toEqual(['encryption.guest', 'encryption.inEffect']);
    expect(missing[0]!.reason).toMatch(/cannot tell from the files/);
  });

  it.each<[Partial<CpuidFacts>, RegExp]>([
    [{ offered: ['sev', 'sev_es'] }, /in a register that only Linux may read/],
    [{ hyperVIsolation: 'other' }, /not known to copytax/],
  ])('of a guest stays unknown where the CPU says %j', (cpuid, reason) => {
    const { facts, missing } = read(flags('hypervisor'), { cpuid });
    expect(facts).toMatchObject({ guest: null, inEffect: null });
    expect(missing[0]!.reason).toMatch(reason);
  });

  it('does not depend on device files, which containers do not see', () => {
    const tree = { ...flags('hypervisor'), 'dev/sev-guest': '', 'dev/tdx_guest': '' };
    expect(read(tree).facts.guest).toBeNull();
  });

  it('has no list of abilities without flags of an x86 CPU, but for s390', () => {
    const { facts, missing } = read({ 'proc/cpuinfo': 'Features\t: fp asimd\n' }, { present: null });
    expect(facts).toMatchObject({ able: null, guest: null, inEffect: null, undecided: [] });
    expect(missing.map(({ fact }) => fact)).toContain('encryption.able');
    const why = missing.find(({ fact }) => fact === 'encryption.able')?.reason;
    expect(why).toBe('/proc/cpuinfo has no flags of an x86 CPU, and no other file lists it');
    expect(read({}, { present: null }).missing.map(({ reason }) => reason)).toContain(
      '/proc/cpuinfo is not there on this host, and no other file lists it',
    );
    expect(missing.at(-1)!.reason).toBe('whether this is a guest is not known');
    const uv = { 'sys/firmware/uv/prot_virt_host': '1', 'sys/firmware/uv/prot_virt_guest': '0' };
    const host = { able: ['s390-pv'], guest: 'none', inEffect: [], notInEffect: ['s390-pv'] };
    expect(read(uv).facts).toMatchObject(host);
    expect(read({ 'sys/firmware/uv/prot_virt_host': '0' }).facts.able).toEqual([]);
  });
});

describe('guestByFiles', () => {
  const kind = (tree: Tree, present: boolean | null) => guestByFiles(new HostFiles(hostTree(tree)), present);

  it('is known where a driver shows it or there is no hypervisor', () => {
    expect(kind({ 'sys/class/misc/sev-guest/dev': '10:1' }, true)).toBe('sev_snp');
    expect(kind(flags('sev'), false)).toBe('none');
    expect(kind(flags('hypervisor'), true)).toBeNull();
    expect(kind({}, null)).toBeNull();
  });
});
