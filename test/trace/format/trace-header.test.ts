import { describe, expect, it } from '@jest/globals';
import { headerFault } from '../../../lib/trace/format/trace-faults.js';
import { headerSchema } from '../../../lib/trace/format/trace-header.js';

const HEADER = {
  v: 1,
  config: {
    name: 'made-up',
    kind: 'raw',
    dynamic: false,
    canGrow: false,
    ncpus: 1,
    nslabs: 512,
    nareas: 1,
    defaultNslabs: 512,
    defaultNareas: 1,
    physBase: 0,
    physLimit: -1,
    zoneDmaLimit: 0,
    pageShift: 12,
  },
  devices: [{ minAlignMask: 0, segBoundary: -1, dmaMask: -1, busDmaLimit: 0, maxMapping: 262144 }],
};
const config = (changed: object) => ({ ...HEADER, config: { ...HEADER.config, ...changed } });
const accepts = (header: object) => headerSchema().safeParse(header).success;

describe('the header of a trace', () => {
  it('is accepted with unknown fields', () => {
    expect(accepts(HEADER)).toBe(true);
    expect(accepts({ ...HEADER, more: 1 })).toBe(true);
  });

  it.each([
    ['pages of another size', { ...HEADER, config: { ...HEADER.config, pageShift: 16 } }],
    ['another kind', { ...HEADER, config: { ...HEADER.config, kind: 'late' } }],
    ['no CPUs', { ...HEADER, config: { ...HEADER.config, ncpus: 0 } }],
    ['no devices', { ...HEADER, devices: [] }],
    ['a negative mask', { ...HEADER, devices: [{ ...HEADER.devices[0], dmaMask: -2 }] }],
    ['an alignment mask of all ones', { ...HEADER, devices: [{ ...HEADER.devices[0], minAlignMask: -1 }] }],
  ])('is refused with %s', (_what, header) => {
    expect(accepts(header)).toBe(false);
  });

  it.each([
    ['config.ncpus', config({ ncpus: 1e9 })],
    ['config.nslabs', config({ nslabs: 2 ** 40 })],
    ['config.nslabs', config({ nslabs: 2 ** 31 })],
    ['config.nareas', config({ nareas: 2 ** 20 })],
    ['config.defaultNslabs', config({ defaultNslabs: 2 ** 31 })],
    ['config.defaultNareas', config({ defaultNareas: 1e9 })],
    ['config.kind', config({ kind: 'late' })],
    ['devices', { ...HEADER, devices: Array.from({ length: 1e4 }, () => HEADER.devices[0]) }],
    ['devices[0].dmaMask', { ...HEADER, devices: [{ ...HEADER.devices[0], dmaMask: -2 }] }],
  ])('is refused with the name of the field, before room is made for what it asks: %s', (field, header) => {
    const { error } = headerSchema().safeParse(header);
    expect(headerFault(error!)).toContain(`the header is wrong: ${field}: `);
  });
});
