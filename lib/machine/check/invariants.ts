/**
 * The invariants of the transmit path, as functions that read a machine's tables and throw at the first that is broken:
 * which there are, and those of whose memory, types and references are what. I7 to I10 are in `in-flight-invariants.ts`.
 * Source: the transmit path's specification, section 2.13; the numbers are its own.
 * Threads: one that nobody changes the tables under: a CPU of a machine whose CPUs take turns.
 */
import { NO_PAGE } from '../../page/page-table.js';
import { PAGE_TYPE } from '../../page/page-type.js';
import type { SlotPool } from '../../swiotlb/slots/slot-pool.js';
import { NO_ORIGIN } from '../../swiotlb/slots/slot-table.js';
import { PAGE_SIZE, SEGMENT_SLOTS, SLOT_SIZE, SLOTS_PER_PAGE, slotsOf } from '../../units.js';
import type { System } from '../build/system.js';
import { expectInvariant } from './balance.js';
import { packetsInFlight } from './in-flight.js';
import { copiesAreExplained, deviceSeesWhatWasSent, slotsStayMapped } from './in-flight-invariants.js';

/** A machine to look at. */
export interface Watched {
  readonly system: System;
  /** Region that is its memory. */
  readonly ram: number;
  /** The pages that tasks hold for filling, `NO_PAGE` for none. */
  readonly heldPages: ArrayLike<number>;
}

export type Invariant = (watched: Watched) => void;

/** What holds at any instant. */
export const AT_ANY_INSTANT: readonly Invariant[] = [typedPagesHaveSlots, deviceSeesWhatWasSent];
/** What holds whenever no CPU is in the middle of a step. */
export const BETWEEN_STEPS: readonly Invariant[] = [
  slotsAreAccounted,
  blocksAreWhole,
  devicesAreAccounted,
  shareIsKept,
  typesMatchBlocks,
  referencesAreAccounted,
  typedPagesHaveSlots,
  deviceSeesWhatWasSent,
  slotsStayMapped,
  copiesAreExplained,
  freesAreCounted,
];

/** ERR_INVARIANT, with the number of the invariant in the message and in `details.invariant`. */
export function assertInvariants(watched: Watched, invariants: readonly Invariant[] = BETWEEN_STEPS): void {
  for (const holds of invariants) holds(watched);
}

/** I1: the areas' counts, the slots that are taken, and those of live mappings and blocks are the same number. */
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
    expectInvariant('I1', 'slots that the areas count, as against slots that are taken', pool.used(), taken);
    expectInvariant(
      'I1',
      'slots that are taken, as against those of live mappings and blocks',
      taken,
      live.get(pool) ?? 0,
    );
  }
}

/** I2: a block is aligned to its size, within a segment, and bounces for nothing; its head is typed, its tails not. */
export function blocksAreWhole({ system }: Watched): void {
  const { pages } = system;
  for (const { pool, pfn, order } of blocksOf(system)) {
    const slot = pool.slotOf(pfn * PAGE_SIZE);
    const slots = (PAGE_SIZE << order) / SLOT_SIZE;
    expectInvariant('I2', `alignment of the block at page ${pfn}`, pfn % (1 << order), 0);
    expectInvariant('I2', `slots of the block at page ${pfn}`, slotsOf(pool.table.allocBytes(slot)), slots);
    const isInSegment = (slot % SEGMENT_SLOTS) + slots <= SEGMENT_SLOTS;
    expectInvariant('I2', `whether the block at page ${pfn} is within a segment`, isInSegment, true);
    for (let at = slot; at < slot + slots; at++)
      expectInvariant('I2', `origin of slot ${at}`, pool.table.origin(at), NO_ORIGIN);
    for (let tail = pfn + 1; tail < pfn + (1 << order); tail++) {
      expectInvariant('I2', `head of page ${tail}`, pages.headOf(tail), pfn);
      expectInvariant('I2', `type of tail page ${tail}`, pages.hasType(tail, PAGE_TYPE.zeroCopySwiotlb), false);
    }
  }
}

/**
 * I3: a device is held by itself, by sockets that have learned it, by blocks of it, by CPUs that have references in stock,
 * and by puts that are still to be made.
 */
export function devicesAreAccounted({ system }: Watched): void {
  const { all, table, learned } = system.devices;
  const blocks = blocksOf(system).map(({ pfn }) => system.pages.owner(pfn));
  for (const { name, number } of all) {
    const own = table.isRemoved(number) ? 0 : 1;
    const held =
      own +
      learned.holds(number) +
      blocks.filter((owner) => owner === number).length +
      table.leaked(number) +
      table.stocked(number);
    expectInvariant('I3', `references of ${name}`, table.refs(number) - table.deferred(number), held);
  }
}

