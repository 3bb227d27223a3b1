import { describe, expect, it } from '@jest/globals';
import { table } from '../../../lib/report/tables/table.js';

describe('table', () => {
  it('sets words to the left and numbers to the right, two spaces apart', () => {
    const rows = [
      ['a', 'x', '1'],
      ['longer', 'y', '1000'],
    ];
    expect(table(['name', 'kind', 'n'], rows, 2)).toBe(
      ['name    kind     n', 'a       x        1', 'longer  y     1000'].join('\n'),
    );
  });

  it('has no spaces at the ends of lines, and no rules between them', () => {
    const text = table(
      ['name', 'note'],
      [
        ['a', ''],
        ['b', 'c'],
      ],
      2,
    );
    expect(text).toBe(['name  note', 'a', 'b     c'].join('\n'));
  });

  it('is only its head without rows', () => {
    expect(table(['name', 'n'], [], 1)).toBe('name  n');
  });

  it('neither cuts nor wraps a line, however wide it is', () => {
    const head = Array.from({ length: 40 }, (_, column) => `column ${column}`);
    const row = head.map((name) => `${name} ${'x'.repeat(60)}`);
    const lines = table(head, [row], 40).split('\n');
    expect(lines).toHaveLength(2);
    expect(lines[1]).toBe(row.join('  '));
  });

  it('sets the lines of a cell below each other, and leaves the cells beside them empty', () => {
    const rows = [
      ['one\n/two', 'x', '1'],
      ['three', 'y', '10\n~'],
    ];
    expect(table(['name', 'kind', 'n'], rows, 2)).toBe(
      ['name   kind   n', 'one    x      1', '/two', 'three  y     10', '              ~'].join('\n'),
    );
  });

  it('counts columns of a terminal: two of a wide letter, none of a mark on one', () => {
    expect(table(['名前', 'n'], [['e\u0301', '1']], 1)).toBe('名前  n\ne\u0301     1');
  });

  it('counts characters, not bytes', () => {
    expect(table(['µs', 'n'], [['ä', '1']], 1)).toBe('µs  n\nä   1');
  });
});
