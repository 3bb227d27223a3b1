/**
 * The tables of a machine, over an arena that all its threads share. What a CPU has on top of them is in
 * `assemble-cpu.ts`.
 * Threads: each builds its own `System` over the same arena; the thread that made the arena calls `reset()`.
 */
import type { Design, DesignState, DesignTables } from '../../designs/design.js';
import { requireState } from '../../designs/design-shape.js';
import { designOf } from '../../designs/designs.js';
import { failureOfDesign } from '../../designs/own-designs.js';
import { DescriptorRing } from '../../dma/descriptor-ring.js';
import { PeerTable } from '../../net/peer.js';
import { SkbTable } from '../../net/skb.js';
import { SocketTable } from '../../net/socket.js';
import { TxQueue } from '../../net/tx-queue.js';
import type { BouncePageParts } from '../../page/bounce-pages.js';
import { GrowthBlocks } from '../../page/growth-blocks.js';
import { PageTable } from '../../page/page-table.js';
import { SystemPages } from '../../page/system-pages.js';
import type { Arena } from '../../smp/arena.js';
import { CopyLedger } from '../../smp/copy-ledger.js';
import { Cpu, CpuTable } from '../../smp/cpu.js';
import { Swiotlb } from '../../swiotlb/swiotlb.js';
import { nextPowerOfTwo, PAGE_SIZE, SLOT_SIZE } from '../../units.js';
import type { MachineConfig } from './config.js';
import { GrowthWork, growthOptions } from './growth.js';
import { NetworkDevices } from './network-devices.js';
import { PageFreeing } from './page-freeing.js';
import { type RamLayout, ramLayout } from './ram.js';
import { ackLagOf, areasOf, lossSharesOf, skbBytesOf, skbsPerSocket } from './sizing.js';

/** The tables of a machine. Each thread has a `System` of its own, over the same arena. */
export class System {
  /** What the machine was configured to be. */
  readonly config: MachineConfig;
  /** The row of its design. */
  readonly design: Design;
  /** What lies where in its memory. */
  readonly layout: RamLayout;
  /** State of the CPUs, two more than `cpus.count`: one for a device that reads, one for work in the background. */
  readonly cpus: CpuTable;
  /** What was copied, by CPU; read it when no CPU is at work. */
  readonly copyLedger: CopyLedger;
  /** The allocator of bounce memory. */
  readonly swiotlb: Swiotlb;
  /** What bounce memory grows into, or null when it does not grow. @internal */
  readonly growthBlocks: GrowthBlocks | null;
  /** Descriptors of all pages of its memory. */
  readonly pages: PageTable;
  /** Ordinary pages. */
  readonly systemPages: SystemPages;
  /** How its pages are freed, and the counts of that. */
  readonly freeing: PageFreeing;
  /** The skbs of all sockets. */
  readonly skbs: SkbTable;
  /** Its sockets, one for each sender. */
  readonly sockets: SocketTable;
  /** The other ends of its sockets. @internal */
  readonly peers: PeerTable;
  /** Its transmit queues, in order. @internal */
  readonly queues: readonly TxQueue[];
  /** The CPU that takes the interrupts of each queue. */
  readonly irqCpus: readonly number[];
  /** Its network devices, and what sockets have learned of them. */
  readonly devices: NetworkDevices;
  /** The tables that every source of bounce pages works on. */
  readonly bouncePageParts: BouncePageParts;
  /** What the design has besides these tables. */
  readonly designState: DesignState;

