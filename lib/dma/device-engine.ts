/**
 * The device at work: takes descriptors, completes packets, and interrupts. It reads the memory that descriptors point
 * at only in the completion mode `read`, or when it checks.
 * Models: the DMA engine of a network adapter. A checking engine is also the oracle of
 * docs/spec/tx-path.md#rule-the-device-reads-only-what-it-may: it reads only memory that it can reach and that is
 * allocated, and compares what it reads with what was sent. A packet is a header descriptor, followed by those of its
 * payload.
 * Threads: `doorbell` under the TX lock of the queue; `advance` by the one thread that plays the device.
 */
import { CopytaxError } from '../errors.js';
import type { CopyList } from '../memory/copy-list.js';
import { FIRST_WINDOW } from '../memory/region-windows.js';
import { NO_PAGE, type PageTable } from '../page/page-table.js';
import { SITE } from '../smp/copy-ledger.js';
import { type Cpu, type CpuTable, NET_RX } from '../smp/cpu.js';
import { NO_SLOT_POOL } from '../swiotlb/pools/slot-pool-list.js';
import type { Swiotlb } from '../swiotlb/swiotlb.js';
import { PAGE_SIZE } from '../units.js';
import type { CompletionMode } from './completion-modes.js';
import { type DescriptorRing, MORE } from './descriptor-ring.js';
import type { DmaDevice } from './device.js';
import { NOT_SHARED, type SharedMemory } from './shared-memory.js';

export interface EngineConfig {
  readonly completion: CompletionMode;
  /** Bits per second; for `line-rate`. */
  readonly lineBitsPerSecond: number;
  /** Packets that are done before the device interrupts; 1: at each. `Softirqs.run` says when a CPU does not wait. */
  readonly interruptFrames: number;
  /** Check every packet; much slower. ERR_DEVICE_READ on a violation. */
  readonly check: boolean;
  /** Region whose offsets are physical addresses. */
  readonly ramRegion: number;
}

/** One queue, as the device sees it. */
export interface DevicePort {
  readonly device: DmaDevice;
  readonly ring: DescriptorRing;
  /** The CPU that takes the interrupts of the queue. */
  readonly irqCpu: number;
}

/** What a checking engine holds packets against: which memory is allocated, and what the sender says it sent. */
export interface DeviceOracle {
  readonly swiotlb: Swiotlb;
  readonly pages: PageTable;
  /** Memory that devices reach without a bounce. */
  readonly shared: SharedMemory;
  /** CRC-32C over the payload and then the header of the packet with this cookie. */
  expectedCrc(cookie: number): number;
}

export class DeviceEngine {
  readonly config: EngineConfig;
  readonly #ports: readonly DevicePort[];
  readonly #cpus: CpuTable;
  readonly #oracle: DeviceOracle;
  #lineFreeAt = 0;
  #lastAdvance = 0;
  #turn = 0;

  /** `ports`: one for each queue. */
  constructor(config: EngineConfig, ports: readonly DevicePort[], cpus: CpuTable, oracle: DeviceOracle) {
    this.config = config;
    this.#ports = ports;
    this.#cpus = cpus;
    this.#oracle = oracle;
  }

  /** The device that maps what goes through this queue. */
  deviceOf(queue: number): DmaDevice {
    return this.#ports[queue]!.device;
  }

  /** Is told that the driver has written the descriptors of a packet, up to `end`, on `queue`. */
  doorbell(cpu: Cpu, queue: number, end: number): void {
    const { ring } = this.#ports[queue]!;
    if (this.config.completion === 'retire') {
      if (this.config.check) this.#read(cpu, queue, ring.next);
      ring.produceDone(end);
      this.#interrupt(queue);
    } else {
      ring.produce(end);
    }
  }

  /** True if packets are done only when `advance` is called. */
  get needsAdvance(): boolean {
    return this.config.completion !== 'retire';
  }

  /** Does what the device would have done by now. True if a packet was done. */
  advance(cpu: Cpu): boolean {
    return this.config.completion === 'read' ? this.#readAll(cpu) : this.#transmitUntil(cpu, cpu.clock());
  }

  #readAll(cpu: Cpu): boolean {
    let progress = false;
    for (let queue = 0; queue < this.#ports.length; queue++) {
      const { ring } = this.#ports[queue]!;
      const at = ring.done();
      if (at === ring.produced()) continue;
      ring.complete(this.#read(cpu, queue, at));
      this.#interrupt(queue);
      progress = true;
    }
    return progress;
  }

