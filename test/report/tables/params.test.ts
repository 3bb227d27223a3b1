import { describe, expect, it } from '@jest/globals';
import { headOf, paramOf, shown } from '../../../lib/report/tables/params.js';

describe('a parameter in a table', () => {
  it('has its own head, or its name as head', () => {
    expect(headOf('ackDelayNs')).toBe('ACK delay');
    expect(headOf('freeDispatch')).toBe('free dispatch');
    expect(headOf('senders')).toBe('senders');
    expect(headOf('regime')).toBe('regime');
  });

  it.each([
    ['message', 65536, '64 KiB'],
    ['pool', 64 << 20, '64 MiB'],
    ['size', 64, '64 B'],
    ['ackDelayNs', 0, '0'],
    ['ackDelayNs', 50_000, '50.0 µs'],
    ['percent', 90, '90'],
    ['flows', 4096, '4096'],
    ['growth', 'pools', 'pools'],
    ['fits', true, 'true'],
    ['window', undefined, '-'],
  ] as const)('turns %s %s into %s', (name, value, text) => {
    expect(shown(name, value)).toBe(text);
  });

  it('is found in the table of options by its name in cells', () => {
    expect(paramOf('ackDelayNs')).toMatchObject({ usual: 0, inId: 'unless usual' });
    expect(paramOf('regime')).toBeUndefined();
  });
});
