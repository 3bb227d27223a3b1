import { describe, expect, it } from '@jest/globals';
import type { SplicedPages } from '../../lib/designs/spliced-pages.js';
import { finished } from './fixtures/finished.js';

describe('SplicedPages', () => {
  it('counts a reference for the cache and one for each fragment', () => {
    using machine = finished('splice', { flavour: 'faithful', sockets: { senders: 1, userBufferBytes: 65536 } });
    const { pages, skbs, layout, designState } = machine.system;
    const state = designState as SplicedPages;
    const first = layout.users / 4096;
    const wrong = () => state.ownerReferences().filter(({ refs, expected }) => refs !== expected);
    expect([state.ownerReferences().length, wrong()]).toEqual([16, []]);
    skbs.init(0, 0);
    skbs.addFrag(0, first + 3, 0, 100);
    expect(wrong()).toEqual([{ what: `page ${first + 3}`, refs: 1, expected: 2 }]);
    pages.get(first + 3);
    expect(wrong()).toEqual([]);
  });

  it('counts nothing of objects of a slab, which are copied', () => {
    using machine = finished('splice', { flavour: 'faithful', lending: { lender: 'slab' } });
    expect((machine.system.designState as SplicedPages).ownerReferences()).toEqual([]);
  });
});
