/**
 * Puts a machine together: the shared tables over an arena, and for each CPU the objects that work on them.
 * Every thread builds its own `System` over the same arena; the thread that made the arena calls `reset()`.
 */
import { DescriptorRing } from '../../dma/descriptor-ring.js';
import { DeviceEngine } from '../../dma/device-engine.js';
import { Dma } from '../../dma/map.js';
import { DatagramPath } from '../../net/datagram-path.js';
import { DESIGNS, type Design } from '../../net/designs.js';
import { Driver } from '../../net/driver.js';
import { PageRefs } from '../../net/lifetime.js';
import { NetDevice } from '../../net/net-device.js';
import { LearnedSource, OneSource } from '../../net/page-choice.js';
import { PeerTable } from '../../net/peer.js';
import { Qdisc } from '../../net/qdisc.js';
import { SkbTable } from '../../net/skb.js';
import { SkbFiller } from '../../net/skb-filler.js';
import { SocketTable } from '../../net/socket.js';
import { Softirqs } from '../../net/softirq.js';
import { StreamPath } from '../../net/stream-path.js';
import { TimedDevice } from '../../net/timed-device.js';
import type { Transmitter } from '../../net/transmitter.js';
import { TxQueue } from '../../net/tx-queue.js';
import { GrowthBlocks } from '../../page/growth-blocks.js';
import { PageFrag } from '../../page/page-frag.js';
import { BouncePages, type BouncePoolParts, SystemPages } from '../../page/page-source.js';
import { PageTable } from '../../page/page-table.js';
import type { Arena } from '../../smp/arena.js';
import { CopyLedger } from '../../smp/copy-ledger.js';
import { Cpu, CpuTable, TIME } from '../../smp/cpu.js';
import { Meter } from '../../smp/meter.js';
import { Swiotlb } from '../../swiotlb/swiotlb.js';
import { nextPowerOfTwo, PAGE_SIZE, SLOT_SIZE } from '../../units.js';
import type { MachineConfig } from './config.js';
import { CpuRunner } from './cpu-runner.js';
import { GrowthWork, growthOptions } from './growth.js';
import { NetworkDevices } from './network-devices.js';
import { PageFreeing } from './page-freeing.js';
import { type RamLayout, ramLayout } from './ram.js';
import { Sender } from './sender.js';
import { ackLagOf, areasOf, lossSharesOf, skbBytesOf, skbsPerSocket } from './sizing.js';

/** The region that is the machine's memory, as this thread has attached it. */
export interface Ram {
  readonly id: number;
  readonly buffer: ArrayBuffer;
}

export class System {
  readonly config: MachineConfig;
  readonly design: Design;
  readonly layout: RamLayout;
  readonly cpus: CpuTable;
  readonly copyLedger: CopyLedger;
  readonly swiotlb: Swiotlb;
  /** What bounce memory grows into; null when it does not. */
  readonly growthBlocks: GrowthBlocks | null;
  readonly pages: PageTable;
  readonly systemPages: SystemPages;
  readonly freeing: PageFreeing;
  readonly skbs: SkbTable;
  readonly sockets: SocketTable;
  readonly peers: PeerTable;
  readonly queues: readonly TxQueue[];
  readonly irqCpus: readonly number[];
  readonly devices: NetworkDevices;
  /** What every source of bounce pages works on. */
  readonly bouncePool: BouncePoolParts;

  constructor(arena: Arena, config: MachineConfig) {
    this.config = config;
    this.design = DESIGNS[config.design];
    this.layout = ramLayout(config);
    const { layout } = this;
    const { cpus, sockets, network, slotPool, devices, checking } = config;
    // More than the logical CPUs: a device that reads has a CPU of its own, and so has the worker in the background.
    this.cpus = new CpuTable(arena, cpus.count + 2);
    this.copyLedger = CopyLedger.inArena(arena, cpus.count + 1);
    this.pages = new PageTable(arena, layout.bytes / PAGE_SIZE, layout.system / PAGE_SIZE);
    this.growthBlocks =
      slotPool.growth === 'none' ? null : new GrowthBlocks(arena, this.pages, layout.growth, layout.growthBytes);
    this.swiotlb = new Swiotlb(arena, {
      ...{ start: layout.pool, slots: slotPool.bytes / SLOT_SIZE, areas: areasOf(config) },
      ...growthOptions(config, this.growthBlocks),
      ...{ checked: checking.everyByte, exactCounters: slotPool.exactCounters },
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
      sendBuffer: sockets.sendBufferBytes,
      smallQueue: sockets.smallQueueBytes,
      congestionWindow: sockets.congestionWindowBytes,
      skbsPerSocket: perSocket,
    });
    const ack = {
      lagBytes: ackLagOf(config),
      delayNs: network.ackDelayNs,
      linkRate: network.linkBitsPerSecond,
      ...lossSharesOf(config),
    };
    this.peers = new PeerTable(arena, ack, this.skbs, this.sockets, this.cpus);
    this.queues = Array.from({ length: devices.queues }, (_, index) => {
      const ring = new DescriptorRing(arena, devices.ringDescriptors, devices.completion === 'retire');
      return new TxQueue(arena, index, nextPowerOfTwo(sockets.senders * perSocket), ring, devices.byteQueueLimits);
    });
    this.devices = new NetworkDevices(arena, config, this.design, this.swiotlb);
    const { pages, swiotlb } = this;
    this.bouncePool = {
      pages,
      swiotlb,
      constraints: this.devices.all,
      devices: this.devices.table,
      percentLimit: this.devices.percentLimit,
      counters: this.freeing.counters,
    };
    const { irqCpus } = cpus;
    this.irqCpus = this.queues.map((_, index) =>
      irqCpus === null ? (sockets.senders + index) % cpus.count : irqCpus[index % irqCpus.length]!,
    );
  }

