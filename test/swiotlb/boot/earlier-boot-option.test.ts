import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { bootPool, DEFAULT_SLOTS, parseBootParam } from '../../../lib/swiotlb/boot/boot-options.js';
import { parseEarlierBootParam } from '../../../lib/swiotlb/boot/earlier-boot-option.js';

describe('parseEarlierBootParam', () => {
  const none = { slots: DEFAULT_SLOTS, areas: 0, force: false, noforce: false, dynamic: false };

  it.each([
    ['', {}],
    ['dynamic', { dynamic: true }],
    [',dynamic', { dynamic: true }],
    ['1024,,dynamic', { slots: 1024, dynamic: true }],
    ['4096,4dynamic', { slots: 4096, areas: 4, dynamic: true }],
    ['1024,4,force', { slots: 1024, areas: 4, force: true }],
    ['noforce', { noforce: true }],
    ['Dynamic', {}],
    ['dynamic ', {}],
    ['force,dynamic', {}],
    ['dynamic,force', {}],
    [',,,dynamic', {}],
  ])('reads %j', (param, expected) => {
    expect(parseEarlierBootParam(param)).toEqual({ ...none, ...expected });
  });

  it('reads everything else as parseBootParam does', () => {
    const word = fc.constantFrom('', 'dynamic', 'force', 'noforce', 'dynamics');
    const text = fc.tuple(fc.string({ unit: fc.constantFrom(...'0189x,') }), word).map((parts) => parts.join(''));
    fc.assert(
      fc.property(fc.oneof(text, fc.string()), (param) => {
        const { dynamic, ...rest } = parseEarlierBootParam(param);
        expect(rest).toEqual(parseBootParam(param));
        expect(dynamic && (rest.force || rest.noforce)).toBe(false);
      }),
    );
  });

  it('reads a word that parseBootParam ignores', () => {
    const released = bootPool({ param: '1024,2,dynamic', cpus: 2 });
    expect(released).toEqual(bootPool({ param: '1024,2', cpus: 2 }));
    expect('dynamic' in parseBootParam('dynamic')).toBe(false);
  });
});
