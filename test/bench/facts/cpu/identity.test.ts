import { describe, expect, it } from '@jest/globals';
import { cpuBlocks } from '../../../../lib/bench/facts/cpu/cpu-blocks.js';
import { identityOf, identityOfMidr, unclearIdentity } from '../../../../lib/bench/facts/cpu/identity.js';
import { armFields, cpuInfo, x86Fields } from '../../fixtures/cpu-tree.js';

const identity = (text: string) => {
  const { blocks, common } = cpuBlocks(text);
  return identityOf(blocks.get(0)!, common);
};

describe('identityOf', () => {
  it('reads an x86', () => {
    expect(identity(cpuInfo({ 0: x86Fields() }))).toEqual({
      architecture: 'x86',
      vendor: 'GenuineIntel',
      model: 'Some CPU',
      family: 6,
      modelNumber: 85,
      stepping: 7,
      microcode: '0x10',
      implementer: null,
      part: null,
      revision: null,
      flags: ['avx2', 'erms', 'fpu'],
    });
  });

  it('takes no "unknown", and no microcode that a hypervisor hides, for a value', () => {
    const hidden = x86Fields({ stepping: 'unknown', 'model name': 'Unknown', microcode: '0xffffffff', model: '' });
    expect(identity(cpuInfo({ 0: hidden }))).toMatchObject({
      model: null,
      stepping: null,
      microcode: null,
      modelNumber: null,
    });
  });

  it('reads an arm64', () => {
    expect(identity(cpuInfo({ 0: armFields('0x41', '0xd0c', '0x3', '1') }))).toEqual({
      architecture: 'arm',
      vendor: 'ARM',
      model: 'Neoverse-N1',
      family: null,
      modelNumber: 0xd0c,
      stepping: 1,
      microcode: null,
      implementer: '0x41',
      part: '0xd0c',
      revision: 'r3p1',
      flags: ['asimd', 'crc32', 'fp'],
    });
  });

  it('names unknown arm parts by nothing but a name that is told', () => {
    const unknown = { ...armFields('0x99', '0xabc'), 'model name': 'X1' };
    expect(identity(cpuInfo({ 0: unknown }))).toMatchObject({ vendor: null, model: 'X1', implementer: '0x99' });
    const generic = { ...armFields('0x41', '0xfff'), 'model name': 'AArch64 Processor rev 2 (aarch64)' };
    expect(identity(cpuInfo({ 0: generic }))).toMatchObject({ vendor: 'ARM', model: null, part: '0xfff' });
    const board = 'processor : 0\nCPU implementer : 0x41\nCPU part : 0xd99\n\nHardware : Some Board\n';
    expect(identity(board)).toMatchObject({ model: null, modelNumber: 0xd99, revision: null });
  });

  it('reads old arm, whose fields stand once for all', () => {
    const text =
      'Processor\t: ARMv7 Processor rev 10 (v7l)\nprocessor\t: 0\nBogoMIPS : 1\n\nFeatures : neon\n' +
      'CPU implementer : 0x41\nCPU variant : 0x2\nCPU part : 0xc09\nCPU revision : 10\n';
    expect(identity(text)).toMatchObject({ model: 'Cortex-A9', revision: 'r2p10', flags: ['neon'] });
    const eldest = 'model name : ARMv6-compatible processor rev 7 (v6l)\nprocessor : 0\n';
    expect(identity(eldest)).toMatchObject({ architecture: 'arm', model: null });
    expect(identity('Processor : AArch64 Processor rev 4 (aarch64)\nprocessor : 0\n')).toMatchObject({
      architecture: 'arm',
      vendor: null,
      model: null,
    });
  });

  it.each([
    [
      'processor : 0\ncpu : POWER9, altivec supported\nrevision : 2.2 (pvr 004e 1202)\n\nmodel : 1234-GTH\n',
      { vendor: 'IBM', model: 'POWER9, altivec supported', revision: '2.2 (pvr 004e 1202)', modelNumber: null },
    ],
    [
      'vendor_id : IBM/S390\nfeatures : zarch\nprocessor 0: version = FF, machine = 2964\n',
      { architecture: 's390', vendor: 'IBM/S390', model: 'z13 (2964)', modelNumber: 2964, flags: ['zarch'] },
    ],
    ['vendor_id : IBM/S390\nprocessor 0: version = FF, machine = 9999\n', { model: 'machine 9999' }],
    ['vendor_id : IBM/S390\nprocessor 0: version = FF\n', { model: null, modelNumber: null }],
    [
      'processor : 0\nhart : 1\nisa : rv64imafdc\nuarch : some,core\nmvendorid : 0x489\nmarchid : 0x7\n',
      { architecture: 'riscv', vendor: 'SiFive', model: 'some,core', implementer: '0x489', part: '0x7' },
    ],
    ['processor : 0\nhart : 0\nisa : rv64gc\n', { architecture: 'riscv', vendor: null, model: null }],
    ['processor : 0\nhart : 0\nisa : rv64gc\nmvendorid : 0x1\n', { vendor: null, implementer: '0x1' }],
    [
      'system type : generic\n\nprocessor : 0\nCPU Family : Loongson-64bit\nModel Name : Loongson-3A5000\n',
      { vendor: 'Loongson', model: 'Loongson-3A5000' },
    ],
    ['system type : board\nprocessor : 0\ncpu model : MIPS 24Kc V7.4\n', { vendor: null, model: 'MIPS 24Kc V7.4' }],
    [
      'processor : 0\nvendor : GenuineIntel\nfamily : 32\nmodel : 1\nmodel name : Some Itanium\n',
      { vendor: 'GenuineIntel', model: 'Some Itanium', family: 32 },
    ],
    ['cpu : UltraSparc T5\nCPU0: online\n', { model: 'UltraSparc T5' }],
    ['processor : 0\n', { model: null, vendor: null, flags: null }],
  ])('reads other architectures: %j', (text, expected) => {
    expect(identity(text)).toMatchObject(expected);
  });
});

describe('identityOfMidr', () => {
  it('has what the main id register says', () => {
    expect(identityOfMidr('0x00000000413fd0c1')).toMatchObject({
      implementer: '0x41',
      part: '0xd0c',
      revision: 'r3p1',
      model: 'Neoverse-N1',
      stepping: 1,
    });
    expect(identityOfMidr('0x460f0010')).toMatchObject({ part: '0x001', model: 'A64FX' });
    for (const text of ['', '0', 'x', '0x1413fd0c1']) expect(identityOfMidr(text)).toBeNull();
  });
});

describe('unclearIdentity', () => {
  it('has the flags alone', () => {
    const { flags, architecture, ...rest } = unclearIdentity(identity(cpuInfo({ 0: armFields('0x41', '0xd03') })));
    expect({ flags, architecture }).toEqual({ flags: ['asimd', 'crc32', 'fp'], architecture: 'arm, unclear' });
    expect(Object.values(rest).every((value) => value === null)).toBe(true);
  });
});
