import { describe, expect, it } from '@jest/globals';
import { MAX_ENTRIES, TX_BUF_TYPE } from '../../lib/owner/tx-buf.js';
import { ZeroCopyEntries } from '../../lib/owner/zero-copy-entries.js';
import { testCpu } from '../smp/fixtures/cpus.js';
import { testOwners } from './fixtures/owners.js';

const BEYOND_32_BITS = 2 ** 35 + 123;

describe('ZeroCopyEntries', () => {
  it('keeps up to twelve ranges of memory, which the stream goes through in turn', () => {
    const { owners } = testOwners();
    const entries = new ZeroCopyEntries(owners);
    const id = owners.alloc(0, TX_BUF_TYPE.zcopyUser, 100);
    for (let entry = 0; entry < MAX_ENTRIES; entry++) {
      expect(entries.add(id, BEYOND_32_BITS + entry * 2 ** 20, 5000 + entry)).toBe(true);
    }
    expect(entries.add(id, 4096, 1)).toBe(false);
    expect(entries.count(id)).toBe(MAX_ENTRIES);
    for (let entry = 0; entry < MAX_ENTRIES; entry++) {
      expect([entries.address(id, entry), entries.bytes(id, entry)]).toEqual([
        BEYOND_32_BITS + entry * 2 ** 20,
        5000 + entry,
      ]);
    }
    expect([owners.start(id), owners.end(id)]).toEqual([100, 100 + 12 * 5000 + 66]);
  });

  it('says what the completion tells: which sends, and whether they were copied after all', () => {
    const { owners } = testOwners();
    const entries = new ZeroCopyEntries(owners);
    const id = owners.alloc(0, TX_BUF_TYPE.zcopyUser, 0);
    expect([entries.wasCopied(id), entries.isCharged(id)]).toEqual([false, false]);
    entries.setSends(id, 2 ** 32 - 1, 2);
    entries.noteCopied(id);
    entries.setCharged(id, true);
    expect({
      sends: [entries.lowSend(id), entries.highSend(id)],
      wasCopied: entries.wasCopied(id),
      isCharged: entries.isCharged(id),
    }).toEqual({ sends: [2 ** 32 - 1, 2], wasCopied: true, isCharged: true });
    entries.setCharged(id, false);
    expect(entries.isCharged(id)).toBe(false);
  });

  it('begins anew with each owner', () => {
    const { owners, destructor } = testOwners(1);
    const entries = new ZeroCopyEntries(owners);
    const id = owners.alloc(0, TX_BUF_TYPE.zcopyKernel, 0);
    entries.add(id, 4096, 10);
    entries.setSends(id, 1, 2);
    entries.noteCopied(id);
    entries.setCharged(id, true);
    owners.release(testCpu(), id, destructor);
    const again = owners.alloc(0, TX_BUF_TYPE.zcopyKernel, 0);
    expect({
      again,
      count: entries.count(again),
      sends: [entries.lowSend(again), entries.highSend(again)],
      wasCopied: entries.wasCopied(again),
      isCharged: entries.isCharged(again),
    }).toEqual({ again: id, count: 0, sends: [0, 0], wasCopied: false, isCharged: false });
  });
});
