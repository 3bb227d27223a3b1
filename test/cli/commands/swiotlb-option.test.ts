import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { hostFacts } from '../../../lib/bench/host/host-facts.js';
import { swiotlbOption } from '../../../lib/cli/commands/swiotlb-option.js';
import { SLOT_SIZE } from '../../../lib/units.js';
import { hostTree, X86_GUEST } from '../../bench/fixtures/host-tree.js';

const FORCE = 2;

/** Fields of a recording that the tests use. test/fixtures/oracle/README.md explains them. */
interface Recorded {
  readonly param: string;
  readonly ncpus: number;
  readonly adjustSize: number;
  readonly initFlags: number;
  readonly addressingLimit: number;
  readonly memblockMaxBytes: number;
  readonly nslabs: number;
  readonly nareas: number;
  readonly memForceBounce: number;
}

const ORDINARY = {
  'proc/cpuinfo': 'processor\t: 0\nflags\t\t: fpu\n',
  'proc/meminfo': 'MemTotal: 8388608 kB\n',
};

/** A host of 8 GiB whose Linux was started with this command line. */
function hostOf(cmdline: string, files: Readonly<Record<string, string>> = ORDINARY) {
  return hostFacts({ root: hostTree({ 'proc/sys/kernel/osrelease': '6.12.1\n', ...files, 'proc/cmdline': cmdline }) });
}

const GUEST = { ...ORDINARY, 'proc/cpuinfo': 'processor\t: 0\nflags\t\t: fpu hypervisor\n' };
const ENCRYPTED = { ...GUEST, 'sys/class/misc/sev-guest/dev': '10:124\n' };
const PROTECTED = { ...ORDINARY, 'sys/firmware/uv/prot_virt_guest': '1\n' };

