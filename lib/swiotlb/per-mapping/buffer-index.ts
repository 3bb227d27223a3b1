/** Ways to find the buffer of an address among those of a device: what the two that were argued about have in common. */

export const LOOKUPS = ['list', 'tree'] as const;
export type Lookup = (typeof LOOKUPS)[number];

/** All methods need the lock of the device. Its state is in the links of the records. */
export interface BufferIndex {
  /** Adds a record that is not in it; its buffer overlaps no other. */
  insert(device: number, record: number): void;
  /** The record whose buffer holds the address, or `NO_RECORD`. */
  find(device: number, address: number): number;
  /** Takes the record out whose buffer starts at the address; answers it, or `NO_RECORD`. */
  remove(device: number, address: number): number;
}
