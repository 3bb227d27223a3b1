/**
 * The network driver: maps an skb, writes its descriptors, and cleans up after the device.
 * Models: ndo_start_xmit and the TX half of a driver's poll; the transmit path's specification, section 1.1 steps 15,
 * 17 and 19.
 * Threads: `startXmit` under the TX lock of the queue; `poll` in softirq on the CPU that takes the queue's interrupts.
 */

import { MORE } from '../dma/descriptor-ring.js';
import type { DmaDevice } from '../dma/device.js';
import type { DeviceEngine } from '../dma/device-engine.js';
import { type Dma, MAPPING_ERROR } from '../dma/map.js';
import { type Cpu, NET_TX } from '../smp/cpu.js';
import { SITE } from '../smp/ledger.js';
import type { Meter } from '../smp/meter.js';
import { PAGE_SIZE } from '../units.js';
import { HEADER_BYTES, HEADER_ROOM, MAX_FRAGS, type SkbTable } from './skb.js';
import { COUNT, type TxQueue } from './tx-queue.js';

/** `full`: the ring is stopped until completions wake it. `unmappable`: the DMA layer had no address to give. */
export type XmitOutcome = 'sent' | 'full' | 'unmappable';

/** The queue is stopped while fewer descriptors than the largest skb needs are free. */
const STOP_BELOW = MAX_FRAGS + 1;

/** Who is told that the device is done with an skb; `poll` has unmapped it. */
export interface CompletionSink {
  completed(cpu: Cpu, skb: number): void;
}

export interface DriverParts {
  /** Of each queue. */
  readonly dmaDevices: readonly DmaDevice[];
  readonly engine: DeviceEngine;
  readonly dma: Dma;
  readonly skbs: SkbTable;
  readonly meters: { readonly map: Meter; readonly unmap: Meter };
  /** The linear parts of all skbs, as words. */
  readonly headers: Int32Array;
  /** Index of the copy kernel that bounces. */
  readonly kernel: number;
  /** Continue an skb's CRC over its header, for a checking device. */
  readonly check: boolean;
  /** Region whose offsets are physical addresses. */
  readonly ram: number;
}

export class Driver {
  readonly #parts: DriverParts;

  constructor(parts: DriverParts) {
    this.#parts = parts;
  }

  startXmit(cpu: Cpu, queue: TxQueue, skb: number): XmitOutcome {
    const { skbs, engine, check } = this.#parts;
    const { ring } = queue;
    const frags = skbs.frags(skb);
    if (ring.room() < frags + 1) {
      this.#stop(cpu, queue);
      return 'full';
    }
    this.#writeHeader(skb);
    cpu.list.reset();
    const bounced = this.#mapParts(cpu, queue, skb, frags);
    if (bounced === MAPPING_ERROR) {
      queue.add(COUNT.mapFailures, 1);
      return 'unmappable';
    }
    if (cpu.list.count > 0) this.#bounce(cpu, queue, skb, bounced);
    if (check) this.#addHeaderToCrc(cpu, skb);
    if (queue.bytes.charge(skbs.bytes(skb) + HEADER_BYTES)) this.#lookAgain(cpu, queue);
    engine.doorbell(cpu, queue.index, (ring.next + frags + 1) | 0);
    if (ring.room() < STOP_BELOW) this.#stop(cpu, queue);
    queue.add(COUNT.packets, 1);
    return 'sent';
  }

  /** Cleans up to `budget` packets; answers how many. The sink hears of each after it is unmapped. */
  poll(cpu: Cpu, queue: TxQueue, budget: number, sink: CompletionSink): number {
    const { ring } = queue;
    const { dma, dmaDevices, skbs, meters } = this.#parts;
    const device = dmaDevices[queue.index]!;
    const done = ring.done();
    let at = ring.dirty;
    let packets = 0;
    let bytes = 0;
    while (at !== done && packets < budget) {
      meters.unmap.begin();
      let skb: number;
      do {
        dma.unmap(cpu, device, ring.dma(at));
        skb = ring.skb(at);
        at = (at + 1) | 0;
      } while (skb === MORE);
      meters.unmap.end();
      bytes += skbs.bytes(skb) + HEADER_BYTES;
      sink.completed(cpu, skb);
      packets++;
    }
    ring.clean(at);
    queue.bytes.complete(bytes, cpu.list.now);
    return packets;
  }

