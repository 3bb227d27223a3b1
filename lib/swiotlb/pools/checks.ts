/**
 * Checked mode: says what is wrong with an address that is freed or synced, in the classes of Linux's warnings (those
 * of swiotlb_bounce and of its DMA API debugging). Sizes are compared with the allocation: slots do not record how much
 * of it was mapped, and alignment may have made it larger. See
 * docs/spec/swiotlb.md#trap-allocsize-is-not-the-mapping-size. A buffer of a single mapping is as large as the mapping.
 * Threads: any.
 */
import { CopytaxError } from '../../errors.js';
import { type DmaConstraints, lowOffset } from '../slots/constraints.js';
import type { SlotPool } from '../slots/slot-pool.js';
import { NO_ORIGIN } from '../slots/slot-table.js';
import type { SlotPoolList } from './slot-pool-list.js';

/** The `details.reason` of an error. */
export type Misuse =
  /** The address is in no memory that the device could have been given. */
  | 'foreign'
  /** No allocation holds the address: it was freed, or never allocated. */
  | 'double-free'
  /** An allocation holds the address, but begins at another. */
  | 'middle'
  /** Nothing is mapped there that could be synced. */
  | 'not-mapped'
  /** The range runs past the end of the allocation. */
  | 'past-allocation';

/** The error for an address that lies in no slot pool; `list` knows where transient pools have been. */
export function foreign(address: number, list: SlotPoolList | null): CopytaxError {
  if (list?.wasRemoved(address)) {
    return misuse('double-free', address, `address ${address} was freed already, together with its transient pool`);
  }
  return misuse('foreign', address, `no slot pool holds address ${address}`);
}

/** @throws ERR_BAD_ADDRESS, unless an allocation of the slot pool has its first data byte at `address` */
export function assertBegins(pool: SlotPool, device: DmaConstraints, address: number): void {
  if (!pool.contains(address)) throw foreign(address, null);
  const { table } = pool;
  const slot = pool.slotOf(address);
  if (table.isFree(slot)) {
    throw misuse('double-free', address, `address ${address} is free: it was freed already, or never allocated`);
  }
  const origin = table.origin(slot);
  const begin = pool.addressOf(slot) + (origin === NO_ORIGIN ? 0 : lowOffset(origin, device));
  if (table.firstOf(slot) < 0 || address !== begin) {
    throw misuse('middle', address, `address ${address} lies in an allocation that begins elsewhere`);
  }
}

/** @throws ERR_BAD_ADDRESS, unless an allocation of the slot pool holds the address */
export function assertTaken(pool: SlotPool, address: number): void {
  if (!pool.contains(address)) throw foreign(address, null);
  if (!pool.table.isFree(pool.slotOf(address))) return;
  throw misuse('not-mapped', address, `nothing is mapped at address ${address}`);
}

/** @throws ERR_OUT_OF_RANGE when the allocation has fewer bytes `left` from the address on than the sync wants */
export function assertEnough(address: number, bytes: number, left: number): void {
  if (bytes <= left) return;
  const message = `${bytes} bytes from address ${address} on run past the allocation, which ends after ${left}`;
  throw new CopytaxError('ERR_OUT_OF_RANGE', message, { reason: 'past-allocation', address, bytes, left });
}

function misuse(reason: Misuse, address: number, message: string): CopytaxError {
  return new CopytaxError('ERR_BAD_ADDRESS', message, { reason, address });
}
