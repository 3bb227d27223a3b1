/**
 * Finds the buffer that holds an address by walking a list, and moves it to the front, because a buffer that was mapped
 * is looked up again soon, to sync or to unmap it. The earlier design of growth was posted with this. See
 * docs/spec/tx-path.md#the-earlier-design-one-buffer-per-mapping. Deviation: the posted lookup moves the element at
 * which its walk ended even if that is none. Threads: any, with the lock of the device held.
 */
import { BufferIndex } from './buffer-index.js';
import { NO_RECORD } from './buffer-records.js';

const NEXT = 0;
const PREVIOUS = 1;

export class BufferList extends BufferIndex {
  override insert(device: number, record: number): void {
    const { records } = this;
    const first = this.first(device);
    records.setTarget(records.link(record, NEXT), first);
    records.setTarget(records.link(record, PREVIOUS), NO_RECORD);
    if (first !== NO_RECORD) records.setTarget(records.link(first, PREVIOUS), record);
    records.setTarget(records.root(device), record);
  }

  override find(device: number, address: number): number {
    const { records } = this;
    let record = this.first(device);
    while (record !== NO_RECORD && !records.contains(record, address)) record = this.next(record);
    if (record === NO_RECORD || record === this.first(device)) return record;
    this.#unlink(device, record);
    this.insert(device, record);
    return record;
  }

  override remove(device: number, address: number): number {
    const { records } = this;
    let record = this.first(device);
    while (record !== NO_RECORD && records.address(record) !== address) record = this.next(record);
    if (record !== NO_RECORD) this.#unlink(device, record);
    return record;
  }

  /** The buffer that was mapped or looked up last. */
  first(device: number): number {
    return this.records.target(this.records.root(device));
  }

  /** The record that follows in the list, or `NO_RECORD`. */
  next(record: number): number {
    return this.records.target(this.records.link(record, NEXT));
  }

  #unlink(device: number, record: number): void {
    const { records } = this;
    const next = this.next(record);
    const previous = records.target(records.link(record, PREVIOUS));
    if (next !== NO_RECORD) records.setTarget(records.link(next, PREVIOUS), previous);
    records.setTarget(previous === NO_RECORD ? records.root(device) : records.link(previous, NEXT), next);
  }
}
