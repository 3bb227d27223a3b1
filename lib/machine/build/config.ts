/**
 * Everything that decides how a machine is laid out and what it does: plain data that crosses threads.
 */
import { DEVICE_MODES, type DeviceMode } from '../../dma/device-engine.js';
import { FLAVOURS, type Flavour } from '../../flavour.js';
import { MAX_DATAGRAM } from '../../net/datagram-path.js';
import { DESIGN_NAMES, type DesignName, FREE_DISPATCHES, type FreeDispatchName } from '../../net/designs.js';
import { MAX_SKB_BYTES } from '../../net/skb.js';
import { GROWTH_ALIGN } from '../../page/growth-blocks.js';
import { MAX_PERCENT } from '../../page/share-limit.js';
import { SLOT_SIZE } from '../../units.js';
import { oneOf, outOfRange, powerOfTwo, within } from '../../limits.js';

/**
 * How bounce memory grows when the slot pool is full. `none`: it does not. `pools`: as Linux does since 6.6, by transient
 * pools and by pools that a worker adds in the background. `per-mapping`: as was posted before that, by a buffer for each
 * mapping.
 */
export const GROWTH_MODES = ['none', 'pools', 'per-mapping'] as const;
export type GrowthMode = (typeof GROWTH_MODES)[number];

/**
 * `stream`: writes as fast as its socket takes it. `paced`: so does this, but its socket transmits at `sendRate`.
 * `app-limited`: a stream that has something to write at `sendRate` only, a message at a time. `datagram`: messages that
 * nobody acknowledges, at `sendRate` or, when that is infinite, as fast as the send buffer takes them.
 */
export const TRAFFICS = ['stream', 'paced', 'app-limited', 'datagram'] as const;
export type Traffic = (typeof TRAFFICS)[number];

