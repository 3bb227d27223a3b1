import { describe, expect, it } from '@jest/globals';
import { cpuIdentity, parseCpuInfo } from '../../../lib/bench/host/cpuinfo.js';
import { HostFiles } from '../../../lib/bench/host/host-files.js';
import { ARM_BARE, hostTree, X86_GUEST } from '../fixtures/host-tree.js';

describe('parseCpuInfo', () => {
  it('reads the first CPU of an x86, and of its flags only those that matter', () => {
    const second = 'processor\t: 1\nmodel name\t: another\nflags\t\t: avx512f\n';
    const first = X86_GUEST['proc/cpuinfo']!.split('\n\n')[0]!;
    expect(parseCpuInfo(`${first}\n\n${second}`)).toEqual({
      vendor: 'AuthenticAMD',
      model: 'AMD EPYC',
      family: 25,
      modelNumber: 17,
      stepping: 1,
      microcode: '0xa101148',
      flags: ['avx2', 'constant_tsc', 'erms', 'fsrm', 'hypervisor', 'nonstop_tsc', 'rdtscp', 'sse4_2'],
      encryption: ['sev', 'sev_es', 'sev_snp'],
      virtual: true,
    });
  });

  it('recognises a host that is not virtual', () => {
    expect(parseCpuInfo('vendor_id : GenuineIntel\nflags : fpu erms tme\n')).toMatchObject({
      vendor: 'GenuineIntel',
      virtual: false,
      encryption: ['tme'],
      flags: ['erms'],
    });
  });

  it('names vendors and cores of arm64, and gives the numbers of unknown ones', () => {
    expect(parseCpuInfo(ARM_BARE['proc/cpuinfo']!)).toEqual({
      vendor: 'ARM',
      model: 'Neoverse-N1',
      family: null,
      modelNumber: 0xd0c,
      stepping: 1,
      microcode: null,
      flags: ['asimd', 'crc32', 'dcpop', 'mops'],
      encryption: [],
      virtual: null,
    });
    const unknown = 'Features : asimd\nCPU implementer : 0x99\nCPU part : 0xabc\nmodel name : X1\n';
    expect(parseCpuInfo(unknown)).toMatchObject({ vendor: 'implementer 153', model: 'X1', modelNumber: 0xabc });
  });

  it('reads from other architectures what all have in common', () => {
    const power = 'processor\t: 0\ncpu\t\t: POWER9, altivec supported\nclock\t\t: 2.2GHz\nrevision\t: 2.2\n';
    for (const text of [power, '', '\n\n\n', 'no colon at all', ': nothing before it']) {
      expect(Object.values(parseCpuInfo(text))).toEqual(Array(9).fill(null));
    }
  });

  it('returns null for a field that does not hold an integer', () => {
    expect(parseCpuInfo('cpu family :\nmodel : unknown\nstepping : 1.5\n')).toMatchObject({
      family: null,
      modelNumber: null,
      stepping: null,
    });
  });
});

describe('cpuIdentity', () => {
  it('records a reason for each part that is missing, and for no other', () => {
    const files = new HostFiles(hostTree(ARM_BARE));
    const { info, identity } = cpuIdentity(files);
    expect(files.missing).toEqual(
      ['family', 'microcode'].map((part) => ({ fact: `cpu.${part}`, reason: '/proc/cpuinfo does not say' })),
    );
    expect({ ...identity, encryption: [], virtual: null }).toEqual(info);
  });

  it('returns null for every part without the file', () => {
    const files = new HostFiles(hostTree({}));
    cpuIdentity(files);
    expect(files.missing.map(({ fact }) => fact)).toEqual([
      'cpu.vendor',
      'cpu.model',
      'cpu.family',
      'cpu.modelNumber',
      'cpu.stepping',
      'cpu.microcode',
      'cpu.flags',
    ]);
  });
});