  constructor(arena: Arena, config: MachineConfig) {
    this.config = config;
    this.design = designOf(config.design);
    this.layout = ramLayout(config);
    const { layout } = this;
    const { cpus, sockets, network, slotPool, devices, checking } = config;
    // Two more than the logical CPUs: one for a device that reads, and one for the work in the background.
    this.cpus = new CpuTable(arena, cpus.count + 2);
    this.copyLedger = CopyLedger.inArena(arena, cpus.count + 1);
    this.pages = new PageTable(arena, layout.bytes / PAGE_SIZE, layout.system / PAGE_SIZE);
    this.growthBlocks =
      slotPool.growth === 'none' ? null : new GrowthBlocks(arena, this.pages, layout.growth, layout.growthBytes);
    this.swiotlb = new Swiotlb(arena, {
      start: layout.slotPool,
      slots: slotPool.bytes / SLOT_SIZE,
      areas: areasOf(config),
      ...growthOptions(config, this.growthBlocks),
      checked: checking.everyByte,
      exactCounters: slotPool.exactCounters,
      allocSizeOverride: slotPool.allocSizeOverride,
    });
    this.systemPages = new SystemPages(
      arena,
      this.pages,
      layout.system / PAGE_SIZE,
      layout.systemBytes / PAGE_SIZE,
      cpus.count,
    );
    this.freeing = new PageFreeing(arena, config);
    const perSocket = skbsPerSocket(config);
    this.skbs = new SkbTable(arena, sockets.senders * perSocket, layout.headers, skbBytesOf(config));
    this.sockets = new SocketTable(arena, {
      sockets: sockets.senders,
      sendBufferBytes: sockets.sendBufferBytes,
      smallQueueBytes: sockets.smallQueueBytes,
      congestionWindowBytes: sockets.congestionWindowBytes,
      skbsPerSocket: perSocket,
    });
    const ack = {
      lagBytes: ackLagOf(config),
      delayNs: network.ackDelayNs,
      linkBitsPerSecond: network.linkBitsPerSecond,
      ...lossSharesOf(config),
    };
    this.peers = new PeerTable(arena, ack, this.skbs, this.sockets, this.cpus);
    this.queues = Array.from({ length: devices.queues }, (_, index) => {
      const ring = new DescriptorRing(arena, devices.ringDescriptors, devices.completion === 'retire');
      return new TxQueue(arena, index, nextPowerOfTwo(sockets.senders * perSocket), ring, devices.byteQueueLimits);
    });
    this.devices = new NetworkDevices(arena, config, this.design, this.swiotlb);
    const { pages, swiotlb } = this;
    this.bouncePageParts = {
      pages,
      swiotlb,
      constraints: this.devices.all,
      devices: this.devices.table,
      percentLimit: this.devices.percentLimit,
      counters: this.freeing.counters,
    };
    this.designState = stateOf(config.design, arena, this);
    const { irqCpus } = cpus;
    this.irqCpus = this.queues.map((_, index) =>
      irqCpus === null ? (sockets.senders + index) % cpus.count : irqCpus[index % irqCpus.length]!,
    );
  }

  /** Empties all tables. The thread that made the arena, before any other uses it. */
  reset(): void {
    const { cpus, copyLedger, swiotlb, pages, systemPages, freeing, skbs, sockets, peers, devices, designState } = this;
    const tables = [
      cpus,
      copyLedger,
      swiotlb,
      pages,
      systemPages,
      freeing,
      skbs,
      sockets,
      peers,
      devices,
      designState,
      ...this.queues,
    ];
    for (const table of tables) table.reset();
    this.growthBlocks?.reset();
  }

  /** Returns the work in the background, for the calling thread, or null when there is none. @internal */
  growthWork(): GrowthWork | null {
    const { pools } = this.swiotlb;
    if (pools === null || pools.growth === null) return null;
    return new GrowthWork(new Cpu(this.config.cpus.count + 1, this.cpus, this.copyLedger), pools, pools.growth);
  }

  /** True when everything that was sent has arrived, is acknowledged, and is freed. */
  isDrained(): boolean {
    for (let socket = 0; socket < this.config.sockets.senders; socket++) {
      if (this.sockets.outstanding(socket) !== 0 || this.peers.isRepeating(socket)) return false;
    }
    return true;
  }

  /** Returns the payload bytes that sockets took from their senders. */
  sentBytes(): number {
    let bytes = 0;
    for (let socket = 0; socket < this.config.sockets.senders; socket++) bytes += this.sockets.sentBytes(socket);
    return bytes;
  }

  /**
   * Returns the payload that sockets took plus what arrived, bytes. It does not change while a machine makes no
   * progress.
   */
  bytesMoved(): number {
    let bytes = this.sentBytes();
    for (let socket = 0; socket < this.config.sockets.senders; socket++) bytes += this.peers.receivedBytes(socket);
    return bytes;
  }

  /** Returns how often a packet found no slots, and was put back. */
  mapFailures(): number {
    return this.queues.reduce((sum, queue) => sum + queue.counter('mapFailures'), 0);
  }
}

/** @throws ERR_DESIGN for a design of one's own that fails, or returns no state */
function stateOf(name: string, arena: Arena, tables: DesignTables): DesignState {
  try {
    return requireState(name, designOf(name).state(arena, tables));
  } catch (thrown) {
    throw failureOfDesign(name, thrown);
  }
}
