/** Faults of pages: counts, types and owners that are wrong, and payload where the host can read it. */

import { freeCounter } from '../../page/free-counters.js';
import { NO_PAGE } from '../../page/page-table.js';
import { PAGE_TYPE } from '../../page/page-type.js';
import { PAGE_SIZE } from '../../units.js';
import type { System } from '../system.js';
import type { Fault } from './fault.js';
import { expectThat, intercept, type Scene } from './scene.js';

const TYPE = PAGE_TYPE.zeroCopySwiotlb;
const IN_FLIGHT = { learn: 'told', device: 'line-rate', lineRate: 1e6 } as const;

/** A block of the pool that a packet in flight lies in. */
function liveBlock(scene: Scene): number {
  const { pages, swiotlb } = scene.system;
  const find = ({ pool }: System['swiotlb']) => {
    for (let pfn = pool.start / PAGE_SIZE; pfn < pool.end / PAGE_SIZE; pfn++) if (pages.hasType(pfn, TYPE)) return pfn;
    return NO_PAGE;
  };
  scene.until('a page of the pool is in flight', () => find(swiotlb) !== NO_PAGE);
  return find(swiotlb);
}

/** Frees everything; the one block that cannot be placed has to be counted as such, and kept from everybody. */
function quarantine({ machine, system }: Scene, what: 'without a device' | 'without a pool'): string {
  const single = freeCounter(what === 'without a pool', false, false);
  const batched = freeCounter(what === 'without a pool', false, true);
  let code: string | undefined;
  try {
    machine.drain();
  } catch (error) {
    code = (error as { code?: string }).code;
  }
  const { counters } = system.freeing;
  expectThat(`one free ${what} is counted`, counters.of(single) + counters.of(batched) === 1);
  expectThat('nobody else gets the memory', code === 'ERR_WRONG_KIND', { code });
  return 'the block was counted, and quarantined';
}

export const PAGE_FAULTS: readonly Fault[] = [
  {
    name: 'reference-too-many',
    about: 'somebody takes a reference to a page and never drops it',
    source: 'section 9, refcount errors',
    machine: IN_FLIGHT,
    play: (scene) => {
      scene.system.pages.get(liveBlock(scene));
      scene.machine.assertInvariants();
      return 'nobody noticed';
    },
    expected: { faithful: 'ERR_INVARIANT', hardened: 'ERR_INVARIANT' },
  },
  {
    name: 'reference-too-few',
    about: 'references to a page are dropped that nobody took',
    source: 'section 9, refcount errors and double put',
    machine: IN_FLIGHT,
    play: (scene) => {
      const pfn = liveBlock(scene);
      while (scene.system.pages.refs(pfn) > 0) scene.system.pages.put(pfn);
      scene.system.pages.put(pfn);
      return 'nobody noticed';
    },
    expected: { faithful: 'ERR_DOUBLE_FREE', hardened: 'ERR_DOUBLE_FREE' },
  },
  {
    name: 'type-lost',
    about: 'the type of a page of the pool is overwritten while it is in use',
    source: 'section 9, type corrupted',
    machine: IN_FLIGHT,
    play: (scene) => {
      scene.system.pages.clearType(liveBlock(scene), TYPE);
      scene.machine.assertInvariants();
      return 'nobody noticed';
    },
    expected: { faithful: 'ERR_INVARIANT', hardened: 'ERR_INVARIANT' },
  },
  {
    name: 'private-word-lost',
    about: 'a page of the pool has forgotten its device when it is freed',
    source: 'section 9, private zeroed; 2.10, 2.11',
    machine: IN_FLIGHT,
    play: (scene) => {
      const { pages } = scene.system;
      const pfn = liveBlock(scene);
      scene.unwatch();
      pages.clearType(pfn, TYPE);
      pages.setType(pfn, TYPE, 0);
      return quarantine(scene, 'without a device');
    },
    expected: { faithful: 'ERR_UNBALANCED', hardened: 'copes' },
  },
  {
    name: 'allocator-replaced',
    about: 'the pool that pages came from is no longer one of their device when they are freed',
    source: 'F8',
    machine: IN_FLIGHT,
    play: (scene) => {
      const { swiotlb } = scene.system;
      liveBlock(scene);
      scene.unwatch();
      intercept(swiotlb, 'findPool', () => () => -1);
      return quarantine(scene, 'without a pool');
    },
    expected: { faithful: 'ERR_UNBALANCED', hardened: 'copes' },
  },
  {
    name: 'recycled-page-kept',
    about: 'the percentage goes to 0, and a slow sender fills the page of the pool that it holds again and again',
    source: 'F3, section 2.5',
    machine: { learn: 'told', message: 1000, messagesPerSender: 400, window: 65536 },
    play: (scene) => {
      const { devices } = scene.system;
      scene.turns(20);
      devices.share.percent = 0;
      scene.turns(20);
      const [before, sent] = [scene.bounced, scene.sent];
      scene.turns(100);
      const [bounced, since] = [scene.bounced - before, scene.sent - sent];
      scene.machine.run();
      expectThat(`what is sent is bounced again: of ${since} bytes ${bounced} were`, since > 0 && bounced === since);
      return 'the page went at the next message';
    },
    expected: { faithful: 'ERR_UNBALANCED', hardened: 'copes' },
  },
  {
    name: 'plain-text-exposed',
    about: 'kernel TLS takes fragments like any sender, writes plain text to them, and encrypts it in place',
    source: 'F13',
    machine: { privateSenders: 1 },
    play: (scene) => {
      scene.machine.run();
      expectThat('everything was bounced', scene.bounced === scene.sent);
      return 'its pages were never those of the pool';
    },
    expected: { faithful: 'ERR_EXPOSED', hardened: 'copes' },
  },
];
