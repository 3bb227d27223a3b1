/**
 * Finds the buffer of an address among those of a device: the interface of the two ways that were discussed.
 * Threads: any, with the lock of the device held. The state of an index is in the links of the records.
 */
import type { BufferRecords } from './buffer-records.js';

export const LOOKUPS = ['list', 'tree'] as const;
export type Lookup = (typeof LOOKUPS)[number];

export abstract class BufferIndex {
  protected readonly records: BufferRecords;

  constructor(records: BufferRecords) {
    this.records = records;
  }

  /** Adds a record that the index does not have; its buffer overlaps no other. */
  abstract insert(device: number, record: number): void;
  /** Returns the record whose buffer holds the address, or `NO_RECORD`. */
  abstract find(device: number, address: number): number;
  /** Removes the record whose buffer starts at the address. Returns it, or `NO_RECORD`. */
  abstract remove(device: number, address: number): number;
}
