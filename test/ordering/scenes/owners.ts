/** Calls of two CPUs on owners of memory that is sent. */
import { RegionWindows } from '../../../lib/memory/region-windows.js';
import { BindingTable } from '../../../lib/owner/bindings.js';
import { CompletionTable } from '../../../lib/owner/completions.js';
import { SlabObjects } from '../../../lib/owner/kernel-buffers.js';
import { PinTable } from '../../../lib/owner/pins.js';
import { TX_BUF_TYPE } from '../../../lib/owner/tx-buf.js';
import type { Cpu } from '../../../lib/smp/cpu.js';
import { testOwners } from '../../owner/fixtures/owners.js';
import { testMemory } from '../../page/fixtures/memory.js';
import { FIRST, fresh, type Scenes, SECOND } from './scenes.js';

const USER_PAGE = 64;

/** Pages of a user in folios of 2^order pages. */
function userPages(order = 0) {
  const { pages } = testMemory();
  for (let pfn = USER_PAGE; pfn < USER_PAGE + 8; pfn += 1 << order) pages.compound(pfn, order);
  const limits = { firstPfn: USER_PAGE, pages: 8, sockets: 2, bytesPerSocket: 2 ** 20 };
  const pins = fresh((arena) => new PinTable(arena, pages, limits));
  return { pins, pages, at: (page: number) => (USER_PAGE + page) * 4096 };
}

export const OWNERS: Scenes = {
  'drops of the last references of an owner': () => {
    const { owners } = testOwners();
    const id = owners.alloc(0, TX_BUF_TYPE.buffered, 0);
    owners.get(id);
    return { first: () => owners.put(id), second: () => owners.put(id), end: () => owners.refs(id) };
  },
  'a take and the last drop of an owner': () => {
    const { owners } = testOwners();
    const id = owners.alloc(0, TX_BUF_TYPE.buffered, 0);
    return { first: () => owners.tryGet(id), second: () => owners.put(id), end: () => owners.refs(id) };
  },
  'drops of references of a binding': () => {
    const limits = { bindings: 2, chunks: 4, chunkBytes: 4096 };
    const bindings = fresh((arena) => new BindingTable(arena, limits, new RegionWindows(new Int32Array(4))));
    const binding = bindings.register(1, 4096, 4096);
    bindings.get(binding, 5);
    const end = () => bindings.inFlight(binding);
    return { first: () => bindings.put(binding, 2), second: () => bindings.put(binding), end };
  },
  'takes of references of a binding': () => {
    const limits = { bindings: 2, chunks: 4, chunkBytes: 4096 };
    const bindings = fresh((arena) => new BindingTable(arena, limits, new RegionWindows(new Int32Array(4))));
    const binding = bindings.register(1, 4096, 4096);
    const end = () => bindings.inFlight(binding);
    return { first: () => bindings.get(binding, 2), second: () => bindings.get(binding), end };
  },
  'the last drops of an object of a slab': () => {
    const { pages } = testMemory();
    const slab = fresh((arena) => new SlabObjects(arena, pages, { firstPfn: 64, pages: 1, objectBytes: 4096 }));
    const object = slab.alloc(FIRST);
    slab.lend(object, 10);
    const end = () => [slab.users(object), slab.freeObjects];
    return { first: () => slab.free(FIRST, object), second: () => slab.giveBack(SECOND, object, 10), end };
  },
  'loans of an object of a slab': () => {
    const { pages } = testMemory();
    const slab = fresh((arena) => new SlabObjects(arena, pages, { firstPfn: 64, pages: 1, objectBytes: 4096 }));
    const object = slab.alloc(FIRST);
    const lend = () => slab.lend(object, 10);
    return { first: lend, second: lend, end: () => slab.users(object) };
  },
  'pins of pages of a socket': () => {
    const { pins, at } = userPages();
    pins.pin(0, at(0), 4096);
    const end = () => pins.pinnedPages(0);
    return { first: () => pins.pin(0, at(1), 8192), second: () => pins.unpin(SECOND, 0, at(0), 4096), end };
  },
  'ends of pins of pages of a socket': () => {
    const { pins, at } = userPages();
    pins.pin(0, at(0), 4 * 4096);
    const unpin = (cpu: Cpu, page: number) => () => pins.unpin(cpu, 0, at(page), 4096);
    return { first: unpin(FIRST, 0), second: unpin(SECOND, 1), end: () => pins.pinnedPages(0) };
  },
  'pins of a folio': () => {
    const { pins, pages, at } = userPages(2);
    const end = () => [pins.pins(USER_PAGE), pages.refs(USER_PAGE)];
    return { first: () => pins.pin(0, at(0), 8192), second: () => pins.pin(1, at(1), 4096), end };
  },
  'ends of pins of a folio': () => {
    const { pins, pages, at } = userPages(2);
    pins.pin(0, at(0), 8192);
    pins.pin(1, at(1), 4096);
    const end = () => [pins.pins(USER_PAGE), pages.refs(USER_PAGE)];
    return {
      first: () => pins.unpin(FIRST, 0, at(0), 8192),
      second: () => pins.unpin(SECOND, 1, at(1), 4096),
      end,
    };
  },
  'notifications that are merged and room that is counted': () => {
    const completions = fresh((arena) => new CompletionTable(arena, 1, 4));
    for (let send = 0; send < 4; send++) completions.begin(0);
    for (let send = 0; send < 2; send++) completions.complete(FIRST, 0, send, 1, false);
    const room = () => {
      let more = 0;
      for (; completions.hasRoom(0); more++) completions.begin(0);
      return more;
    };
    return {
      first: () => completions.hasRoom(0),
      second: () => completions.complete(SECOND, 0, 2, 1, false),
      end: room,
    };
  },
};
