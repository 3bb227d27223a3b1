import { describe, expect, it } from '@jest/globals';
import { unwatched, watched } from '../../../dev/schedule/watched-column.js';

describe('a watched column', () => {
  const made = () => {
    const operations: number[] = [];
    const column = new Int32Array([4, 5, 6]);
    return { operations, column, proxy: watched(column, (operation) => operations.push(operation)) };
  };

  it('tells loads from stores and words from each other, before they happen', () => {
    const { operations, column, proxy } = made();
    proxy[1] = proxy[1]! + proxy[2]!;
    expect(column[1]).toBe(11);
    expect(proxy[1]).toBe(11);
    expect(operations).toHaveLength(4);
    expect(operations[3]).toBe(operations[0]);
    expect(new Set(operations).size).toBe(3);
  });

  it('is a column in all other ways, and tells nothing of methods', () => {
    const { operations, column, proxy } = made();
    proxy.fill(7);
    expect([proxy.length, proxy.byteOffset, proxy.buffer]).toEqual([3, 0, column.buffer]);
    expect([...proxy.slice(0, 2)]).toEqual([7, 7]);
    expect(proxy[9]).toBeUndefined();
    expect(operations).toHaveLength(1);
    expect(proxy.subarray(1)[0]).toBe(7);
    expect(operations).toHaveLength(2);
  });

  it('can be had back', () => {
    const { column, proxy } = made();
    expect([unwatched(proxy) === column, unwatched(column) === column]).toEqual([true, true]);
  });
});
