/**
 * Makes the objects of one CPU over the tables of a machine, each on top of the one before it: the device engine, the
 * driver, the queueing discipline, what fills skbs, the transmit path, the softirqs and the senders.
 * Threads: the objects belong to the calling thread.
 */
import { requirePageFrag, requireParts, requireSharedMemory } from '../../designs/design-shape.js';
import { DeviceEngine } from '../../dma/device-engine.js';
import { InterruptThrottle } from '../../dma/interrupt-throttle.js';
import { Dma } from '../../dma/map.js';
import type { SharedMemory } from '../../dma/shared-memory.js';
import { DatagramPath } from '../../net/datagram-path.js';
import { Driver } from '../../net/driver.js';
import { NetDevice } from '../../net/net-device.js';
import { Qdisc } from '../../net/qdisc.js';
import type { CopyPolicy } from '../../net/skb.js';
import { Softirqs } from '../../net/softirq.js';
import { StreamPath } from '../../net/stream-path.js';
import { TimedDevice } from '../../net/timed-device.js';
import type { TransmitPath } from '../../net/transmit-path.js';
import type { Transmitter } from '../../net/transmitter.js';
import type { PageFrag } from '../../page/page-frag.js';
import { Cpu, TIME } from '../../smp/cpu.js';
import { Meter } from '../../smp/meter.js';
import { CpuRunner } from './cpu-runner.js';
import type { Ram } from './ram.js';
import { Sender } from './sender.js';
import type { System } from './system.js';

/** Meters start at different packets, so that one packet is not timed by all of them. */
const FIRST = { map: 0, txLock: 8, unmap: 16, refill: 32, release: 48 };

/**
 * `id`: the CPU; `config.cpus.count` is the CPU of a device that reads. `ram`: as the calling thread has attached it.
 */
export function assembleCpu(system: System, id: number, ram: Ram): CpuRunner {
  const { config, skbs, sockets, peers, queues } = system;
  const cpu = new Cpu(id, system.cpus, system.copyLedger);
  const copies: CopyPolicy = {
    copyKernel: config.cpus.copyKernel,
    ramRegion: ram.id,
    check: config.checking.everyByte,
  };
  const refillTime = new Meter(cpu, FIRST.refill, TIME.refill);
  const made = system.designState.partsOf(cpu, { copies, refillTime });
  const { filler, lifetime, pageFrag } = requireParts(config.design, made);

  const engine = engineOf(system, ram);
  const driver = driverOf(system, cpu, engine, ram, copies);
  const transmitter = transmitterOf(system, cpu, driver);
  const qdisc = new Qdisc(transmitter, queues, system.cpus, config.devices.qdisc === 'fifo');
  const parts = { sockets, skbs, lifetime, peers, filler, qdisc };
  const { traffic, sendBitsPerSecond } = config.sockets;
  const pacing = traffic === 'paced' ? sendBitsPerSecond : Infinity;
  const releaseTime = new Meter(cpu, FIRST.release);
  const path = traffic === 'datagram' ? new DatagramPath(cpu, parts) : new StreamPath(cpu, parts, releaseTime, pacing);
  const throttle = new InterruptThrottle(config.devices.interruptIntervalNs, queues.length);
  const softirqs = new Softirqs(cpu, driver, path, parts, { cpus: system.irqCpus, throttle });
  cpu.softirqs = softirqs;
  const senders = sendersOf(system, cpu, path, pageFrag, ram);
  return new CpuRunner(cpu, path, softirqs, senders, playsDevice(system, id) ? engine : null);
}

/** Returns the memory that devices reach without a bounce, for the calling thread. @throws ERR_DESIGN */
function sharedMemoryOf({ config, designState }: System): SharedMemory {
  return requireSharedMemory(config.design, designState.sharedMemory());
}

function engineOf(system: System, ram: Ram): DeviceEngine {
  const { config, queues, devices, irqCpus, cpus, swiotlb, pages, skbs } = system;
  const { completion, lineBitsPerSecond, interruptFrames } = config.devices;
  return new DeviceEngine(
    { completion, lineBitsPerSecond, interruptFrames, check: config.checking.everyByte, ramRegion: ram.id },
    queues.map(({ ring }, queue) => ({ ring, device: devices.ofQueues[queue]!, irqCpu: irqCpus[queue]! })),
    cpus,
    { swiotlb, pages, shared: sharedMemoryOf(system), expectedCrc: (skb) => skbs.wireCrc(skb) },
  );
}

function driverOf(system: System, cpu: Cpu, engine: DeviceEngine, ram: Ram, copies: CopyPolicy): Driver {
  const { layout, swiotlb, skbs, devices, design } = system;
  const dma = new Dma(swiotlb, sharedMemoryOf(system), ram.id, design.learns ? devices.learned : null);
  const headers = new Int32Array(ram.buffer, layout.headers, layout.headerBytes / 4);
  const times = { mapTime: new Meter(cpu, FIRST.map), unmapTime: new Meter(cpu, FIRST.unmap) };
  return new Driver(engine, dma, { skbs, headers }, copies, times);
}

/** Returns what packets are given to: the driver, or the devices that are stacked on it, and what times them. */
function transmitterOf(system: System, cpu: Cpu, driver: Driver): Transmitter {
  const { config, devices, skbs } = system;
  let transmitter: Transmitter = driver;
  if (system.design.learns) {
    const dmaParents = devices.ofQueues.map(({ number }) => number);
    for (let level = 0; level <= config.devices.stacked; level++) {
      transmitter = new NetDevice(transmitter, skbs, dmaParents);
    }
  }
  if (!config.checking.timesTxLock) return transmitter;
  return new TimedDevice(transmitter, new Meter(cpu, FIRST.txLock, TIME.txLock));
}

/** Returns the senders of a CPU: task i runs on CPU i mod `cpus.count`. */
function sendersOf(system: System, cpu: Cpu, path: TransmitPath, pageFrag: () => PageFrag, ram: Ram): Sender[] {
  const { config, layout, designState } = system;
  const { count } = config.cpus;
  const { windows } = sharedMemoryOf(system);
  const users = designState.users ?? layout.users;
  const senders: Sender[] = [];
  for (let socket = cpu.id; cpu.id < count && socket < config.sockets.senders; socket += count) {
    const pfrag = requirePageFrag(config.design, pageFrag());
    senders.push(new Sender(cpu, path, pfrag, { socket, ramRegion: ram.id, windows, users, config }));
  }
  return senders;
}

/** True if the CPU steps the device: a CPU of its own when it reads, else the first one. */
function playsDevice({ config }: System, id: number): boolean {
  const { completion } = config.devices;
  if (completion === 'retire') return false;
  return id === (completion === 'read' ? config.cpus.count : 0);
}
