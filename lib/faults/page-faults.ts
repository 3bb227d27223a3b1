/** Faults of pages: wrong reference counts, types and owners. */
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
import { COPES, type Fault, FINDING } from './scene/fault.js';
import { dropReferences, expectThat, intercept, liveBlock, type Scene } from './scene/scene.js';

const TYPE = PAGE_TYPE.zeroCopySwiotlb;
const IN_FLIGHT = { sockets: { learn: 'told' }, devices: { completion: 'line-rate', lineBitsPerSecond: 1e6 } } as const;
/** The end of a fault that breaks an invariant, in either flavour. */
const BREAKS_INVARIANT = { faithful: 'ERR_INVARIANT', hardened: 'ERR_INVARIANT' } as const;
/** The invariants that recognize a block by its type, and its device by the private word. */
const BY_TYPE: readonly Invariant[] = [
  slotsAreAccounted,
  blocksAreWellFormed,
  devicesAreAccounted,
  pageLimitHolds,
  typesMatchBlocks,
  freesAreCounted,
];

/** Frees everything. Returns the code of the error that ended that, if one did. */
function drainedWith({ machine }: Scene): string | undefined {
  try {
    machine.drain();
    return undefined;
  } catch (error) {
    return (error as CopytaxError).code;
  }
}

/** Expects that a free without a device or slot pool is counted as such, and that the memory is not used again. */
function quarantine(scene: Scene, hasDevice: boolean, isBatched: boolean): string {
  const code = drainedWith(scene);
  const { counters } = scene.system.freeing;
  const index = freeCounter(hasDevice, false, isBatched);
  expectThat(`one free is counted by counter ${index}`, counters.of(index) === 1, { count: counters.of(index) });
  expectThat('the memory is not used again', code === 'ERR_WRONG_KIND', { code });
  return `the block was counted by counter ${index}, and quarantined`;
}

/** Makes a page of the slot pool forget its device. */
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
    about: 'a driver takes a reference to a page and never drops it',
    source: ['docs/spec/tx-path.md#fault-wrong-reference-counts'],
    machine: IN_FLIGHT,
    play: (scene) => {
      scene.system.pages.get(liveBlock(scene));
      scene.machine.assertInvariants();
      return 'no check noticed';
    },
    expected: BREAKS_INVARIANT,
  },
  {
    name: 'reference-too-few',
    about: 'a driver drops a reference to a page that it does not hold',
    source: ['docs/spec/tx-path.md#fault-wrong-reference-counts'],
    machine: IN_FLIGHT,
    play: (scene) => {
      scene.system.pages.put(liveBlock(scene));
      scene.machine.assertInvariants();
      return 'no check noticed';
    },
    expected: BREAKS_INVARIANT,
  },
  {
    name: 'page-put-twice',
    about: 'the last reference of a page is dropped, and then dropped again',
    source: ['docs/spec/tx-path.md#fault-wrong-reference-counts'],
    machine: IN_FLIGHT,
    play: (scene) => {
      const pfn = liveBlock(scene);
      dropReferences(scene, pfn);
      scene.system.pages.put(pfn);
      return 'no check noticed';
    },
    expected: { faithful: 'ERR_DOUBLE_FREE', hardened: 'ERR_DOUBLE_FREE' },
  },
  {
    name: 'type-lost',
    about: 'the type of a page of the slot pool is cleared while the page is in use',
    source: ['docs/spec/tx-path.md#fault-type-corrupted'],
    machine: IN_FLIGHT,
    play: (scene) => {
      scene.system.pages.clearType(liveBlock(scene), TYPE);
      scene.machine.assertInvariants();
      return 'no check noticed';
    },
    expected: BREAKS_INVARIANT,
  },
  {
    name: 'type-of-another',
    about:
      'the type of a page of the slot pool is overwritten with that of a slab, which shows only when the page is freed',
    source: ['docs/spec/tx-path.md#fault-type-corrupted'],
    machine: IN_FLIGHT,
    play: (scene) => {
      const { pages } = scene.system;
      const pfn = liveBlock(scene);
      scene.unwatch(...BY_TYPE);
      pages.clearType(pfn, TYPE);
      pages.setType(pfn, PAGE_TYPE.slab, 1);
      scene.machine.drain();
      return 'no check noticed';
    },
    expected: { faithful: 'ERR_WRONG_KIND', hardened: 'ERR_WRONG_KIND' },
  },
  {
    name: 'private-word-lost',
    about: 'a page of the slot pool has forgotten its device when it is freed',
    source: ['docs/spec/tx-path.md#fault-private-word-zeroed', 'docs/spec/tx-path.md#freeing-a-block'],
    machine: IN_FLIGHT,
    play: (scene) => {
      forgetDevice(scene);
      return quarantine(scene, false, false);
    },
    expected: FINDING,
  },
  {
    name: 'private-word-lost-in-batch',
    about: 'as private-word-lost, with a page that is freed together with others',
    source: ['docs/spec/tx-path.md#fault-private-word-zeroed', 'docs/spec/tx-path.md#debug-counters'],
    machine: mergeOptions(IN_FLIGHT, { sockets: { messageBytes: 65536 } }),
    play: (scene) => {
      forgetDevice(scene);
      return quarantine(scene, false, true);
    },
    expected: FINDING,
  },
  {
    name: 'allocator-replaced',
    about: 'the slot pool of some pages no longer belongs to their device when they are freed',
    source: [
      'docs/spec/tx-path.md#f8-the-allocator-of-a-device-changes',
      'docs/spec/tx-path.md#fault-allocator-replaced-in-flight',
    ],
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
    about: 'a page of the slot pool is spliced from a socket into a pipe, and a user process maps it',
    source: ['docs/spec/tx-path.md#f12-typed-pages-and-user-space', 'docs/spec/tx-path.md#encoding-of-page-types'],
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
      return 'the mapping was refused, and the page kept its type';
    },
    expected: COPES,
  },
];