  /** Lets packets leave one after the other at the speed of the line; queues take turns. */
  #transmitUntil(cpu: Cpu, now: number): boolean {
    let progress = false;
    let idleQueues = 0;
    while (idleQueues < this.#ports.length) {
      const queue = this.#turn % this.#ports.length;
      const { ring } = this.#ports[queue]!;
      const at = ring.done();
      if (at === ring.produced()) {
        idleQueues++;
        this.#turn++;
        continue;
      }
      let bytes = 0;
      let end = at;
      do bytes += ring.bytes(end);
      while (ring.skb(end++) === MORE);
      const begin = Math.max(this.#lineFreeAt, this.#lastAdvance);
      const doneAt = begin + (bytes * 8e9) / this.config.lineBitsPerSecond;
      if (doneAt > now && !this.#cpus.isDraining()) {
        this.#lineFreeAt = begin;
        return progress; // #lastAdvance stays: the packet has been on the line since then
      }
      if (this.config.check) this.#read(cpu, queue, at);
      this.#lineFreeAt = doneAt;
      ring.complete(end);
      this.#interrupt(queue);
      this.#turn++;
      idleQueues = 0;
      progress = true;
    }
    this.#lastAdvance = now;
    return progress;
  }

  /** Reads the packet that begins at `begin`. Returns where the next one begins. */
  #read(cpu: Cpu, queue: number, begin: number): number {
    const { ring, device } = this.#ports[queue]!;
    const { list } = cpu;
    const { ramRegion: ram, check } = this.config;
    list.reset();
    let end = begin;
    let bytes = 0;
    while (ring.skb(end) === MORE) {
      end++;
      if (ring.dma(end) < FIRST_WINDOW) list.pushSource(ram, ring.dma(end), ring.bytes(end), SITE.deviceRead);
      else this.#pushOther(list, ring.dma(end), ring.bytes(end));
      bytes += ring.bytes(end);
      if (check) this.#assertReadable(cpu, device, ring.dma(end), ring.bytes(end));
    }
    list.pushSource(ram, ring.dma(begin), ring.bytes(begin), SITE.deviceRead);
    bytes += ring.bytes(begin);
    if (check) this.#assertReadable(cpu, device, ring.dma(begin), ring.bytes(begin));
    const crc = cpu.list.checksum(0);
    cpu.account(SITE.deviceRead, bytes);
    if (check) this.#assertSent(ring.skb(end), crc);
    return (end + 1) | 0;
  }

  /** Has the device read memory that is not the machine's own. */
  #pushOther(list: CopyList, dma: number, bytes: number): void {
    const { windows } = this.#oracle.shared;
    if (windows === undefined) throw new CopytaxError('ERR_DEVICE_READ', `no memory lies at ${dma}`, { dma, bytes });
    windows.locate(dma);
    list.pushSource(windows.region, windows.offset, bytes, SITE.deviceRead);
  }

  #interrupt(queue: number): void {
    const { ring, irqCpu } = this.#ports[queue]!;
    if (ring.addQuiet() < this.config.interruptFrames) return;
    ring.clearQuiet();
    this.#cpus.raise(irqCpu, NET_RX, queue);
  }

  #assertSent(cookie: number, crc: number): void {
    const expected = this.#oracle.expectedCrc(cookie);
    if (crc === expected) return;
    throw new CopytaxError('ERR_DEVICE_READ', `the device read other bytes than were sent in skb ${cookie}`, {
      crc,
      expected,
    });
  }

  /** True if an address outside all slot pools lies in the buffer of a mapping. */
  #isBuffer(cpu: Cpu, device: DmaDevice, dma: number): boolean {
    return this.#oracle.swiotlb.isBounce(cpu, device, dma);
  }

  #assertReadable(cpu: Cpu, device: DmaDevice, dma: number, bytes: number): void {
    const index = this.#oracle.swiotlb.findPool(cpu, device, dma);
    if (index !== NO_SLOT_POOL) {
      const pool = this.#oracle.swiotlb.poolAt(index);
      const last = pool.slotOf(dma + bytes - 1);
      for (let slot = pool.slotOf(dma); slot <= last; slot++) {
        if (!pool.table.isFree(slot)) continue;
        throw new CopytaxError('ERR_DEVICE_READ', `the device read slot ${slot}, which is free`, { dma, bytes });
      }
      if (dma + bytes <= pool.end) return;
    } else if (this.#isBuffer(cpu, device, dma) && this.#isBuffer(cpu, device, dma + bytes - 1)) return;
    const { shared } = this.#oracle;
    if (device.forceBounce && shared.sharing(device, dma, bytes) === NOT_SHARED) {
      throw new CopytaxError('ERR_DEVICE_READ', 'the device read memory that it cannot reach', { dma, bytes });
    }
    if (dma >= FIRST_WINDOW) return; // found when it is read
    // Memory of an owner that is no page, read by a device that was never given slots, so that no slot pool is found.
    if (shared.holds(dma) && shared.holds(dma + bytes - 1)) return;
    const pfn = Math.floor(dma / PAGE_SIZE);
    const head = this.#oracle.pages.headOf(pfn);
    if (pfn >= this.#oracle.pages.firstCounted && (head === NO_PAGE || this.#oracle.pages.refs(head) === 0)) {
      throw new CopytaxError('ERR_DEVICE_READ', `the device read page ${pfn}, which is free`, { dma, bytes });
    }
  }
}
