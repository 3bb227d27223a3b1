import { afterEach, describe, expect, it } from '@jest/globals';
import { MAX_SKB_BYTES } from '../../lib/model-limits.js';
import { PROCESS } from '../../lib/smp/copy-ledger.js';
import { type NetRig, netRig, USER } from './fixtures/net-rig.js';

let rig: NetRig;
afterEach(() => rig.ram.close());

/** A rig with an empty skb 0 of socket 0. */
function use(given: Parameters<typeof netRig>[0] = {}): NetRig {
  rig = netRig(given);
  rig.skbs.init(0, 0);
  return rig;
}

const fill = (bytes: number, from = USER) => rig.filler.fill(0, rig.frag, from, bytes);

describe('SkbFiller', () => {
  it('copies the bytes of the user into fragments of 32 KiB, end to end', () => {
    const { skbs, bytes } = use();
    expect(fill(50_000)).toBe(50_000);
    expect(skbs.frags(0)).toBe(2);
    const copied = [0, 1].flatMap((frag) => {
      const from = skbs.fragPfn(0, frag) * 4096 + skbs.fragOffset(0, frag);
      return [...bytes.subarray(from, from + skbs.fragBytes(0, frag))];
    });
    expect(Buffer.from(copied).equals(bytes.subarray(USER, USER + 50_000))).toBe(true);
  });

  it('enters its copies in the copy ledger, as user copies in process context', () => {
    const { copyLedger } = use();
    fill(50_000);
    expect(copyLedger.sum('user', { context: PROCESS, locked: false })).toMatchObject({ bytes: 50_000, copies: 1 });
    expect(copyLedger.sum('user').bytes).toBe(50_000);
  });

  it('extends the last fragment while the page continues where it ends', () => {
    const { skbs } = use();
    for (let i = 0; i < 5; i++) fill(1000, USER + i * 1000);
    expect({ frags: skbs.frags(0), bytes: skbs.bytes(0) }).toEqual({ frags: 1, bytes: 5000 });
  });

  it('stops when the skb is full', () => {
    use();
    expect(fill(MAX_SKB_BYTES - 1)).toBe(MAX_SKB_BYTES - 1);
    expect([fill(10), fill(10)]).toEqual([1, 0]);
  });

  it('takes single pages when there is no larger block', () => {
    const { system, pages, cpu, skbs } = use();
    const taken = Array.from({ length: system.freePages }, () => system.alloc(cpu, 0));
    for (const pfn of taken.filter((page) => page % 2 === 0)) {
      pages.put(pfn);
      system.free(cpu, pfn);
    }
    expect(fill(MAX_SKB_BYTES)).toBe(MAX_SKB_BYTES);
    expect(skbs.frags(0)).toBe(MAX_SKB_BYTES / 4096);
  });

  it('copies nothing when there is no page', () => {
    const { system, cpu, skbs, copyLedger } = use();
    while (system.alloc(cpu, 0) >= 0);
    expect({ filled: fill(100), frags: skbs.frags(0), copied: copyLedger.sum('user').bytes }).toEqual({
      filled: 0,
      frags: 0,
      copied: 0,
    });
  });
});
