/**
 * Finds the buffer that holds an address in a search tree ordered by address. The earlier design of growth was measured
 * with this besides its list. Models: the maple tree of Linux. See
 * docs/spec/tx-path.md#the-earlier-design-one-buffer-per-mapping. Deviation: a treap. Records have no rank of their
 * own, so their number, well mixed, serves as the priority: the shape depends on nothing but which records are in the
 * tree, and its depth is logarithmic but for bad luck. Threads: any, with the lock of the device held.
 */
import { BufferIndex } from './buffer-index.js';
import { NO_RECORD } from './buffer-records.js';

const LEFT = 0;
const RIGHT = 1;

export class BufferTree extends BufferIndex {
  /** Descends to the first node that the record outranks, and splits it by address into the record's two subtrees. */
  override insert(device: number, record: number): void {
    const { records } = this;
    const address = records.address(record);
    const rank = rankOf(record);
    let link = records.root(device);
    let node = records.target(link);
    while (node !== NO_RECORD && rankOf(node) > rank) {
      link = this.#linkTowards(node, address);
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
    while (node !== NO_RECORD && !records.contains(node, address))
      node = records.target(this.#linkTowards(node, address));
    return node;
  }

  /** Replaces the record by its two subtrees, merged by rank. */
  override remove(device: number, address: number): number {
    const { records } = this;
    let link = records.root(device);
    let node = records.target(link);
    while (node !== NO_RECORD && records.address(node) !== address) {
      link = this.#linkTowards(node, address);
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

  /** Number of nodes on the longest path from the root. */
  depth(device: number): number {
    const { records } = this;
    const below = (node: number): number => {
      if (node === NO_RECORD) return 0;
      return 1 + Math.max(...([LEFT, RIGHT] as const).map((side) => below(records.target(records.link(node, side)))));
    };
    return below(records.target(records.root(device)));
  }

  #linkTowards(node: number, address: number): number {
    const { records } = this;
    return records.link(node, records.address(node) < address ? RIGHT : LEFT);
  }
}

/** A rank that differs between records and has no pattern that addresses could share. */
function rankOf(record: number): number {
  let bits = Math.imul(record + 1, 0x9e3779b1);
  bits = Math.imul(bits ^ (bits >>> 15), 0x85ebca6b);
  return bits ^ (bits >>> 13);
}
