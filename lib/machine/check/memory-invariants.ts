/**
 * Invariants of memory: of slots, blocks, page types and references (I1 to I6, I11 and I12).
 * Source: docs/spec/tx-path.md#invariants. Threads: as for `invariants.ts`.
 */
import type { Block } from '../../designs/design.js';
import { NO_PAGE } from '../../page/page-table.js';
import { PAGE_TYPE } from '../../page/page-type.js';
import type { SlotPool } from '../../swiotlb/slots/slot-pool.js';
import { NO_ORIGIN } from '../../swiotlb/slots/slot-table.js';
import { PAGE_SIZE, SEGMENT_SLOTS, SLOT_SIZE, SLOTS_PER_PAGE, slotsOf } from '../../units.js';
import type { System } from '../build/system.js';
import { expectInvariant } from './expect.js';
import { packetsInFlight } from './in-flight.js';
import type { Watched } from './watched.js';

/** I1: the counts of the areas, the slots in use, and the slots of live mappings and blocks are the same number. */
export function slotsAreAccounted({ system }: Watched): void {
  const live = new Map<SlotPool, number>();
  const count = (pool: SlotPool, slots: number) => live.set(pool, (live.get(pool) ?? 0) + slots);
  const pools = system.swiotlb.listed();
  for (const { parts } of packetsInFlight(system, 'cleaned')) {
    for (const { dma, phys, bytes } of parts) {
      const pool = dma === phys ? undefined : pools.find((one) => one.contains(dma));
      if (pool !== undefined) count(pool, slotsOf(bytes));
    }
  }
  for (const { pool, order } of blocksOf(system)) count(pool, (PAGE_SIZE << order) / SLOT_SIZE);
  for (const pool of pools) {
    let taken = 0;
    for (let slot = 0; slot < pool.slots; slot++) if (!pool.table.isFree(slot)) taken++;
    expectInvariant('I1', 'slots that the areas count, against slots in use', pool.used(), taken);
    expectInvariant('I1', 'slots in use, against those of live mappings and blocks', taken, live.get(pool) ?? 0);
  }
}

/**
 * I2: a block is aligned to its size, lies within a segment, and has no origin. If it is made of pages, its tails have
 * no type, and belong to its head; a block that has an owner instead is no page.
 */
export function blocksAreWellFormed({ system }: Watched): void {
  const { pages } = system;
  for (const { pool, pfn, order } of blocksOf(system)) {
    const slot = pool.slotOf(pfn * PAGE_SIZE);
    const slots = (PAGE_SIZE << order) / SLOT_SIZE;
    expectInvariant('I2', `alignment of the block at page ${pfn}`, pfn % (1 << order), 0);
    expectInvariant('I2', `slots of the block at page ${pfn}`, slotsOf(pool.table.allocBytes(slot)), slots);
    const isInSegment = (slot % SEGMENT_SLOTS) + slots <= SEGMENT_SLOTS;
    expectInvariant('I2', `the block at page ${pfn} is within a segment`, isInSegment, true);
    for (let at = slot; at < slot + slots; at++)
      expectInvariant('I2', `origin of slot ${at}`, pool.table.origin(at), NO_ORIGIN);
    const isPage = pages.hasType(pfn, PAGE_TYPE.zeroCopySwiotlb) || pages.headOf(pfn) === pfn;
    const head = isPage ? pfn : NO_PAGE;
    expectInvariant('I2', `head of page ${pfn}`, pages.headOf(pfn), head);
    for (let tail = pfn + 1; tail < pfn + (1 << order); tail++) {
      expectInvariant('I2', `head of page ${tail}`, pages.headOf(tail), head);
      expectInvariant(
        'I2',
        `tail page ${tail} has the bounce type`,
        pages.hasType(tail, PAGE_TYPE.zeroCopySwiotlb),
        false,
      );
    }
  }
}

/**
 * I3: a device is referenced by itself, by sockets that have learned it, by what holds blocks of it, by CPUs that keep
 * references in stock, and by deferred puts.
 */
export function devicesAreAccounted({ system }: Watched): void {
  const { all, table, learned } = system.devices;
  for (const { name, number } of all) {
    const ofItself = table.isRemoved(number) ? 0 : 1;
    const held =
      ofItself +
      learned.holds(number) +
      system.designState.deviceReferences(number) +
      table.leaked(number) +
      table.stocked(number);
    expectInvariant('I3', `references of ${name}`, table.refs(number) - table.deferred(number), held);
  }
}

/**
 * I11, of the hardened flavour: the slots reserved for pages are those of its blocks and, while the percentage stays,
 * no more than it allows.
 */
