/** The second copy, as the driver has it made when it transmits. */
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { HEADER_BYTES } from '../../lib/net/skb.js';
import { type NetRig, netRig } from './fixtures/net-rig.js';
import { skbOf } from './fixtures/skb-of.js';

let rig: NetRig;
afterEach(() => rig.ram.close());

const xmit = (skb: number) => rig.driver.startXmit(rig.cpu, rig.queue, skb);

function use(given: Parameters<typeof netRig>[0] = {}): NetRig {
  rig = netRig(given);
  return rig;
}

describe('BounceCopy', () => {
  it('makes all bounce copies before the doorbell', () => {
    const { ring, bytes, swiotlb, copyLedger, driver, cpu, queue } = use();
    let found: number[] = [];
    const produce = ring.produce.bind(ring);
    ring.produce = (end) => {
      found = [1, 2].flatMap((at) => [bytes[ring.dma(at)]!, bytes[ring.dma(at) + ring.bytes(at) - 1]!]);
      produce(end);
    };
    const skb = skbOf(rig, 6, [
      [5, 100],
      [7, 20_000],
    ]);
    driver.startXmit(cpu, queue, skb);
    expect(found).toEqual([7, 7, 7, 7]);
    for (let at = 0; at < 3; at++) expect(swiotlb.pool.contains(ring.dma(at))).toBe(true);
    expect(copyLedger.sum('bounce', { locked: true })).toMatchObject({ bytes: 20_100, copies: 1 });
    expect(copyLedger.sum('header', { locked: true })).toMatchObject({ bytes: HEADER_BYTES, copies: 1 });
    expect(swiotlb.used()).toBe(1 + 1 + 10);
  });

  it.each([false, true])(
    'cleans every part from the caches, bounces after their copies, unless the device snoops: %s',
    (isCoherent) => {
      const { ring, bytes, skbs, bounce } = use({ isCoherent });
      const skb = skbOf(rig, 6, [[5, 100]]);
      const page = bounce().alloc(rig.cpu, 3);
      skbs.addFrag(skb, page, 300, 4000);
      const cleaned: [at: number, length: number, first: number][] = [];
      jest.spyOn(rig.dma, 'clean').mockImplementation((at, length) => cleaned.push([at, length, bytes[at]!]));
      bytes[page * 4096 + 300] = 77;
      expect(xmit(skb)).toBe('sent');
      const part = (at: number, first: number) => [ring.dma(at), ring.bytes(at), first];
      expect(cleaned).toEqual(isCoherent ? [] : [part(2, 77), part(0, 6), part(1, 7)]);
    },
  );

  it('cleans the header and every bounced fragment for a device that does not snoop', () => {
    const { ring } = use({ isCoherent: false });
    const cleaned: number[] = [];
    jest.spyOn(rig.dma, 'clean').mockImplementation((at) => cleaned.push(at));
    const skb = skbOf(rig, 6, [
      [5, 100],
      [7, 2000],
    ]);
    expect(xmit(skb)).toBe('sent');
    expect(cleaned).toEqual([0, 1, 2].map((at) => ring.dma(at)));
  });

  it('bounces only the header when fragments are pages of the slot pool', () => {
    const { ring, skbs, bounce, copyLedger, swiotlb } = use();
    xmit(skbOf(rig, 1, [[5000, 3000]], bounce()));
    expect(ring.dma(1)).toBe(skbs.fragPfn(1, 0) * 4096 + 5000);
    expect([copyLedger.sum('bounce').copies, copyLedger.sum('header').copies]).toEqual([0, 1]);
    expect(swiotlb.used()).toBe(17);
  });
});
