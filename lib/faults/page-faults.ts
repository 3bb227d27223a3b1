/** Faults of pages: counts, types and owners that are wrong. */

import type { CopytaxError } from '../errors.js';
import { mergeOptions } from '../machine/build/config.js';
import {
  blocksAreWellFormed,
  devicesAreAccounted,
  freesAreCounted,
  pageLimitHolds,
  slotsAreAccounted,
  typesMatchBlocks,
} from '../machine/check/memory-invariants.js';
import type { Invariant } from '../machine/check/watched.js';

import { freeCounter } from '../page/free-counters.js';
import { PAGE_TYPE } from '../page/page-type.js';
import { COPES, type Fault, FINDING } from './fault.js';
import { dropReferences, expectThat, intercept, liveBlock, type Scene } from './scene.js';

const TYPE = PAGE_TYPE.zeroCopySwiotlb;
const IN_FLIGHT = { sockets: { learn: 'told' }, devices: { completion: 'line-rate', lineBitsPerSecond: 1e6 } } as const;
const TRIPS = { faithful: 'ERR_INVARIANT', hardened: 'ERR_INVARIANT' } as const;
/** What tells a block by its type, and its device by the private word. */
const BY_TYPE: readonly Invariant[] = [
  ...[slotsAreAccounted, blocksAreWellFormed, devicesAreAccounted, pageLimitHolds, typesMatchBlocks, freesAreCounted],
];

/** Frees everything; answers the code of what ended that, if anything did. */
function drainedWith({ machine }: Scene): string | undefined {
  try {
    machine.drain();
    return undefined;
  } catch (error) {
    return (error as CopytaxError).code;
  }
}

/** The frees that cannot be placed have to be counted as such, and the memory kept from everybody. */
function quarantine(scene: Scene, hasDevice: boolean, isBatched: boolean): string {
  const code = drainedWith(scene);
  const { counters } = scene.system.freeing;
  const index = freeCounter(hasDevice, false, isBatched);
  expectThat(`one free is counted by counter ${index}`, counters.of(index) === 1, { count: counters.of(index) });
  expectThat('nobody else gets the memory', code === 'ERR_WRONG_KIND', { code });
  return `the block was counted by counter ${index}, and quarantined`;
}

/** A page of the pool forgets its device. */
function forgetDevice(scene: Scene): void {
  const { pages } = scene.system;
  const pfn = liveBlock(scene);
  scene.unwatch(...BY_TYPE);
  pages.clearType(pfn, TYPE);
  pages.setType(pfn, TYPE, 0);
}

export const PAGE_FAULTS: readonly Fault[] = [
  {
    name: 'reference-too-many',
    about: 'somebody takes a reference to a page and never drops it',
    source: 'docs/spec/tx-path.md#fault-wrong-reference-counts',
    machine: IN_FLIGHT,
    play: (scene) => {
      scene.system.pages.get(liveBlock(scene));
      scene.machine.assertInvariants();
      return 'nobody noticed';
    },
    expected: TRIPS,
  },
  {
    name: 'reference-too-few',
    about: 'somebody drops a reference to a page that is somebody else’s',
    source: 'docs/spec/tx-path.md#fault-wrong-reference-counts',
    machine: IN_FLIGHT,
    play: (scene) => {
      scene.system.pages.put(liveBlock(scene));
      scene.machine.assertInvariants();
      return 'nobody noticed';
    },
    expected: TRIPS,
  },
  {
    name: 'page-put-twice',
    about: 'the last reference of a page is dropped, and then dropped again',
    source: 'docs/spec/tx-path.md#fault-wrong-reference-counts',
    machine: IN_FLIGHT,
    play: (scene) => {
      const pfn = liveBlock(scene);
      dropReferences(scene, pfn);
      scene.system.pages.put(pfn);
      return 'nobody noticed';
    },
    expected: { faithful: 'ERR_DOUBLE_FREE', hardened: 'ERR_DOUBLE_FREE' },
  },
  {
    name: 'type-lost',
    about: 'the type of a page of the pool is overwritten with none while it is in use',
    source: 'docs/spec/tx-path.md#fault-type-corrupted',
    machine: IN_FLIGHT,
    play: (scene) => {
      scene.system.pages.clearType(liveBlock(scene), TYPE);
      scene.machine.assertInvariants();
      return 'nobody noticed';
    },
    expected: TRIPS,
  },
  {
    name: 'type-of-another',
    about: 'the type of a page of the pool is overwritten with another one’s, and nobody looks before it is freed',
    source: 'docs/spec/tx-path.md#fault-type-corrupted',
    machine: IN_FLIGHT,
    play: (scene) => {
      const { pages } = scene.system;
      const pfn = liveBlock(scene);
      scene.unwatch(...BY_TYPE);
      pages.clearType(pfn, TYPE);
      pages.setType(pfn, PAGE_TYPE.slab, 1);
      scene.machine.drain();
      return 'nobody noticed';
    },
    expected: { faithful: 'ERR_WRONG_KIND', hardened: 'ERR_WRONG_KIND' },
  },
  {
    name: 'private-word-lost',
    about: 'a page of the pool has forgotten its device when it is freed',
    source: 'docs/spec/tx-path.md#fault-private-word-zeroed, docs/spec/tx-path.md#debug-counters',
    machine: IN_FLIGHT,
    play: (scene) => {
      forgetDevice(scene);
      return quarantine(scene, false, false);
    },
    expected: FINDING,
  },
  {
    name: 'private-word-lost-in-batch',
    about: 'the same, when it is freed together with others',
    source: 'docs/spec/tx-path.md#fault-private-word-zeroed, docs/spec/tx-path.md#debug-counters',
    machine: mergeOptions(IN_FLIGHT, { sockets: { messageBytes: 65536 } }),
    play: (scene) => {
      forgetDevice(scene);
      return quarantine(scene, false, true);
    },
    expected: FINDING,
  },
  {
    name: 'allocator-replaced',
    about: 'the pool that pages came from is no longer one of their device when they are freed',
    source:
      'docs/spec/tx-path.md#f8-the-allocator-of-a-device-changes, docs/spec/tx-path.md#fault-allocator-replaced-in-flight',
    machine: IN_FLIGHT,
    play: (scene) => {
      const { swiotlb } = scene.system;
      liveBlock(scene);
      intercept(swiotlb, 'findPool', () => () => -1);
      return quarantine(scene, true, false);
    },
    expected: FINDING,
  },
  {
    name: 'page-mapped-by-user',
    about: 'a page of the pool is spliced from a socket into a pipe, and a user maps it',
    source: 'docs/spec/tx-path.md#f12-typed-pages-and-user-space, docs/spec/tx-path.md#encoding-of-page-types',
    machine: IN_FLIGHT,
    play: (scene) => {
      const pfn = liveBlock(scene);
      let code: string | undefined;
      try {
        scene.system.pages.addMapping(pfn);
      } catch (error) {
        code = (error as CopytaxError).code;
      }
      expectThat('the mapping is refused', code === 'ERR_WRONG_KIND', { code });
      scene.machine.drain();
      return 'the mapping was refused, and the page is what it was';
    },
    expected: COPES,
  },
];
