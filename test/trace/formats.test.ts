import { describe, expect, it } from '@jest/globals';
import { TRACE_FORMATS } from '../../lib/trace/formats.js';

describe('TRACE_FORMATS', () => {
  it('has one row for each format, and one for the slot allocator, whose traces name none', () => {
    const names = TRACE_FORMATS.map(({ format }) => format);
    expect(new Set(names).size).toBe(names.length);
    expect(names.filter((name) => name === null)).toHaveLength(1);
  });

  it('says which file of Linux was recorded', () => {
    for (const { recorded } of TRACE_FORMATS) expect(recorded).toMatch(/^[a-z/_]+\.c$/);
  });
});
