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

  it('has no spaces at the ends of lines, nor lines that are not asked for', () => {
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

  it('is its head when there is nothing to show', () => {
    expect(table(['name', 'n'], [], 1)).toBe('name  n');
  });

  it('cuts and wraps nothing, however wide it is', () => {
    const head = Array.from({ length: 40 }, (_, column) => `column ${column}`);
    const row = head.map((name) => `${name} ${'x'.repeat(60)}`);
    const lines = table(head, [row], 40).split('\n');
    expect(lines).toHaveLength(2);
    expect(lines[1]).toBe(row.join('  '));
  });

  it('counts characters, not bytes', () => {
    expect(table(['µs', 'n'], [['ä', '1']], 1)).toBe('µs  n\nä   1');
  });
});
