import { describe, expect, it } from '@jest/globals';
import { type SizeArguments, sizeRequest } from '../../../lib/cli/options/parse-size-options.js';

const FLOWS = { flows: '10', wmem: '4M', rate: '2.5' };

describe('sizeRequest', () => {
  it('reads all options of captures', () => {
    const given = {
      cpus: '8',
      floor: '500',
      hold: ['1ms'],
      percent: '30',
      target: '1e-4',
      headroom: '1.5',
      have: 'swiotlb=2048,4',
      memory: '16G',
      seed: '7',
      passes: '3',
    };
    expect(sizeRequest(1, given)).toEqual({
      flows: null,
      holds: { defaultNs: 1e6, byDevice: new Map() },
      floor: 500,
      cpus: 8,
      haveParam: '2048,4',
      memoryBytes: 16 * 2 ** 30,
      search: { percent: 30, target: 1e-4, headroom: 1.5, seed: 7, passes: 3 },
    });
    expect(sizeRequest(2, {})).toEqual({ flows: null, holds: null, search: {} });
  });

  it('reads flows', () => {
    expect(sizeRequest(0, { ...FLOWS, hold: ['20us'] })).toMatchObject({
      flows: { flows: 10, sendBufferBytes: 4 * 2 ** 20, bitsPerSecond: 2.5e9, holdNs: 20_000 },
      holds: null,
    });
  });

  const wrong: [number, SizeArguments, string][] = [
    [0, {}, 'nothing to size a pool for'],
    [0, { flows: '3' }, 'add --wmem and --rate'],
    [1, { rate: '3' }, '--rate is of flows'],
    [0, { ...FLOWS, flows: '0' }, '--flows 0 is out of range'],
    [0, { ...FLOWS, wmem: 'much' }, "--wmem 'much' is not a size"],
    [0, { ...FLOWS, rate: 'fast' }, "--rate 'fast' is not a number"],
    [0, { ...FLOWS, rate: '0' }, '--rate 0 is out of range'],
    [0, { ...FLOWS, hold: ['eth0=1ms'] }, 'names a device'],
    [0, { ...FLOWS, hold: ['0'] }, '--hold 0 is out of range'],
    [1, { hold: ['=1ms'] }, 'names no device'],
    [1, { percent: '91' }, '--percent 91 is out of range'],
    [1, { target: '0' }, '--target 0 is out of range'],
    [1, { headroom: '0.5' }, '--headroom 0.5 is out of range'],
    [1, { have: '64M' }, "--have '64M' is not a slot pool"],
    [1, { json: 'b.trace.gz' }, 'looks like a capture'],
    [1, { cpus: '-1' }, "--cpus '-1' is not a whole number"],
  ];
  it.each(wrong)('refuses, with %d captures, %j', (captures, given, message) => {
    expect(() => sizeRequest(captures, given)).toThrow(
      expect.objectContaining({ code: 'ERR_USAGE', message: expect.stringContaining(message) }),
    );
  });
});
