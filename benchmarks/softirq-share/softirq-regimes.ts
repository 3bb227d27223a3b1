/**
 * The regimes of the `softirq-share` scenario: what limits senders, as machines of the model and as runs of Linux.
 *
 * Nothing here says where a copy is made. Regimes differ in what senders do, in the speed of the network, relative to
 * what this host reaches when only its CPUs limit it, and in the ring. Everything else is equal.
 */
import { readFileSync } from 'node:fs';
import {
  type MachineConfig,
  type MachineOptions,
  machineConfig,
  mergeOptions,
} from '../../lib/machine/build/config.js';
import { KIB, MIB } from '../../lib/units.js';

/** One run of Linux, as it stands in the file of data. */
export interface LinuxRun {
  readonly regime: string;
  readonly device: string;
  readonly kernel: string;
  readonly cpus: number;
  readonly streams: number;
  readonly command: string;
  readonly throughput: string;
  readonly maps: number;
  /** Share of the mappings that softirqs made, 0..1; `byteShare`: of the bytes that they copied. */
  readonly mapShare: number;
  readonly bytes: number;
  readonly byteShare: number;
}

export interface Regime {
  readonly name: string;
  /** Regime of the runs of Linux that it is compared with. */
  readonly linuxRegime: string;
  /** Number of streams, or of datagram sockets. */
  readonly senders: number;
  /** Rate of the network, or of what all senders have to send, relative to that of CPU-limited streams here. */
  readonly rateShare?: number;
  /** Options of the machine, given that rate in bits per second. */
  machine(rate: number, senders: number): MachineOptions;
}

const SLOW = 1 / 10;
const APPLICATION = 1 / 50;
/** A datagram's payload in one Ethernet frame, and Linux's default send buffer for it. */
const DATAGRAM = { sockets: { traffic: 'datagram', messageBytes: 1472, sendBufferBytes: 212_992 } } as const;
/** Descriptors of an adapter without indirect descriptors. */
const SHORT_RING = 256;

/**
 * Work of senders for each message. Without it they hand over data faster than one CPU can bounce for all, and the
 * queue limits them. In Linux senders have more to do for each message than here.
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
 * Options of all regimes: messages as iperf3 writes them, a send buffer of twice the congestion window, as Linux lets
 * it grow, a short round trip, and a ring that streams do not fill, like that of virtio-net with indirect descriptors.
 */
const COMMON = {
  design: 'bounce',
  sockets: {
    messageBytes: 128 * KIB,
    sendBufferBytes: 2 * MIB,
    congestionWindowBytes: MIB,
    userBufferBytes: MIB,
  },
  network: { ackDelayNs: 50_000 },
  devices: { ringDescriptors: 4096 },
} as const satisfies MachineOptions;

/** `cpuLimitedRate`: rate that CPU-limited streams reach with the same number of CPUs, bits per second. */
export function regimeConfig(regime: Regime, cpus: number, copyKernel: number, cpuLimitedRate: number): MachineConfig {
  const { senders, rateShare = 1 } = regime;
  return machineConfig(
    { cpus: { count: cpus, copyKernel }, sockets: { senders } },
    COMMON,
    regime.machine(rateShare * cpuLimitedRate, senders),
  );
}

const linuxRunsFile = () => new URL('../../../benchmarks/data/linux-softirq-shares.json', import.meta.url);

export function linuxRuns(): readonly LinuxRun[] {
  return (JSON.parse(readFileSync(linuxRunsFile(), 'utf8')) as { runs: LinuxRun[] }).runs;
}
