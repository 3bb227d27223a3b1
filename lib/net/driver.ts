/**
 * The network driver: maps an skb, writes its descriptors, and cleans up after the device.
 * Models: ndo_start_xmit and the TX half of a driver's poll: docs/spec/tx-path.md#driver-mapping-and-the-second-copy,
 * docs/spec/tx-path.md#completion.
 * Threads: `startXmit` under the TX lock of the queue; `poll` in softirq on the CPU that takes the queue's interrupts.
 */

import { MORE } from '../dma/descriptor-ring.js';
import type { DeviceEngine } from '../dma/device-engine.js';
import { type Dma, MAPPING_ERROR } from '../dma/map.js';
import { SITE } from '../smp/copy-ledger.js';
import { type Cpu, NET_TX } from '../smp/cpu.js';
import type { Meter } from '../smp/meter.js';
import { BounceCopy } from './bounce-copy.js';
import { type CopyPolicy, HEADER_BYTES, HEADER_ROOM, MAX_FRAGS, type SkbTable } from './skb.js';
import type { Transmitter, XmitStatus } from './transmitter.js';
import { COUNT, type TxQueue } from './tx-queue.js';

/** The queue is stopped while fewer descriptors than the largest skb needs are free. */
const STOP_BELOW = MAX_FRAGS + 1;

/** Is told of each skb that the device is done with; `poll` has unmapped it. */
export interface CompletionSink {
  onCompletion(cpu: Cpu, skb: number): void;
}

/** The skbs that are transmitted, and their linear parts as words. */
export interface DriverBuffers {
  readonly skbs: SkbTable;
  readonly headers: Int32Array;
}

/** What times the driver's work on mappings. */
export interface DriverTimes {
  readonly mapTime: Meter;
  readonly unmapTime: Meter;
}

export class Driver implements Transmitter {
  readonly #engine: DeviceEngine;
  readonly #dma: Dma;
  readonly #skbs: SkbTable;
  readonly #headers: Int32Array;
  readonly #bounceCopy: BounceCopy;
  readonly #copies: CopyPolicy;
  readonly #mapTime: Meter;
  readonly #unmapTime: Meter;

  constructor(engine: DeviceEngine, dma: Dma, buffers: DriverBuffers, copies: CopyPolicy, times: DriverTimes) {
    this.#engine = engine;
    this.#dma = dma;
    this.#skbs = buffers.skbs;
    this.#headers = buffers.headers;
    this.#bounceCopy = new BounceCopy(engine, dma, buffers.skbs, copies.copyKernel);
    this.#copies = copies;
    this.#mapTime = times.mapTime;
    this.#unmapTime = times.unmapTime;
  }