export interface MachineConfig {
  readonly design: DesignName;
  /** How a page is freed at its last put; null: as the design has it. */
  readonly freeDispatch: FreeDispatchName | null;
  readonly flavour: Flavour;
  /** Logical CPUs that run senders and softirqs, 1..64. */
  readonly cpus: number;
  /** Sending tasks, each with a socket and a user buffer of its own; task i runs on CPU i mod `cpus`. */
  readonly senders: number;
  /** Transmit queues, 1..31. Socket i uses queue i mod `queues`. */
  readonly queues: number;
  /**
   * CPUs that take the interrupts of queues (smp_affinity), in order of the queues, starting again at the end. Null: the
   * CPUs after those of the senders, which for queue i is CPU (`senders` + i) mod `cpus`.
   */
  readonly irqCpus: readonly number[] | null;
  /** Bytes of a send call. */
  readonly message: number;
  readonly traffic: Traffic;
  /** Bits per second of each sender, for traffic that has a rate. */
  readonly sendRate: number;
  /** Send buffer of each socket: bytes charged for data that is not acknowledged. */
  readonly window: number;
  /** Bytes of the slot pool: a power of two, at least 1 MiB. */
  readonly pool: number;
  readonly growth: GrowthMode;
  /** Bytes that bounce memory may grow by, 1 MiB..2 GiB: as many as `pool`, and no less than two of the largest blocks. */
  readonly growthBytes: number;
  /** Slot pool occupancy from which on no pages are taken from it, 0..90 percent. */
  readonly percent: number;
  /** A socket takes a single page of the pool, and no ordinary page, when the pool has no block of 32 KiB. */
  readonly singleBouncePages: boolean;
  /**
   * Used slots are counted exactly, for the most that were ever used, as a kernel with debugfs counts them. What pages may
   * take goes by the count that it goes by without.
   */
  readonly exactCounters: boolean;
  /** The patch's second size in mappings, in either flavour: see `SwiotlbConfig.allocSizeOverride`. */
  readonly allocSizeOverride: boolean;
  /** Network devices, 1..`queues`; queue i belongs to device 1 + i mod `devices`. */
  readonly devices: number;
  /** So many of them, the last ones, reach all memory in every design; 0..`devices`. */
  readonly directDevices: number;
  /** Devices snoop the caches; where they do not, everything that they read is cleaned from the caches before. */
  readonly coherent: boolean;
  /** Devices that are stacked on the ones that transmit (VLAN, bond, tunnel), 0..8; see `NetDevice`. */
  readonly stacked: number;
  /** `transmit`: sockets learn from their transmissions which device bounces; `told`: they know before the first one. */
  readonly learn: 'transmit' | 'told';
  /** How long a socket remembers a device that none of its mappings confirms, milliseconds. */
  readonly ttlMs: number;
  /** So many senders, the first ones, have the zero-copy flag set on their sockets, which keeps them off bounce pages. */
  readonly excludedSenders: number;
  /** So many senders, the first ones, write what the host must not see (kernel TLS, before it encrypts in place). */
  readonly privateSenders: number;
  /** Bytes charged for what a stream has transmitted and nobody has acknowledged; `Infinity`: as the send buffer allows. */
  readonly congestionWindow: number;
  /** Bits per second of the network behind the device, which all streams share. */
  readonly linkRate: number;
  /** Share of a stream's skbs that the network loses, 0..0.5: the same ones in every machine of this configuration. */
  readonly lossRate: number;
  /** Share of the acknowledgements that it loses, 0..0.5, likewise: the sender transmits again what its peer has. */
  readonly ackLossRate: number;
  /** How long an acknowledgement takes after the data have left, nanoseconds. */
  readonly ackDelayNs: number;
  /** Bytes a socket may have between qdisc and completion (tcp_limit_output_bytes). */
  readonly smallQueue: number;
  /** The work under TX locks is sampled, see `TxRound.txLockNs`, which costs a nanosecond or two for each packet. */
  readonly timesTxLock: boolean;
  /** Payload bytes of an skb at most (GSO_MAX_SIZE). */
  readonly gso: number;
  /** Descriptors of a ring: a power of two. */
  readonly ring: number;
  /** Bytes of packets in a ring are limited to what keeps the device busy (byte queue limits). */
  readonly byteLimit: boolean;
  /**
   * `fifo`: one CPU at a time transmits, for all; others only enqueue. `none`: every sender takes the TX lock and
   * transmits its own, as on devices without a queueing discipline.
   */
  readonly qdisc: 'fifo' | 'none';
  readonly device: DeviceMode;
  /** Packets that a device is done with before it interrupts (ethtool's tx-frames). */
  readonly interruptFrames: number;
  /** Bits per second, for a device of mode `line-rate`. */
  readonly lineRate: number;
  /** Index of the copy kernel of user and bounce copies. */
  readonly kernel: number;
  /** Bytes of each sender's buffer, which messages walk through. */
  readonly userBytes: number;
  /** Times a sender reads a message before it writes it: work of its own, as where an application computes what it sends. */
  readonly readsPerMessage: number;
  /** Offset of the first message in its buffer, bytes: alignment of the source. */
  readonly userOffset: number;
  /** The device checks every byte, and the slot allocator every address that it is given (`SwiotlbConfig.checked`). */
  readonly check: boolean;
  /** Messages that each sender sends before it stops; `Infinity`: until it is told to. */
  readonly messagesPerSender: number;
}

export const MAX_CPUS = 64;
export const MAX_QUEUES = 31;
const DEFAULT_POOL = 64 << 20;
/** Devices on top of each other (what the kernel's transmit recursion allows). */
const MAX_STACKED = 8;
const MIN_POOL = 512 * SLOT_SIZE;
const MIN_RING = 64;
/** Payload bytes of a segment on Ethernet. */
export const SEGMENT_PAYLOAD = 1448;

/** A machine of this size with Linux's defaults. ERR_OUT_OF_RANGE, ERR_NOT_POWER_OF_TWO. */
export function machineConfig(given: Partial<MachineConfig> & { kernel: number }): MachineConfig {
  const config: MachineConfig = {
    design: 'bounce',
    freeDispatch: null,
    flavour: 'hardened',
    cpus: 1,
    senders: 1,
    queues: 1,
    irqCpus: null,
    message: 65536,
    traffic: 'stream',
    sendRate: Infinity,
    window: 4 << 20,
    pool: DEFAULT_POOL,
    growth: 'none',
    growthBytes: Math.max(given.pool ?? DEFAULT_POOL, 2 * GROWTH_ALIGN),
    percent: 90,
    singleBouncePages: false,
    exactCounters: false,
    allocSizeOverride: false,
    devices: 1,
    directDevices: 0,
    coherent: true,
    stacked: 0,
    learn: 'transmit',
    ttlMs: 1000,
    excludedSenders: 0,
    privateSenders: 0,
    congestionWindow: Infinity,
    linkRate: Infinity,
    lossRate: 0,
    ackLossRate: 0,
    ackDelayNs: 0,
    smallQueue: 1 << 20,
    timesTxLock: false,
    gso: MAX_SKB_BYTES,
    ring: 256,
    byteLimit: true,
    qdisc: 'fifo',
    device: 'retire',
    interruptFrames: 8,
    lineRate: 100e9,
    userBytes: 2 << 20,
    readsPerMessage: 0,
    userOffset: 0,
    check: false,
    messagesPerSender: Infinity,
    ...given,
  };
  validate(config);
  return config;
}

