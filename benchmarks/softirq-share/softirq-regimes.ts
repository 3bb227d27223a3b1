/**
 * What limits senders, as machines of the model and as runs of a real Linux: the cells of the `softirq-share` scenario.
 *
 * Nothing here says where a copy is made. Regimes differ in what senders do, in the speed of the network, which is given
 * relative to what this host reaches when nothing but its CPUs limits it, and in the ring. Everything else is the same.
 */
import { readFileSync } from 'node:fs';
import {
  type MachineConfig,
  type MachineOptions,
  machineConfig,
  mergeOptions,
} from '../../lib/machine/build/config.js';

/** One run of a real Linux, in a guest. */
export interface LinuxRun {
  readonly regime: string;
  readonly device: string;
  readonly kernel: string;
  readonly cpus: number;
  readonly streams: number;
  readonly command: string;
  readonly throughput: string;
  readonly maps: number;
  /** Of the mappings, and of their bytes, made in softirq, 0..1. */
  readonly mapShare: number;
  readonly bytes: number;
  readonly byteShare: number;
}

export interface Regime {
  readonly name: string;
  /** Which runs of Linux it is compared with. */
  readonly linuxRegime: string;
  /** Streams, or datagram sockets. */
  readonly senders: number;
  /** Of the rate that CPU-limited streams reach here: of the network, or of what all senders have to send. */
  readonly rateShare?: number;
  /** What the machine is besides, with that rate in bits per second. */
  machine(rate: number, senders: number): MachineOptions;
}

const SLOW = 1 / 10;
const APPLICATION = 1 / 50;
/** A datagram's payload in one Ethernet frame, and Linux's default send buffer for it. */
const DATAGRAM = { sockets: { traffic: 'datagram', messageBytes: 1472, sendBufferBytes: 212_992 } } as const;
/** What an adapter without indirect descriptors has. */
const SHORT_RING = 256;

/**
 * Senders that have work of their own: without it they hand over data faster than one CPU can bounce for all, and it is
 * the queue that limits them. Senders on a real Linux have more to do for each message than these.
 */
const COMPUTING = { sockets: { readsPerMessage: 8 } } as const;

export const CPU_LIMITED: Regime = {
  name: 'greedy streams, CPU-limited',
  linuxRegime: 'cpu-limited',
  senders: 8,
  machine: () => COMPUTING,
};

export const REGIMES: readonly Regime[] = [
  {
    name: 'greedy streams, slow network',
    linuxRegime: 'slow-network',
    senders: 8,
    rateShare: SLOW,
    machine: (rate) => ({ network: { linkBitsPerSecond: rate } }),
  },
  {
    name: 'greedy streams, slow device',
    linuxRegime: 'slow-network',
    senders: 8,
    rateShare: SLOW,
    machine: (rate) => ({ devices: { completion: 'line-rate', lineBitsPerSecond: rate } }),
  },
  { ...CPU_LIMITED, name: 'greedy stream, CPU-limited', senders: 1 },
  CPU_LIMITED,
  { ...CPU_LIMITED, name: 'greedy streams, nothing else to do', machine: () => ({}) },
  {
    name: 'greedy streams, short ring',
    linuxRegime: 'short-ring',
    senders: 8,
    machine: () => ({ devices: { ringDescriptors: SHORT_RING } }),
  },
  {
    name: 'app-limited streams',
    linuxRegime: 'app-limited',
    senders: 8,
    rateShare: APPLICATION,
    machine: (rate, senders) => ({
      sockets: { traffic: 'app-limited', messageBytes: 8192, sendBitsPerSecond: rate / senders },
    }),
  },
  {
    name: 'paced streams',
    linuxRegime: 'paced',
    senders: 4,
    rateShare: SLOW,
    machine: (rate, senders) => ({ sockets: { traffic: 'paced', sendBitsPerSecond: rate / senders } }),
  },
  { name: 'datagrams, greedy', linuxRegime: 'datagrams', senders: 1, machine: () => DATAGRAM },
  {
    name: 'datagrams at a rate',
    linuxRegime: 'datagrams',
    senders: 1,
    rateShare: APPLICATION,
    machine: (rate) => mergeOptions(DATAGRAM, { sockets: { sendBitsPerSecond: rate } }),
  },
];

/**
 * What all regimes share: messages as iperf3 writes them, a send buffer of twice the congestion window as Linux lets it
 * grow, a short round trip, and a ring that streams do not fill, like a virtio-net's with its indirect descriptors.
 */
const COMMON = {
  design: 'bounce',
  sockets: {
    messageBytes: 128 << 10,
    sendBufferBytes: 2 << 20,
    congestionWindowBytes: 1 << 20,
    userBufferBytes: 1 << 20,
  },
  network: { ackDelayNs: 50_000 },
  devices: { ringDescriptors: 4096 },
} as const satisfies MachineOptions;

/** `cpuLimitedRate`: what CPU-limited streams reach with as many CPUs, bits per second. */
export function regimeConfig(regime: Regime, cpus: number, copyKernel: number, cpuLimitedRate: number): MachineConfig {
  const { senders, rateShare = 1 } = regime;
  return machineConfig(
    { cpus: { count: cpus, copyKernel }, sockets: { senders } },
    COMMON,
    regime.machine(rateShare * cpuLimitedRate, senders),
  );
}

const LINUX_RUNS = new URL('../../../benchmarks/data/linux-softirq-shares.json', import.meta.url);

export function linuxRuns(): readonly LinuxRun[] {
  return (JSON.parse(readFileSync(LINUX_RUNS, 'utf8')) as { runs: LinuxRun[] }).runs;
}