  /** Wakes a stopped queue that has room again. True when there is something to run. */
  wake(cpu: Cpu, queue: TxQueue): boolean {
    const isRelieved = queue.bytes.wake();
    if (!queue.ring.isStopped() || queue.ring.roomNow() < STOP_BELOW) return isRelieved;
    queue.lockTx(cpu);
    queue.ring.setStopped(false);
    queue.unlockTx();
    return true;
  }

  /** Stops the queue, unless the device has made room since the caller looked. */
  #stop(cpu: Cpu, queue: TxQueue): void {
    queue.ring.setStopped(true);
    if (queue.ring.roomNow() >= STOP_BELOW) {
      queue.ring.setStopped(false);
      this.#lookAgain(cpu, queue);
    } else {
      queue.add(COUNT.stops, 1);
    }
  }

  /** Where senders transmit for themselves, another CPU may have left an skb in the queue because it seemed stopped. */
  #lookAgain(cpu: Cpu, queue: TxQueue): void {
    cpu.table.raise(cpu.id, NET_TX, queue.index);
  }

  /**
   * Maps the header and then each fragment, and writes their descriptors. Answers the payload bytes whose copy it
   * listed. When one part cannot be mapped, those before it are unmapped, and the answer is `MAPPING_ERROR`.
   */
  #mapParts(cpu: Cpu, queue: TxQueue, skb: number, frags: number): number {
    const { dma, dmaDevices, skbs, meters } = this.#parts;
    const { ring } = queue;
    const device = dmaDevices[queue.index]!;
    meters.map.begin();
    const first = ring.next;
    let bounced = 0;
    let at = first;
    let bytes = HEADER_BYTES;
    let address = dma.map(cpu, device, skbs.header(skb), bytes, SITE.header);
    for (let frag = 0; address !== MAPPING_ERROR; frag++) {
      ring.write(at, address, bytes, frag === frags ? skb : MORE);
      at = (at + 1) | 0;
      if (frag === frags) break;
      const phys = this.#fragAddress(skb, frag);
      bytes = skbs.fragBytes(skb, frag);
      address = dma.map(cpu, device, phys, bytes, SITE.bounce);
      if (address !== phys) bounced += bytes;
    }
    meters.map.end();
    if (address !== MAPPING_ERROR) return bounced;
    while (at !== first) {
      at = (at - 1) | 0;
      dma.unmap(cpu, device, ring.dma(at));
    }
    return MAPPING_ERROR;
  }

  /** Makes the copies that mapping listed, in one crossing, and enters them in the ledger. */
  #bounce(cpu: Cpu, queue: TxQueue, skb: number, payload: number): void {
    const { list, ledger } = cpu;
    cpu.list.run(this.#parts.kernel);
    ledger.add(cpu.id, SITE.header, cpu.context, true, HEADER_BYTES, list.ns(SITE.header));
    if (payload > 0) ledger.add(cpu.id, SITE.bounce, cpu.context, true, payload, list.ns(SITE.bounce));
    if (!this.#parts.dmaDevices[queue.index]!.isCoherent) this.#clean(queue, skb);
  }

  /** A device that does not snoop the caches sees a bounce once it is out of them. */
  #clean({ ring }: TxQueue, skb: number): void {
    const { skbs, dma } = this.#parts;
    for (let part = 0; part <= skbs.frags(skb); part++) {
      const at = (ring.next + part) | 0;
      const phys = part === 0 ? skbs.header(skb) : this.#fragAddress(skb, part - 1);
      if (ring.dma(at) !== phys) dma.clean(ring.dma(at), ring.bytes(at));
    }
  }

  #fragAddress(skb: number, frag: number): number {
    const { skbs } = this.#parts;
    return skbs.fragPfn(skb, frag) * PAGE_SIZE + skbs.fragOffset(skb, frag);
  }

  /** The fields that differ between headers of a stream: identification, lengths, sequence number, checksum. */
  #writeHeader(skb: number): void {
    const { headers, skbs } = this.#parts;
    const from = (skb * HEADER_ROOM) / 4;
    const bytes = skbs.bytes(skb);
    headers[from] = skb;
    headers[from + 4] = bytes;
    headers[from + 10] = bytes ^ skb;
    headers[from + 13] = skb + 1;
  }

  #addHeaderToCrc(cpu: Cpu, skb: number): void {
    const { skbs, ram } = this.#parts;
    cpu.list.reset();
    cpu.list.push(ram, 0, ram, skbs.header(skb), HEADER_BYTES, 0);
    skbs.setWireCrc(skb, cpu.list.checksum(skbs.crc(skb)));
  }
}
