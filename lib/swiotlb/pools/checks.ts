/**
 * Checked mode: what may be wrong with an address that is given back or synced, told apart as the warnings of Linux
 * would (swiotlb_bounce's, and those of its DMA API debugging).
 * Sizes are held against the allocation: slots do not record how much of it was mapped, and alignment may have made it
 * larger (the slot allocator's specification, traps 12 and 15). A buffer of a single mapping is as large as the mapping.
 * Threads: any; what it finds wrong is wrong whenever it is looked at.
 */
import { CopytaxError } from '../../errors.js';
import { type DmaConstraints, lowOffset } from '../slots/constraints.js';
import type { SlotPool } from '../slots/slot-pool.js';
import { NO_ORIGIN } from '../slots/slot-table.js';
import type { PoolList } from './pool-list.js';

/** `details.reason` of an error. */
export type Misuse =
  /** No memory that the device could have been given. */
  | 'foreign'
  /** No allocation holds the address any more, or one never did. */
  | 'double-free'
  /** An allocation holds the address, but begins at another. */
  | 'middle'
  /** Nothing is mapped there that could be synced. */
  | 'not-mapped'
  /** More bytes than there are up to the end of the allocation. */
  | 'past-allocation';

/** What can be said of an address without a pool: `list` knows where transient pools have been. */
export function foreign(address: number, list: PoolList | null): CopytaxError {
  if (list?.hasLeft(address)) {
    return misuse('double-free', address, `the transient pool of address ${address} was given back with it already`);
  }
  return misuse('foreign', address, `no pool holds address ${address}`);
}

/** @throws ERR_BAD_ADDRESS, unless the first data byte of an allocation of the pool is at `address` */
export function assertBegins(pool: SlotPool, device: DmaConstraints, address: number): void {
  if (!pool.contains(address)) throw foreign(address, null);
  const { table } = pool;
  const slot = pool.slotOf(address);
  if (table.isFree(slot)) {
    throw misuse('double-free', address, `address ${address} is free: it was given back already, or never taken`);
  }
  const origin = table.origin(slot);
  const begin = pool.addressOf(slot) + (origin === NO_ORIGIN ? 0 : lowOffset(origin, device));
  if (table.firstOf(slot) < 0 || address !== begin) {
    throw misuse('middle', address, `address ${address} lies in an allocation, which does not begin there`);
  }
}

/** @throws ERR_BAD_ADDRESS, unless an allocation of the pool holds the address */
export function assertTaken(pool: SlotPool, address: number): void {
  if (!pool.contains(address)) throw foreign(address, null);
  if (!pool.table.isFree(pool.slotOf(address))) return;
  throw misuse('not-mapped', address, `nothing is mapped at address ${address}`);
}

/** @throws ERR_OUT_OF_RANGE when fewer bytes are `left` from the address on than there are to sync */
export function assertEnough(address: number, bytes: number, left: number): void {
  if (bytes <= left) return;
  const message = `${bytes} bytes from address ${address} on run past the allocation, which ends after ${left}`;
  throw new CopytaxError('ERR_OUT_OF_RANGE', message, { reason: 'past-allocation', address, bytes, left });
}

function misuse(reason: Misuse, address: number, message: string): CopytaxError {
  return new CopytaxError('ERR_BAD_ADDRESS', message, { reason, address });
}