/** I11: what is reserved of the pool for pages is what they take, and, while the percentage stays, no more than it allows. */
export function shareIsKept({ system }: Watched): void {
  const { config, devices, swiotlb } = system;
  if (config.flavour !== 'hardened') return;
  const taken = blocksOf(system).reduce((sum, { order }) => sum + (SLOTS_PER_PAGE << order), 0);
  expectInvariant('I11', 'slots reserved for pages, as against those of blocks', devices.percentLimit.taken, taken);
  const most = Math.floor((Math.max(config.slotPool.pagePercent, devices.percentLimit.percent) * swiotlb.slots) / 100);
  expectInvariant('I11', `whether more than ${most} slots are reserved`, devices.percentLimit.reserved > most, false);
}

/** I4: a page is typed if and only if it heads a block that is allocated, and if and only if it has an owner. */
export function typesMatchBlocks({ system }: Watched): void {
  const { pages } = system;
  for (let pfn = 0; pfn < pages.pages; pfn++) {
    const isTyped = pages.hasType(pfn, PAGE_TYPE.zeroCopySwiotlb);
    expectInvariant('I4', `whether page ${pfn} has an owner`, pages.owner(pfn) !== 0, isTyped);
    if (isTyped) expectInvariant('I4', `head of typed page ${pfn}`, pages.headOf(pfn), pfn);
  }
  for (const pool of system.swiotlb.listed()) {
    for (let slot = 0; slot < pool.slots; slot++) {
      if (!pool.table.isFirst(slot) || pool.table.origin(slot) !== NO_ORIGIN) continue;
      const pfn = pool.addressOf(slot) / PAGE_SIZE;
      const isTyped = pages.hasType(pfn, PAGE_TYPE.zeroCopySwiotlb);
      expectInvariant('I4', `whether slot ${slot}, which bounces for nothing, begins a typed page`, isTyped, true);
    }
  }
}

/** I5: a head is referenced by the tasks that fill it and the fragments in it; tails and free pages by nobody. */
export function referencesAreAccounted({ system, heldPages }: Watched): void {
  const { pages, skbs } = system;
  const expected = new Map<number, number>();
  const count = (pfn: number) => expected.set(pfn, (expected.get(pfn) ?? 0) + 1);
  for (let holder = 0; holder < heldPages.length; holder++) {
    if (heldPages[holder] !== NO_PAGE) count(heldPages[holder]!);
  }
  for (let skb = 0; skb < skbs.count; skb++) {
    if (skbs.isFree(skb)) continue;
    for (let frag = 0; frag < skbs.frags(skb); frag++) count(skbs.fragPfn(skb, frag));
  }
  const growth = system.layout.growth / PAGE_SIZE; // from where on blocks are referenced by pools and mappings as well
  for (let pfn = pages.firstCounted; pfn < pages.pages; pfn++) {
    if (pfn >= growth && !expected.has(pfn)) continue;
    expectInvariant('I5', `references of page ${pfn}`, pages.refs(pfn), expected.get(pfn) ?? 0);
    if (expected.has(pfn)) expectInvariant('I5', `head of page ${pfn}, which is in use`, pages.headOf(pfn), pfn);
  }
}

/** I6: slots are given back after the type is cleared, so a typed page has all its slots. */
export function typedPagesHaveSlots({ system }: Watched): void {
  const { pages } = system;
  for (const pool of system.swiotlb.listed()) {
    for (let slot = 0; slot < pool.slots; slot += 2) {
      if (!pages.hasType(pool.addressOf(slot) / PAGE_SIZE, PAGE_TYPE.zeroCopySwiotlb)) continue;
      expectInvariant('I6', `whether slot ${slot} of a typed page is free`, pool.table.isFree(slot), false);
    }
  }
}

/** I12: blocks that were allocated are alive, or were freed as they should be, with their device and from its pool. */
export function freesAreCounted({ system }: Watched): void {
  const { counters } = system.freeing;
  const live = counters.allocated - counters.freed;
  expectInvariant('I12', 'blocks that were not freed, as against those that are alive', live, blocksOf(system).length);
  const lost = [0, 1, 4, 5].map((index) => counters.of(index));
  expectInvariant('I12', 'frees without a device or a pool', Math.max(...lost), 0);
}

interface Block {
  readonly pool: SlotPool;
  readonly pfn: number;
  readonly order: number;
}

/** The zero-copy blocks that are alive. */
function blocksOf(system: System): Block[] {
  const { pages } = system;
  return system.swiotlb.listed().flatMap((pool) => {
    const blocks: Block[] = [];
    for (let pfn = pool.start / PAGE_SIZE; pfn < pool.end / PAGE_SIZE; pfn++) {
      if (pages.hasType(pfn, PAGE_TYPE.zeroCopySwiotlb)) blocks.push({ pool, pfn, order: pages.order(pfn) });
    }
    return blocks;
  });
}