describe('swiotlbOption', () => {
  it.each([
    ['swiotlb=65536,force', 'swiotlb=65536,force: 65536 slots (128 MiB) in 4 areas, bouncing forced'],
    ['swiotlb=1000,1,force', 'swiotlb=1000,1,force: 1024 slots (2 MiB) in 1 area, bouncing forced'],
    ['swiotlb=force', 'swiotlb=force: 32768 slots (64 MiB) in 4 areas, bouncing forced'],
    ['swiotlb=0', /^swiotlb=0: 512 slots \(1 MiB\) in 4 areas, for devices that cannot reach all memory; if/],
    ['quiet', /^no swiotlb= on the command line: 32768 slots \(64 MiB\) in 4 areas, for devices that cannot reach all/],
    ['swiotlb=noforce', 'swiotlb=noforce: no slot pool, nothing bounces'],
    ['swiotlb=force swiotlb=noforce', 'swiotlb=,,noforce: no slot pool, nothing bounces'],
    ['swiotlb=1024,force swiotlb=4096,2', 'swiotlb=4096,2,force: 4096 slots (8 MiB) in 2 areas, bouncing forced'],
    ['swiotlb=4096,forced', /^swiotlb=4096,forced: .*; 'forced' is ignored: Linux knows force and noforce$/],
    [
      'swiotlb=4096,,dynamic',
      /^swiotlb=4096,,dynamic: .*; 'dynamic' is ignored: it belongs to a design of growth that/,
    ],
  ])('says what Linux does with the command line "%s" on 4 CPUs', (cmdline, text) => {
    const { text: said } = swiotlbOption(hostOf(cmdline), 4);
    expect(said).toEqual(typeof text === 'string' ? text : expect.stringMatching(text));
  });

  it('returns the same as numbers', () => {
    expect(swiotlbOption(hostOf('swiotlb=65536,force'), 4)).toMatchObject({
      value: '65536,force',
      slots: 65536,
      bytes: 128 << 20,
      areas: 4,
      bounces: 'all',
    });
    expect(swiotlbOption(hostOf(''), 3)).toMatchObject({ value: null, slots: 32768, areas: 4, bounces: 'needed' });
    const none = { value: 'noforce', slots: 0, bytes: 0, areas: 0, bounces: 'none' };
    expect(swiotlbOption(hostOf('swiotlb=noforce'), 4)).toMatchObject(none);
  });

  it('takes 6 % of the memory of an encrypted x86 guest, unless slots were asked for, and forces bouncing', () => {
    const wish = swiotlbOption(hostOf('', ENCRYPTED), 4);
    expect(wish).toMatchObject({ slots: 262144, bounces: 'all' });
    expect(wish.text).toBe(
      'no swiotlb= on the command line: 262144 slots (512 MiB, from 6 % of the memory of an encrypted guest) ' +
        'in 4 areas, bouncing forced because the memory of this guest is encrypted',
    );
    expect(swiotlbOption(hostOf('swiotlb=4096', ENCRYPTED), 4)).toMatchObject({ slots: 4096, bounces: 'all' });
    expect(swiotlbOption(hostOf('', PROTECTED), 4)).toMatchObject({ slots: 32768, bounces: 'all' });
  });

  it.each([
    ['a TDX guest', { ...GUEST, 'sys/class/misc/tdx_guest/dev': '10:1' }, 262144],
    ['a realm of Arm', { 'sys/devices/platform/arm-cca-dev/uevent': '' }, 32768],
  ])('forces bouncing in %s', (_, files, slots) => {
    const host = hostOf('', { 'proc/meminfo': ORDINARY['proc/meminfo'], ...files });
    expect(swiotlbOption(host, 4)).toMatchObject({ slots, bounces: 'all' });
  });

  it('says both where it is not known whether a guest is confidential', () => {
    const said = swiotlbOption(hostOf('', GUEST), 4);
    expect(said).toMatchObject({ slots: null, bytes: null, areas: 4, bounces: null });
    expect(said.text).toBe(
      'no swiotlb= on the command line: 32768 slots (64 MiB) in 4 areas, for devices that cannot reach all memory; ' +
        'if there are none, no slot pool; if this is a confidential guest, which is not known: 262144 slots ' +
        '(512 MiB, from 6 % of the memory of an encrypted guest) in 4 areas, bouncing forced because the memory of ' +
        'this guest is encrypted',
    );
    expect(swiotlbOption(hostOf('swiotlb=4096,force', GUEST), 4)).toMatchObject({ slots: 4096, bounces: 'all' });
    const none = swiotlbOption(hostOf('swiotlb=noforce', GUEST), 4);
    expect(none.text).toMatch(/^swiotlb=noforce: no slot pool, nothing bounces/);
  });

  it('treats a host that can start encrypted guests as an ordinary one', () => {
    const files = { ...ORDINARY, 'proc/cpuinfo': 'processor\t: 0\nflags\t\t: fpu sme sev sev_es\n' };
    expect(swiotlbOption(hostOf('', files), 4)).toMatchObject({ slots: 32768, bounces: 'needed' });
  });

  it('says what is unknown, and why', () => {
    const nothing = { slots: null, bytes: null, areas: null, bounces: null };
    expect(swiotlbOption(hostFacts({ root: hostTree({}) }), 4)).toEqual({
      value: null,
      ...nothing,
      text: 'unknown: /proc/cmdline is not there on this host',
    });
    const old = hostOf('swiotlb=4096', { ...ORDINARY, 'proc/sys/kernel/osrelease': '5.15.0-91-generic\n' });
    expect(swiotlbOption(old, 4)).toEqual({
      value: '4096',
      ...nothing,
      text: 'swiotlb=4096: unknown, because Linux 5.15.0-91-generic is older than 6.0',
    });
    const { areas, text } = swiotlbOption(hostOf('swiotlb=4096,force'), null);
    expect(areas).toBeNull();
    expect(text).toBe(
      'swiotlb=4096,force: 4096 slots (8 MiB) in an unknown number of areas, because the number of possible CPUs ' +
        'is not known, bouncing forced',
    );
    expect(swiotlbOption(hostOf('swiotlb=4096,2,force'), null)).toMatchObject({ slots: 4096, areas: 2 });
  });

  it('agrees with every recording of a boot in which only the option and the CPUs differ', () => {
    const file = new URL('../../../../test/fixtures/oracle/bootparams.jsonl.gz', import.meta.url);
    const lines = gunzipSync(readFileSync(file)).toString().trim().split('\n');
    const plain = lines
      .map((line) => JSON.parse(line) as Recorded)
      .filter(({ adjustSize, memblockMaxBytes }) => adjustSize === 0 && memblockMaxBytes < 0)
      .filter(({ addressingLimit, initFlags }) => addressingLimit === 1 && (initFlags & FORCE) === 0);
    expect(plain.length).toBeGreaterThan(100);
    const host = hostOf('');
    for (const { param, ncpus, nslabs, nareas, memForceBounce } of plain) {
      const kernel = { ...host.kernel, bootTokens: param === '-' ? [] : [`swiotlb=${param}`] };
      expect(swiotlbOption({ ...host, kernel }, ncpus)).toMatchObject({
        slots: nslabs,
        bytes: nslabs * SLOT_SIZE,
        areas: nareas,
        bounces: nslabs === 0 ? 'none' : memForceBounce === 1 ? 'all' : 'needed',
      });
    }
  });

  it('finds option and memory of the guest of the fixtures', () => {
    const { text } = swiotlbOption(hostFacts({ root: hostTree(X86_GUEST) }), 2);
    expect(text).toBe('swiotlb=262144,force: 262144 slots (512 MiB) in 2 areas, bouncing forced');
  });
});