  reset(): void {
    const { cpus, copyLedger, swiotlb, pages, systemPages, freeing, skbs, sockets, peers, devices } = this;
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
      ...this.queues,
    ];
    for (const table of tables) table.reset();
    this.growthBlocks?.reset();
  }

  /** The work in the background of this machine, for the calling thread; null when there is none. */
  growthWork(): GrowthWork | null {
    const { pools } = this.swiotlb;
    if (pools === null || pools.growth === null) return null;
    return new GrowthWork(new Cpu(this.config.cpus.count + 1, this.cpus, this.copyLedger), pools, pools.growth);
  }

  /** The objects of one CPU; they belong to the calling thread. `config.cpus.count` is the device's own. */
  runner(id: number, ram: Ram): CpuRunner {
    const { config, design, layout, pages, swiotlb, skbs, sockets, peers, queues, devices } = this;
    const cpu = new Cpu(id, this.cpus, this.copyLedger);
    const bouncePages = devices.all.map((device) => new BouncePages(this.bouncePool, device.number));
    const dispatch = this.freeing.dispatch(pages, this.systemPages, bouncePages[0]!);
    const lifetime = new PageRefs(pages, skbs, dispatch);
    const { copyKernel, count } = config.cpus;
    const { completion: mode, lineBitsPerSecond: lineRate, interruptFrames } = config.devices;
    const { everyByte: check, timesTxLock } = config.checking;
    const copies = { copyKernel, ramRegion: ram.id, check };
    const engine = new DeviceEngine(
      { mode, lineRate, interruptFrames, check, ramRegion: ram.id },
      queues.map(({ ring }, queue) => ({ ring, device: devices.ofQueues[queue]!, irqCpu: this.irqCpus[queue]! })),
      this.cpus,
      { swiotlb, pages, expectedCrc: (skb) => skbs.wireCrc(skb) },
    );
    const learns = design.pages === 'bounce';
    const learning = { teacher: devices.learned, devices: devices.table, flavour: config.flavour };
    const dma = new Dma(swiotlb, pages, ram.id, learns ? learning : null);
    const headers = new Int32Array(ram.buffer, layout.headers, layout.headerBytes / 4);
    const times = { mapTime: new Meter(cpu, 0), unmapTime: new Meter(cpu, 16) };
    const driver = new Driver(engine, dma, { skbs, headers }, copies, times);
    const device = learns ? this.#netDevice(driver) : driver;
    const transmitter = timesTxLock ? new TimedDevice(device, new Meter(cpu, 8, TIME.txLock)) : device;
    const qdisc = new Qdisc(transmitter, queues, this.cpus, config.devices.qdisc === 'fifo');
    const { traffic, sendBitsPerSecond, senders: tasks } = config.sockets;
    const isDatagram = traffic === 'datagram';
    const choice =
      learns && !isDatagram
        ? new LearnedSource(cpu, devices.learned, this.systemPages, bouncePages)
        : new OneSource(this.systemPages);
    const refillTime = new Meter(cpu, 32, TIME.refill);
    const filler = new SkbFiller(
      cpu,
      skbs,
      lifetime,
      { table: pages, choice, fallback: this.systemPages, refillTime },
      copies,
    );
    const parts = { sockets, skbs, lifetime, peers, filler, qdisc };
    const path = isDatagram
      ? new DatagramPath(cpu, parts)
      : new StreamPath(cpu, parts, new Meter(cpu, 48), traffic === 'paced' ? sendBitsPerSecond : Infinity);
    const softirqs = new Softirqs(cpu, driver, path, parts, this.irqCpus);
    const senders: Sender[] = [];
    for (let task = id; id < count && task < tasks; task += count) {
      const frag = new PageFrag(pages, dispatch, config.slotPool.singleBouncePages);
      senders.push(new Sender(cpu, task, ram.id, layout.users, path, frag, config));
    }
    return new CpuRunner(cpu, path, softirqs, senders, this.#playsDevice(id) ? engine : null);
  }

  /** The device that packets are given to, and those that are stacked on it. */
  #netDevice(driver: Driver): Transmitter {
    const dmaParents = this.devices.ofQueues.map(({ number }) => number);
    let device = new NetDevice(driver, this.skbs, dmaParents);
    const { stacked } = this.config.devices;
    for (let level = 0; level < stacked; level++) device = new NetDevice(device, this.skbs, dmaParents);
    return device;
  }

  /** Who calls the engine's `advance`: a CPU of its own when it reads, else the first that takes interrupts. */
  #playsDevice(id: number): boolean {
    const { completion } = this.config.devices;
    if (completion === 'retire') return false;
    return id === (completion === 'read' ? this.config.cpus.count : 0);
  }

  /** Everything that was sent has arrived, is acknowledged and freed. */
  isDrained(): boolean {
    for (let socket = 0; socket < this.config.sockets.senders; socket++) {
      if (this.sockets.outstanding(socket) !== 0 || this.peers.isRepeating(socket)) return false;
    }
    return true;
  }

  /** Payload that sockets took, and peers got: a machine that is busy and changes none of it gets nowhere. */
  bytesMoved(): number {
    let bytes = 0;
    for (let socket = 0; socket < this.config.sockets.senders; socket++) {
      bytes += this.sockets.sentBytes(socket) + this.peers.receivedBytes(socket);
    }
    return bytes;
  }
}
