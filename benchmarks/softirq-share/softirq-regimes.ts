/**
 * The regimes of the `softirq-share` scenario: what limits senders, as machines of the model and as runs of Linux.
 *
 * Nothing here says where a copy is made. Regimes differ in what senders do, in the speed of the network, relative to
 * what this host reaches when only its CPUs limit it, and in how much sockets may have on their way to a device that
 * interrupts now and then. Everything else is equal.
 */
import { readFileSync } from 'node:fs';
import { SEGMENT_PAYLOAD } from '../../lib/machine/build/choices.js';
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
  /** The regime whose rate with as many CPUs counts in place of that of CPU-limited streams. */
  readonly pace?: Regime;
  /** Options of the machine, given that rate in bits per second. */
  machine(rate: number, senders: number, cpus: number): MachineOptions;
}

const SLOW = 1 / 10;
const APPLICATION = 1 / 50;
/** A datagram's payload in one Ethernet frame, and Linux's default send buffer for it. */
const DATAGRAM = { sockets: { traffic: 'datagram', messageBytes: 1472, sendBufferBytes: 212_992 } } as const;
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

/** Regime of the runs of Linux through an e1000 and the user network of QEMU. */
const SMALL_QUEUES = 'small-queues';
/** Descriptors of the ring of an e1000. */
const RING = 256;
/** Shortest time between its interrupts: 4000 a second for bulk traffic, says the driver's InterruptThrottleRate. */
const INTERRUPT_INTERVAL_NS = 1e9 / 4000;
/** Window of the receiver in QEMU's user network, which cannot scale it, and the skb that fills half of it. */
const WINDOW = 64 * KIB;
const LARGEST_SKB = WINDOW / 2;

/**
 * Small queues: an skb has what leaves a stream in a millisecond, at least two segments and at most half of the window,
 * and a socket has two skbs on their way. A millisecond is one of the guests that were captured, whose CPUs are
 * emulated: so are the sizes. The time between interrupts is as much of them as can be sent in it there.
 */
function smallQueues(isThrottled: boolean): Regime['machine'] {
  return (rate, senders, cpus) => {
    const guest = guestRate(senders, cpus);
    const segments = Math.round(guest / senders / 8 / 1000 / SEGMENT_PAYLOAD);
    const skbBytes = Math.min(LARGEST_SKB, Math.max(2, segments) * SEGMENT_PAYLOAD);
    return {
      sockets: { skbBytes, smallQueueBytes: 2 * skbBytes, congestionWindowBytes: WINDOW, sendBufferBytes: MIB },
      network: { ackDelayNs: 0 },
      devices: {
        ringDescriptors: RING,
        interruptFrames: 1,
        interruptIntervalNs: isThrottled ? (INTERRUPT_INTERVAL_NS * guest) / rate : 0,
      },
    };
  };
}

/** What streams of Linux reached in this regime, bits per second: the mean of all such runs. */
function guestRate(senders: number, cpus: number): number {
  const runs = linuxRuns().filter((run) => run.regime === SMALL_QUEUES && run.streams === senders && run.cpus === cpus);
  return runs.reduce((sum, { throughput }) => sum + bitsPerSecond(throughput), 0) / runs.length;
}

/** Returns the number that `iperf3` printed, as in `252 Mbits/sec`. */
function bitsPerSecond(throughput: string): number {
  const [number, unit] = throughput.split(' ');
  return Number(number) * (unit === 'Gbits/sec' ? 1e9 : 1e6);
}

function smallQueueRegimes(senders: number): readonly Regime[] {
  const name = `greedy stream${senders === 1 ? '' : 's'}, small queues`;
  const prompt: Regime = { name, linuxRegime: SMALL_QUEUES, senders, machine: smallQueues(false) };
  const throttled = { ...prompt, name: `${name}, few interrupts`, pace: prompt, machine: smallQueues(true) };
  return [prompt, throttled];
}

/** Returns the regime whose rate a machine of this regime is made with, or null if it needs none. */
export function paceOf({ pace, rateShare }: Regime): Regime | null {
  return pace ?? (rateShare === undefined ? null : CPU_LIMITED);
}

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
  ...smallQueueRegimes(1),
  ...smallQueueRegimes(8),
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

/** `rate`: what the streams of `paceOf` reach with the same number of CPUs, bits per second. */
export function regimeConfig(regime: Regime, cpus: number, copyKernel: number, rate: number): MachineConfig {
  const { senders, rateShare = 1 } = regime;
  return machineConfig(
    { cpus: { count: cpus, copyKernel }, sockets: { senders } },
    COMMON,
    regime.machine(rateShare * rate, senders, cpus),
  );
}

const linuxRunsFile = () => new URL('../../../benchmarks/data/linux-softirq-shares.json', import.meta.url);

export function linuxRuns(): readonly LinuxRun[] {
  return (JSON.parse(readFileSync(linuxRunsFile(), 'utf8')) as { runs: LinuxRun[] }).runs;
}