export function pageLimitHolds({ system }: Watched): void {
  const { config, devices, swiotlb } = system;
  if (config.flavour !== 'hardened') return;
  const taken = blocksOf(system).reduce((sum, { order }) => sum + (SLOTS_PER_PAGE << order), 0);
  expectInvariant('I11', 'slots reserved for pages, against those of blocks', devices.percentLimit.taken, taken);
  const limit = Math.floor((Math.max(config.slotPool.pagePercent, devices.percentLimit.percent) * swiotlb.slots) / 100);
  expectInvariant('I11', `more than ${limit} slots are reserved`, devices.percentLimit.reserved > limit, false);
}

/** I4: a page is typed if and only if it heads an allocated block, and if and only if it has an owner. */
export function typesMatchBlocks({ system }: Watched): void {
  const { pages } = system;
  for (let pfn = 0; pfn < pages.pages; pfn++) {
    const isTyped = pages.hasType(pfn, PAGE_TYPE.zeroCopySwiotlb);
    expectInvariant('I4', `page ${pfn} has an owner`, pages.owner(pfn) !== 0, isTyped);
    if (isTyped) expectInvariant('I4', `head of typed page ${pfn}`, pages.headOf(pfn), pfn);
  }
  const blocks = new Set(blocksOf(system).map(({ pfn }) => pfn));
  for (const pool of system.swiotlb.listed()) {
    for (let slot = 0; slot < pool.slots; slot++) {
      if (!pool.table.isFirst(slot) || pool.table.origin(slot) !== NO_ORIGIN) continue;
      const pfn = pool.addressOf(slot) / PAGE_SIZE;
      expectInvariant('I4', `slot ${slot}, which has no origin, begins a block`, blocks.has(pfn), true);
    }
  }
}

/**
 * I5: a head is referenced by the tasks that fill it and by fragments in it, or by what owns it; tails and free pages
 * have no reference. Owners are referenced by what begins in them and by their predecessors.
 */
export function referencesAreAccounted({ system, heldPages }: Watched): void {
  const { pages, designState } = system;
  for (const { what, refs, expected } of designState.ownerReferences?.() ?? []) {
    expectInvariant('I5', `references of ${what}`, refs, expected);
  }
  const expected = designState.pageReferences(heldPages);
  const growth = system.layout.growth / PAGE_SIZE; // from here on, slot pools and mappings reference blocks as well
  for (let pfn = pages.firstCounted; pfn < pages.pages; pfn++) {
    if (pfn >= growth && !expected.has(pfn)) continue;
    expectInvariant('I5', `references of page ${pfn}`, pages.refs(pfn), expected.get(pfn) ?? 0);
    if (expected.has(pfn)) expectInvariant('I5', `head of page ${pfn}, which is in use`, pages.headOf(pfn), pfn);
  }
}

/**
 * I6: the type of a page, or the owner of a block, is cleared before its slots are freed, so a typed page and a block
 * with an owner have all their slots.
 */
export function typedPagesHaveSlots({ system }: Watched): void {
  const { pages } = system;
  const shared = system.designState.sharedMemory();
  for (const pool of system.swiotlb.listed()) {
    for (let slot = 0; slot < pool.slots; slot += 2) {
      const address = pool.addressOf(slot);
      if (!pages.hasType(address / PAGE_SIZE, PAGE_TYPE.zeroCopySwiotlb) && !shared.holds(address)) continue;
      expectInvariant('I6', `slot ${slot} of a typed page, or of a block, is free`, pool.table.isFree(slot), false);
    }
  }
}

/** I12: every block that was allocated is live, or was freed with its device and from its slot pool. */
export function freesAreCounted({ system }: Watched): void {
  const { counters } = system.freeing;
  const live = counters.allocated - counters.freed;
  expectInvariant('I12', 'blocks that were not freed, against live ones', live, blocksOf(system).length);
  const lost = [0, 1, 4, 5].map((index) => counters.of(index));
  expectInvariant('I12', 'frees without a device or a slot pool', Math.max(...lost), 0);
}

interface LiveBlock extends Block {
  readonly pool: SlotPool;
}

/** Returns the live blocks of bounce memory that no mapping owns. */
function blocksOf(system: System): LiveBlock[] {
  const pools = system.swiotlb.listed();
  return system.designState.blocks().map((block) => {
    const pool = pools.find((one) => one.contains(block.pfn * PAGE_SIZE));
    expectInvariant('I2', `the block at page ${block.pfn} is in a slot pool`, pool !== undefined, true);
    return { ...block, pool: pool! };
  });
}