  startXmit(cpu: Cpu, queue: TxQueue, skb: number): XmitStatus {
    const { ring } = queue;
    const frags = this.#skbs.frags(skb);

    // Step 1: stop the queue when the ring has no room for the header and every fragment.
    if (ring.room() < frags + 1) {
      this.#stop(cpu, queue);
      return 'full';
    }

    // Step 2: map all parts and write their descriptors. Mapping reserves slots for parts that have to be bounced, and
    // lists their copies on the CPU's copy list.
    this.#writeHeader(skb);
    cpu.list.reset();
    const bounced = this.#mapParts(cpu, queue, skb, frags);
    if (bounced === MAPPING_ERROR) {
      queue.add(COUNT.mapFailures, 1);
      return 'unmappable';
    }

    // Step 3: make the second copies, which mapping has listed. They have to be done before the doorbell.
    if (cpu.list.count > 0) this.#bounceCopy.make(cpu, queue, skb, bounced);
    if (this.#copies.check) this.#addHeaderToCrc(cpu, skb);

    // Step 4: charge the byte queue limit, before the doorbell, since the completion could come first.
    if (queue.byteQueueLimit.charge(this.#skbs.bytes(skb) + HEADER_BYTES)) this.#lookAgain(cpu, queue);

    // Step 5: ring the doorbell: the descriptors belong to the device. Stop the queue if the next skb might not fit.
    this.#engine.doorbell(cpu, queue.index, (ring.next + frags + 1) | 0);
    if (ring.room() < STOP_BELOW) this.#stop(cpu, queue);
    queue.add(COUNT.packets, 1);
    return 'sent';
  }

  /** Cleans up to `budget` packets, and tells the sink of each after it is unmapped. Returns their number. */
  poll(cpu: Cpu, queue: TxQueue, budget: number, sink: CompletionSink): number {
    const { ring } = queue;
    const device = this.#engine.deviceOf(queue.index);
    const done = ring.done();
    let at = ring.dirty;
    let packets = 0;
    let bytes = 0;
    while (at !== done && packets < budget) {
      this.#unmapTime.begin();
      let skb: number;
      do {
        if (!ring.staysMapped(at)) this.#dma.unmap(cpu, device, ring.dma(at));
        skb = ring.skb(at);
        at = (at + 1) | 0;
      } while (skb === MORE);
      this.#unmapTime.end();
      bytes += this.#skbs.bytes(skb) + HEADER_BYTES;
      sink.onCompletion(cpu, skb);
      packets++;
    }
    ring.clean(at);
    queue.byteQueueLimit.complete(bytes, cpu.list.now);
    return packets;
  }

  /** Wakes a stopped queue that has room again. True if there is something to run. */
  wake(cpu: Cpu, queue: TxQueue): boolean {
    const isRelieved = queue.byteQueueLimit.wake();
    if (!queue.ring.isStopped() || queue.ring.roomNow() < STOP_BELOW) return isRelieved;
    queue.lockTx(cpu);
    queue.ring.setStopped(false);
    queue.unlockTx();
    return true;
  }

  /** Stops the queue, unless the device has made room meanwhile. */
  #stop(cpu: Cpu, queue: TxQueue): void {
    queue.ring.setStopped(true);
    if (queue.ring.roomNow() >= STOP_BELOW) {
      queue.ring.setStopped(false);
      this.#lookAgain(cpu, queue);
    } else {
      queue.add(COUNT.stops, 1);
    }
  }

  /**
   * Has the queue run again: where senders transmit for themselves, another CPU may have left an skb in a queue that
   * seemed stopped.
   */
  #lookAgain(cpu: Cpu, queue: TxQueue): void {
    cpu.table.raise(cpu.id, NET_TX, queue.index);
  }

  /**
   * Maps the header and then each fragment, and writes their descriptors. If a part cannot be mapped, unmaps those
   * before.
   * @returns the payload bytes whose copy is listed, or `MAPPING_ERROR`
   */
  #mapParts(cpu: Cpu, queue: TxQueue, skb: number, frags: number): number {
    const dma = this.#dma;
    const skbs = this.#skbs;
    const { ring } = queue;
    const device = this.#engine.deviceOf(queue.index);
    this.#mapTime.begin();
    const first = ring.next;
    let bounced = 0;
    let at = first;
    let bytes = HEADER_BYTES;
    let address = dma.map(cpu, device, skbs.header(skb), bytes, SITE.header);
    for (let frag = 0; address !== MAPPING_ERROR; frag++) {
      ring.write(at, address, bytes, frag === frags ? skb : MORE, dma.staysMapped);
      at = (at + 1) | 0;
      if (frag === frags) break;
      const phys = skbs.fragAddress(skb, frag);
      bytes = skbs.fragBytes(skb, frag);
      address = dma.map(cpu, device, phys, bytes, SITE.bounce);
      if (address !== phys) bounced += bytes;
    }
    this.#mapTime.end();
    if (address !== MAPPING_ERROR) return bounced;
    while (at !== first) {
      at = (at - 1) | 0;
      if (!ring.staysMapped(at)) dma.unmap(cpu, device, ring.dma(at));
    }
    return MAPPING_ERROR;
  }

  /** Writes the fields in which headers of a stream differ: identification, lengths, sequence number, checksum. */
  #writeHeader(skb: number): void {
    const headers = this.#headers;
    const from = (skb * HEADER_ROOM) / 4;
    const bytes = this.#skbs.bytes(skb);
    headers[from] = skb;
    headers[from + 4] = bytes;
    headers[from + 10] = bytes ^ skb;
    headers[from + 13] = skb + 1;
  }

  #addHeaderToCrc(cpu: Cpu, skb: number): void {
    const skbs = this.#skbs;
    cpu.list.reset();
    cpu.list.pushSource(this.#copies.ramRegion, skbs.header(skb), HEADER_BYTES, 0);
    skbs.setWireCrc(skb, cpu.list.checksum(skbs.crc(skb)));
  }
}
