import { afterAll, describe, expect, it } from '@jest/globals';
import type { PageFrag } from '../../../lib/page/page-frag.js';
import { netRig } from '../../net/fixtures/net-rig.js';

const rig = netRig();
afterAll(() => rig.ram.close());

describe('PageRefs', () => {
  it('holds one reference to a page for each fragment, and frees the page with the last', () => {
    const { cpu, system, pages, skbs, lifetime } = rig;
    const before = system.freePages;
    const [a, b] = [system.alloc(cpu, 3), system.alloc(cpu, 3)];
    skbs.init(0, 0);
    for (const pfn of [a, b, a]) {
      lifetime.acquire(0, { pfn } as PageFrag);
      skbs.addFrag(0, pfn, 0, 1);
    }
    expect([pages.refs(a), pages.refs(b)]).toEqual([3, 2]);
    pages.put(a); // the task goes on to another page
    lifetime.release(cpu, 0);
    expect(pages.refs(b)).toBe(1);
    expect(system.freePages).toBe(before - 8);
    expect(pages.headOf(a)).toBe(-1);
  });

  it('releases nothing of an skb without fragments', () => {
    rig.skbs.init(1, 0);
    rig.lifetime.release(rig.cpu, 1);
    expect(rig.skbs.frags(1)).toBe(0);
  });
});
