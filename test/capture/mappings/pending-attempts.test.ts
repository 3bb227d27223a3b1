import { describe, expect, it } from '@jest/globals';
import { PendingAttempts, taskOf } from '../../../lib/capture/mappings/pending-attempts.js';
import { mappingOf } from '../mapping-of.js';

const MS = 1e6;

const attempt = (id: number, address: number, timeNs = 0) => mappingOf({ id, address, timeNs });

describe('taskOf()', () => {
  it('tells the idle tasks of two CPUs apart, and no others by their CPU', () => {
    expect(taskOf({ pid: 0, cpu: 0 })).not.toBe(taskOf({ pid: 0, cpu: 1 }));
    expect(taskOf({ pid: 7, cpu: 0 })).toBe(taskOf({ pid: 7, cpu: 1 }));
    expect(taskOf({ pid: 1, cpu: 0 })).not.toBe(taskOf({ pid: 0, cpu: 1 }));
  });
});

describe('PendingAttempts', () => {
  it('gives the latest attempt at the address, of this task only, and once', () => {
    const pending = new PendingAttempts();
    pending.add(1, attempt(1, 16));
    pending.add(1, attempt(2, 16));
    pending.add(2, attempt(3, 16));
    expect(pending.take(1, 16, 64)?.id).toBe(2);
    expect(pending.take(1, 16, 64)?.id).toBe(1);
    expect(pending.take(1, 16, 64)).toBeNull();
    expect(pending.take(2, 32, 64)).toBeNull();
    expect(pending.take(2, 16, 65)).toBeNull();
    expect(pending.take(2, 16, 64)?.id).toBe(3);
  });

  it('gives up attempts of which their task has told nothing for a tenth of a second', () => {
    const pending = new PendingAttempts();
    pending.add(1, attempt(1, 16));
    pending.add(1, attempt(2, 32, 60 * MS));
    expect(pending.add(1, attempt(3, 48, 100 * MS))).toEqual([]);
    expect(pending.add(1, attempt(4, 64, 101 * MS)).map(({ id }) => id)).toEqual([1]);
    expect(pending.add(1, attempt(5, 80, 500 * MS)).map(({ id }) => id)).toEqual([2, 3, 4]);
    expect(pending.drain().map(({ id }) => id)).toEqual([5]);
  });

  it('keeps at most 1024 of a task, the latest, and all others come out in their order', () => {
    const pending = new PendingAttempts();
    const given = Array.from({ length: 1100 }, (_, id) => pending.add(1, attempt(id, id))).flat();
    expect(given.map(({ id }) => id)).toEqual(Array.from({ length: 76 }, (_, id) => id));
    pending.add(2, attempt(5, 1));
    expect(pending.drain().map(({ id }) => id)).toEqual([5, ...Array.from({ length: 1024 }, (_, id) => id + 76)]);
    expect(pending.drain()).toEqual([]);
  });
});