function validate(config: MachineConfig): void {
  oneOf('design', config.design, DESIGN_NAMES);
  if (config.freeDispatch !== null) oneOf('freeDispatch', config.freeDispatch, FREE_DISPATCHES);
  oneOf('flavour', config.flavour, FLAVOURS);
  oneOf('learn', config.learn, ['transmit', 'told']);
  oneOf('device', config.device, DEVICE_MODES);
  oneOf('traffic', config.traffic, TRAFFICS);
  oneOf('qdisc', config.qdisc, ['fifo', 'none']);
  oneOf('growth', config.growth, GROWTH_MODES);
  within('cpus', config.cpus, 1, MAX_CPUS);
  within('senders', config.senders, 1, 1024);
  within('queues', config.queues, 1, MAX_QUEUES);
  if (config.irqCpus?.length === 0) throw outOfRange('irqCpus names no CPU');
  for (const cpu of config.irqCpus ?? []) within('irqCpus', cpu, 0, config.cpus - 1);
  within('message', config.message, 1, config.traffic === 'datagram' ? MAX_DATAGRAM : 1 << 26);
  within('window', config.window, 4096, 2 ** 30);
  within('pool', config.pool, MIN_POOL, 2 ** 31);
  within('growthBytes', config.growthBytes, MIN_POOL, 2 ** 31);
  within('devices', config.devices, 1, config.queues);
  within('directDevices', config.directDevices, 0, config.devices);
  within('stacked', config.stacked, 0, MAX_STACKED);
  within('ttlMs', config.ttlMs, 0, 2 ** 30);
  within('excludedSenders', config.excludedSenders, 0, config.senders);
  within('privateSenders', config.privateSenders, 0, config.senders);
  requirePercent(config.percent);
  within('ring', config.ring, MIN_RING, 1 << 16);
  within('interruptFrames', config.interruptFrames, 1, 1024);
  within('smallQueue', config.smallQueue, 1, 2 ** 30);
  within('gso', config.gso, SEGMENT_PAYLOAD, MAX_SKB_BYTES);
  if (config.congestionWindow !== Infinity) within('congestionWindow', config.congestionWindow, 1, 2 ** 30);
  within('userBytes', config.userBytes, config.message + config.userOffset, 2 ** 31);
  within('readsPerMessage', config.readsPerMessage, 0, 1024);
  within('userOffset', config.userOffset, 0, config.userBytes);
  if (config.messagesPerSender !== Infinity) {
    within('messagesPerSender', config.messagesPerSender, 0, Number.MAX_SAFE_INTEGER);
  }
  for (const name of ['lineRate', 'linkRate', 'sendRate'] as const) {
    if (!(config[name] > 0)) throw outOfRange(`${name} must be more than 0 bit/s`);
  }
  if (config.sendRate === Infinity && (config.traffic === 'paced' || config.traffic === 'app-limited')) {
    throw outOfRange(`sendRate must be finite where traffic is '${config.traffic}'`);
  }
  for (const name of ['lossRate', 'ackLossRate'] as const) {
    if (!(config[name] >= 0 && config[name] <= 0.5)) throw outOfRange(`${name} must be from 0 to 0.5`);
  }
  if (!(config.ackDelayNs >= 0)) throw outOfRange('ackDelayNs must not be negative');
  powerOfTwo('pool', config.pool);
  powerOfTwo('ring', config.ring);
}

/** ERR_OUT_OF_RANGE unless it is an integer from 0 to 90. */
export function requirePercent(percent: number): void {
  within('percent', percent, 0, MAX_PERCENT);
}
