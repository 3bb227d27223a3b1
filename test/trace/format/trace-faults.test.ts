import { describe, expect, it } from '@jest/globals';
import { zod } from '../../../lib/schemas.js';
import { headerFault, lastLine, lineFault } from '../../../lib/trace/format/trace-faults.js';

describe('what a trace is refused for', () => {
  it('begins with the field of a header, also within lists', () => {
    const schema = zod().object({ devices: zod().array(zod().object({ mask: zod().number() })) });
    const fault = (header: unknown) => headerFault(schema.safeParse(header).error!);
    expect(fault({ devices: [{ mask: 'x' }] })).toMatch(/^the header is wrong: devices\[0\]\.mask: /);
    expect(fault(7)).toMatch(/^the header is wrong: Invalid input/);
  });

  it('is at the last line, also where that is the only one', () => {
    expect(['', 'a', 'a\n', 'a\nb\nc'].map((text) => lastLine(Buffer.from(text)))).toEqual([1, 1, 2, 3]);
  });

  it('is an empty line, or what JSON says', () => {
    expect(lineFault(' ', new Error('no'))).toBe('the line is empty, and each line of a trace holds an operation');
    expect(lineFault('{', new Error('no'))).toBe('not JSON: no');
  });
});
