import { describe, expect, it } from '@jest/globals';
import { cpusText, groupLines, joined, listsText, yesOrNo } from '../../../lib/report/machine/rows.js';

describe('groupLines', () => {
  it('sets values below each other, and breaks long ones within 80 columns', () => {
    const long = 'word '.repeat(30).trim();
    const lines = groupLines({
      heading: 'Some',
      rows: [
        ['one', 'short'],
        ['two', long],
        ['three', null],
      ],
    });
    expect(lines.slice(0, 2)).toEqual(['Some', '  one                     short']);
    expect(lines.at(-1)).toBe('');
    expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(80);
    expect(lines.join(' ').match(/word/g)).toHaveLength(30);
    expect(lines[3]).toMatch(/^ {26}word/);
  });

  it('says nothing of a group without a known fact', () => {
    expect(
      groupLines({
        heading: 'Some',
        rows: [
          ['one', null],
          ['two', ''],
        ],
      }),
    ).toEqual([]);
  });
});

describe('cpusText', () => {
  it('is the list, with steps or cut where it is long', () => {
    const many = Array.from({ length: 40 }, (_, n) => 2 * n);
    expect(cpusText([0, 1, 2, 8])).toBe('0-2,8');
    expect(cpusText([])).toBe('');
    const longest = [0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 120, 131];
    expect(cpusText(longest)).toBe(longest.join(','));
    expect(longest.join(',')).toHaveLength(32);
    expect(cpusText(many)).toBe('0-78:2');
    expect(cpusText([...many, 79])).toBe('0,2,4,6,8,10,12,14,16,18,20,22,... (41)');
  });
});

describe('listsText', () => {
  it('says how many lists it leaves out', () => {
    const all = Array.from({ length: 9 }, (_, n) => [2 * n, 2 * n + 1]);
    expect(listsText(all.slice(0, 6))).toBe('CPUs 0-1 | 2-3 | 4-5 | 6-7 | 8-9 | 10-11');
    expect(listsText(all)).toBe('CPUs 0-1 | 2-3 | 4-5 | 6-7 | 8-9 | ... 4 more');
  });
});

describe('joined', () => {
  it('leaves out what is not known', () => {
    expect(joined('a', null, false, '', 'b')).toBe('a, b');
    expect(joined(null)).toBeNull();
  });
});

describe('yesOrNo', () => {
  it('is no word where that is not known', () => {
    expect([true, false, null].map(yesOrNo)).toEqual(['yes', 'no', null]);
  });
});
