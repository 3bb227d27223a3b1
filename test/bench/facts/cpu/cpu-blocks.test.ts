import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { cpuBlocks } from '../../../../lib/bench/facts/cpu/cpu-blocks.js';
import { cpuInfo } from '../../fixtures/cpu-tree.js';

const told = (text: string) => {
  const { blocks, common } = cpuBlocks(text);
  return {
    blocks: Object.fromEntries([...blocks].map(([cpu, fields]) => [cpu, Object.fromEntries(fields)])),
    common: Object.fromEntries(common),
  };
};

describe('cpuBlocks', () => {
  it('has a block for each CPU, and its fields', () => {
    expect(told('processor\t: 0\nmodel name : A: B\n\nprocessor\t: 5\nmodel name : C\nempty\t:\n')).toEqual({
      blocks: { 0: { 'model name': 'A: B' }, 5: { 'model name': 'C', empty: '' } },
      common: {},
    });
  });

  it('has what stands outside of the blocks as fields of all, as old arm and ppc64 have it', () => {
    const text =
      'Processor\t: ARMv7 Processor rev 2 (v7l)\nprocessor\t: 0\nBogoMIPS : 1\n\nprocessor : 1\nBogoMIPS : 1\n\n' +
      'Features : neon\nCPU part : 0xc09\n\nHardware : board\n';
    expect(told(text)).toEqual({
      blocks: { 0: { BogoMIPS: '1' }, 1: { BogoMIPS: '1' } },
      common: {
        Processor: 'ARMv7 Processor rev 2 (v7l)',
        Features: 'neon',
        'CPU part': '0xc09',
        Hardware: 'board',
      },
    });
  });

  it('has one CPU where none is numbered', () => {
    expect(told('Processor : ARM926EJ-S rev 5 (v5l)\n').blocks).toEqual({ 0: {} });
  });

  it('reads the lines of s390, and the blocks of its later versions', () => {
    const text =
      'vendor_id       : IBM/S390\n# processors    : 2\n' +
      'processor 0: version = FF,  identification = 0A,  machine = 3906\n' +
      'processor 1: version = FF,  identification = 0A,  machine = 3906\n\ncpu number      : 1\ncore id : 4\n';
    const fields = { version: 'FF', identification: '0A', machine: '3906' };
    expect(told(text)).toEqual({
      blocks: { 0: fields, 1: { ...fields, 'core id': '4' } },
      common: { vendor_id: 'IBM/S390', '# processors': '2' },
    });
  });

  it('reads the CPUs of sparc, which have a state alone', () => {
    expect(told('cpu\t: Some (Niagara)\nState:\nCPU0:\t\tonline\nCPU8:\t\tonline\n').blocks).toEqual({ 0: {}, 8: {} });
  });

  it('has nothing for a text that is none', () => {
    for (const text of ['', '\n\n', 'no colon', ': nothing before it']) {
      expect(told(text)).toEqual({ blocks: {}, common: {} });
    }
  });

  it('reads back what was written for any CPUs', () => {
    const name = fc.constantFrom('model', 'stepping', 'flags', 'core id');
    const blocks = fc.dictionary(fc.nat(4095).map(String), fc.dictionary(name, fc.stringMatching(/^[a-z0-9]{0,8}$/)));
    fc.assert(fc.property(blocks, (written) => expect(told(cpuInfo(written)).blocks).toEqual(written)));
  });
});
