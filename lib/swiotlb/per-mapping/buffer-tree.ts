/**
 * Finds the buffer that holds an address in a search tree ordered by address: what the earlier design of growth was
 * measured with besides its list. Stands for the kernel's maple tree (the transmit path's specification, section 6.1).
 * Deviation: a treap. Records are of equal rank to the code that uses them, so their number, well mixed, serves as the
 * priority: the shape depends on nothing but which records are in it, and its depth is logarithmic but for bad luck.
 * Threads: any, with the lock of the device held.
 */
import { BufferIndex } from './buffer-index.js';
import { NO_RECORD } from './buffer-records.js';

const LEFT = 0;
const RIGHT = 1;

export class BufferTree extends BufferIndex {
  /** Goes down to where the record outranks what is there, and splits that by address into its two subtrees. */
  override insert(device: number, record: number): void {
    const { records } = this;
    const address = records.address(record);
    const rank = rankOf(record);
    let link = records.root(device);
    let node = records.target(link);
    while (node !== NO_RECORD && rankOf(node) > rank) {
      link = this.#towards(node, address);
      node = records.target(link);
    }
    records.setTarget(link, record);
    let left = records.link(record, LEFT);
    let right = records.link(record, RIGHT);
    while (node !== NO_RECORD) {
      if (records.address(node) < address) {
        records.setTarget(left, node);
        left = records.link(node, RIGHT);
        node = records.target(left);
      } else {
        records.setTarget(right, node);
        right = records.link(node, LEFT);
        node = records.target(right);
      }
    }
    records.setTarget(left, NO_RECORD);
    records.setTarget(right, NO_RECORD);
  }

  override find(device: number, address: number): number {
    const { records } = this;
    let node = records.target(records.root(device));
    while (node !== NO_RECORD && !records.contains(node, address)) node = records.target(this.#towards(node, address));
    return node;
  }

  /** Puts the two subtrees of the record, merged by rank, where it was. */
  override remove(device: number, address: number): number {
    const { records } = this;
    let link = records.root(device);
    let node = records.target(link);
    while (node !== NO_RECORD && records.address(node) !== address) {
      link = this.#towards(node, address);
      node = records.target(link);
    }
    if (node === NO_RECORD) return NO_RECORD;
    let left = records.target(records.link(node, LEFT));
    let right = records.target(records.link(node, RIGHT));
    while (left !== NO_RECORD && right !== NO_RECORD) {
      if (rankOf(left) > rankOf(right)) {
        records.setTarget(link, left);
        link = records.link(left, RIGHT);
        left = records.target(link);
      } else {
        records.setTarget(link, right);
        link = records.link(right, LEFT);
        right = records.target(link);
      }
    }
    records.setTarget(link, left === NO_RECORD ? right : left);
    return node;
  }

  /** Nodes on the longest way down. */
  depth(device: number): number {
    const { records } = this;
    const below = (node: number): number => {
      if (node === NO_RECORD) return 0;
      return 1 + Math.max(...([LEFT, RIGHT] as const).map((side) => below(records.target(records.link(node, side)))));
    };
    return below(records.target(records.root(device)));
  }

  #towards(node: number, address: number): number {
    const { records } = this;
    return records.link(node, records.address(node) < address ? RIGHT : LEFT);
  }
}

/** Different for different records, and without a pattern that addresses could share. */
function rankOf(record: number): number {
  let bits = Math.imul(record + 1, 0x9e3779b1);
  bits = Math.imul(bits ^ (bits >>> 15), 0x85ebca6b);
  return bits ^ (bits >>> 13);
}
