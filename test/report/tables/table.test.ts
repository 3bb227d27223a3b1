import { describe, expect, it } from '@jest/globals';
import type { Drawing } from '../../../lib/report/bars/canvas.js';
import { drawnTable, table } from '../../../lib/report/tables/table.js';

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

describe('drawnTable', () => {
  const drawing: Drawing = (width) => ({ head: '^'.repeat(width), rows: ['a', 'b'].map((one) => one.repeat(width)) });
  const [head, rows] = [
    ['name', 'n'],
    [
      ['one', '1'],
      ['two', '22'],
    ],
  ] as const;
  const drawn = (columns: number, drawings = [drawing]) =>
    drawnTable(head, rows, 1, drawings, { columns, isPlain: true }).split('\n');

  it('is the table alone without a canvas, a drawing or a row', () => {
    expect(drawnTable(head, rows, 1, [drawing], null)).toBe(table(head, rows, 1));
    expect(drawn(200, []).join('\n')).toBe(table(head, rows, 1));
    expect(drawnTable(head, [], 1, [drawing], { columns: 200, isPlain: true })).toBe(table(head, [], 1));
  });

  it('has a drawing beside each row where a line has room, of at most 32 columns', () => {
    expect(drawn(28)).toEqual([
      `name   n  ${'^'.repeat(16)}`,
      `one    1  ${'a'.repeat(16)}`,
      `two   22  ${'b'.repeat(16)}`,
    ]);
    expect(drawn(200)[0]).toBe(`name   n  ${'^'.repeat(32)}`);
    expect(drawn(200, [drawing, drawing])[1]).toBe(`one    1  ${'a'.repeat(32)}  ${'a'.repeat(32)}`);
  });

  it('has the drawings below, with the words of each row, where a line has no room', () => {
    expect(drawn(27)).toEqual([
      ...table(head, rows, 1).split('\n'),
      '',
      `name  ${'^'.repeat(19)}`,
      `one   ${'a'.repeat(19)}`,
      `two   ${'b'.repeat(19)}`,
    ]);
    expect(drawn(15).join('\n')).toBe(table(head, rows, 1));
  });
});
