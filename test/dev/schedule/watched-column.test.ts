import { describe, expect, it } from '@jest/globals';
import { unwatched, watched } from '../../../dev/schedule/watched-column.js';

describe('a watched column', () => {
  const newColumn = () => {
    const operations: number[] = [];
    const column = new Int32Array([4, 5, 6]);
    return { operations, column, proxy: watched(column, (operation) => operations.push(operation)) };
  };

  it('reports each access before it happens, with the word and whether it is a load or a store', () => {
    const { operations, column, proxy } = newColumn();
    proxy[1] = proxy[1]! + proxy[2]!;
    expect(column[1]).toBe(11);
    expect(proxy[1]).toBe(11);
    expect(operations).toHaveLength(4);
    expect(operations[3]).toBe(operations[0]);
    expect(new Set(operations).size).toBe(3);
  });

  it('behaves as the column otherwise, and reports nothing of methods', () => {
    const { operations, column, proxy } = newColumn();
    proxy.fill(7);
    const { length, byteOffset, buffer } = proxy;
    expect({ length, byteOffset }).toEqual({ length: 3, byteOffset: 0 });
    expect(buffer).toBe(column.buffer);
    expect([...proxy.slice(0, 2)]).toEqual([7, 7]);
    expect(proxy[9]).toBeUndefined();
    expect(operations).toHaveLength(1);
    expect(proxy.subarray(1)[0]).toBe(7);
    expect(operations).toHaveLength(2);
  });

  it('gives its column back', () => {
    const { column, proxy } = newColumn();
    expect(unwatched(proxy)).toBe(column);
    expect(unwatched(column)).toBe(column);
  });
});
