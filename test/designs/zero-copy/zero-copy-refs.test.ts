import { describe, expect, it } from '@jest/globals';
import { ZeroCopyRefs } from '../../../lib/designs/zero-copy/zero-copy-refs.js';
import { notedLifetime, sendingRig, USER } from './fixtures/sending-rig.js';

/** Skb 0 with an owner of memory, skb 1 whose owner's payload was copied, skb 2 without an owner. */
function rig() {
  const parts = sendingRig();
  const { skbs, sends, ranges } = parts;
  const pages = notedLifetime();
  const owners = [0, 1].map((skb) => {
    skbs.init(skb, 0);
    const id = sends.create(0, 0);
    sends.number(id, true);
    skbs.setMark(skb, id + 1);
    return id;
  });
  sends.take(owners[0]!, USER, 20_000);
  ranges.hang(0, USER, 20_000);
  sends.entries.noteCopied(owners[1]!);
  for (const skb of [2, 3, 4]) skbs.init(skb, 0);
  const refs = new ZeroCopyRefs(skbs, sends, pages);
  return { ...parts, pages, owners, refs };
}

describe('ZeroCopyRefs', () => {
  it('drop one reference to the owner, whatever number of fragments the skb has', () => {
    const { refs, cpu, sends, owners, pages, told } = rig();
    refs.release(cpu, 0);
    expect({ isLive: sends.owners.isLive(owners[0]!), calls: pages.calls, told: told() }).toEqual({
      isLive: false,
      calls: [],
      told: [[0, 0, false]],
    });
  });

  it('drop the references of pages, too, of what was copied after all', () => {
    const { refs, cpu, sends, owners, pages, told } = rig();
    const isLiveThen: boolean[] = [];
    const { release } = pages;
    pages.release = (by, skb) => {
      isLiveThen.push(sends.owners.isLive(owners[1]!)); // until then it says that the payload was copied
      release(by, skb);
    };
    refs.release(cpu, 1);
    expect(isLiveThen).toEqual([true]);
    refs.release(cpu, 2);
    expect({ isLive: sends.owners.isLive(owners[1]!), calls: pages.calls, told: told() }).toEqual({
      isLive: false,
      calls: ['release 1', 'release 2'],
      told: [[1, 1, true]],
    });
  });

  it('share and split an owner by one reference', () => {
    const { refs, cpu, skbs, sends, owners, pages } = rig();
    refs.share(cpu, 0, 3);
    refs.split(cpu, 0, 4, 10_000, true);
    expect([skbs.mark(3), skbs.mark(4)]).toEqual([owners[0]! + 1, owners[0]! + 1]);
    expect({ refs: sends.owners.refs(owners[0]!), calls: pages.calls }).toEqual({ refs: 3, calls: [] });
  });

  it('share and split the references of pages, too, of what was copied', () => {
    const { refs, cpu, skbs, sends, owners, pages } = rig();
    refs.share(cpu, 1, 3);
    refs.split(cpu, 1, 4, 100, false);
    refs.share(cpu, 2, 3);
    expect(pages.calls).toEqual(['share 1 3', 'split 1 4 100 false', 'share 2 3']);
    expect([sends.owners.refs(owners[1]!), skbs.mark(4)]).toEqual([3, owners[1]! + 1]);
  });

  it('acquire pages only for what is copied into them', () => {
    const { refs, frag, pages } = rig();
    expect(refs.accepts(2, 7)).toBe(true);
    refs.acquire(2, frag);
    expect(pages.calls).toEqual(['acquire 2']);
  });
});
