import { describe, expect, it } from '@jest/globals';
import { FOLD, INDENTED, RECORD } from '../../lib/explain/folded-pattern.js';
import { joined } from '../../lib/explain/joined-lines.js';
import { logLine } from '../../lib/explain/log-text.js';

const join = (...lines: string[]) => joined(lines.map((line, at) => ({ number: at + 1, ...logLine(line) })));

describe('joined lines', () => {
  it('keep what kind of a break was between them, and where each begins', () => {
    const { text, starts } = join('one', 'two', '  three', '[ 1.0] four', 'fi=', 've', 'si=', ' x');
    expect(text).toBe(`one${FOLD}two${INDENTED}three${RECORD}four${FOLD}five${FOLD}si x`);
    expect(starts.map((start) => text.slice(start, start + 2))).toEqual([
      'on',
      'tw',
      'th',
      'fo',
      'fi',
      've',
      'si',
      'x',
    ]);
  });

  it('keep an equals sign that is of Linux, also where a soft break follows', () => {
    expect(join('size=', '5').text).toBe(`size=${FOLD}5`);
    expect(join('size=', '=3D5').text).toBe('size=5');
  });

  it('begin a record with a first line that may begin with a device', () => {
    expect([join('nvme 0000:0').text, join('x', 'nvme 0000:0').text]).toEqual([
      `${RECORD}nvme 0000:0`,
      `x${FOLD}nvme 0000:0`,
    ]);
  });
});
