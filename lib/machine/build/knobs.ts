/**
 * Every knob of a machine, one row each: to add one, add its row here and use it. The type of a configuration, its
 * defaults and its checks come from these rows (`config.ts`), and so do options of the command line and words in
 * reports.
 */
import { FREE_DISPATCHES } from '../../designs/design.js';
import { ALL_DESIGN_NAMES, type DesignName } from '../../designs/design-table.js';
import { COMPLETION_MODES } from '../../dma/completion-modes.js';
import { FLAVOURS } from '../../flavour.js';
import { COPY_KERNEL_NAMES, type CopyKernelChoice, copyKernelIndex } from '../../memory/copy-kernels.js';
import { GROWTH_ALIGN, MAX_PERCENT, MAX_SKB_BYTES } from '../../model-limits.js';
import { SLOT_SIZE } from '../../units.js';
import {
  GROWTH_MODES,
  LEARNING_MODES,
  MAX_CPUS,
  MAX_QUEUES,
  MAX_SENDERS,
  QDISCS,
  SEGMENT_PAYLOAD,
  TRAFFICS,
} from './choices.js';
import { LENDING, OWNERS, PAGE_POOL, PINS, REGISTRATION, USER_MEMORY } from './design-knobs.js';
import { amount, choice, count, type Described, flag, type Knob, list, type NumberKnob, rate, size } from './knob.js';

const MIN_POOL_BYTES = 512 * SLOT_SIZE;

const loss = (words: Described): NumberKnob => amount('share', [0, 0.5], 0, { isReal: true, ...words });

interface Group {
  readonly [key: string]: Knob;
}

export const KNOBS = {
  design: {
    /** Those of this package, and those that were added until now. */
    get choices(): readonly DesignName[] {
      return ALL_DESIGN_NAMES;
    },
    default: 'bounce',
    label: 'design',
    help: 'transmit design',
  },
  freeDispatch: choice(FREE_DISPATCHES, null, {
    label: 'freeing',
    help: 'how a page is freed when its last reference is dropped; null: as the design has it',
  }),
  flavour: choice(FLAVOURS, 'hardened', {
    label: 'flavour',
    help: 'faithful: the patch as posted, with its known defects; hardened: with the fixes of docs/findings.md',
  }),
  cpus: {
    count: count([1, MAX_CPUS], 1, { label: 'CPUs', help: 'logical CPUs that run senders and softirqs' }),
    /** Null: the CPUs after those of the senders, which for queue i is CPU (`senders` + i) mod `count`. */
    irqCpus: list([0, MAX_CPUS - 1], {
      label: 'interrupt CPUs',
      help: 'CPUs that take the interrupts of queues (smp_affinity), queue by queue; null: those after the senders',
    }),
    copyKernel: {
      range: [0, COPY_KERNEL_NAMES.length - 1],
      numberOf: (name) => copyKernelIndex(name as CopyKernelChoice),
      default: () => copyKernelIndex('kernel-like'),
      label: 'copy kernel',
      help: 'name or index of the copy kernel of user and bounce copies; default: kernel-like',
    },
  },
  sockets: {
    /** Each has a socket and a user buffer of its own; task i runs on CPU i mod `cpus.count`. */
    senders: count([1, MAX_SENDERS], 1, { label: 'senders', help: 'sending tasks, each with its own socket' }),
    traffic: choice(TRAFFICS, 'stream', {
      label: 'traffic',
      help: 'what limits a sender: its socket, the pacing of its socket, or the rate at which it has messages to send',
    }),
    /** A datagram holds no more than `MAX_DATAGRAM`. */
    messageBytes: size([1, 1 << 26], 65536, { label: 'message', help: 'size of a send call' }),
    sendBitsPerSecond: rate(Infinity, {
      label: 'send rate',
      help: 'rate of each sender, for traffic that has a rate',
    }),
    sendBufferBytes: size([4096, 2 ** 30], 4 << 20, {
      label: 'send buffer',
      help: 'send buffer of each socket: bytes charged for data that are not acknowledged',
    }),
    congestionWindowBytes: size([1, 2 ** 30], Infinity, {
      allowsInfinity: true,
      label: 'congestion window',
      help: 'bytes charged for what a stream has transmitted and its peer has not acknowledged',
    }),
    smallQueueBytes: size([1, 2 ** 30], 1 << 20, {
      label: 'small queue',
      help: 'bytes that a socket may have between qdisc and completion (tcp_limit_output_bytes)',
    }),
    skbBytes: size([SEGMENT_PAYLOAD, MAX_SKB_BYTES], MAX_SKB_BYTES, {
      label: 'skb',
      help: 'payload that an skb holds at most (GSO_MAX_SIZE)',
    }),
    /** Holds at least one message behind `userOffsetBytes`. */
    userBufferBytes: size([1, 2 ** 31], 2 << 20, {
      label: 'user buffer',
      help: 'size of the buffer of each sender, which its messages walk through',
    }),
    userOffsetBytes: size([0, 2 ** 31], 0, {
      label: 'user offset',
      help: 'offset of the first message in its buffer: alignment of the source',
    }),
    /** Work of the sender's own, as where an application computes what it sends. */
    readsPerMessage: count([0, 1024], 0, {
      label: 'reads per message',
      help: 'times that a sender reads a message before it sends it',
    }),
    messagesPerSender: count([0, Number.MAX_SAFE_INTEGER], Infinity, {
      allowsInfinity: true,
      label: 'messages per sender',
      help: 'messages after which a sender stops; Infinity: it sends until the machine drains',
    }),
    learn: choice(LEARNING_MODES, 'transmit', {
      label: 'learning',
      help: 'whether sockets learn from transmissions which device bounces, or are told before the first one',
    }),
    ttlMs: amount('ms', [0, 2 ** 30], 1000, {
      label: 'learned for',
      help: 'how long a socket remembers a device that none of its mappings confirms',
    }),
    zeroCopySenders: count([0, MAX_SENDERS], 0, {
      label: 'zero-copy senders',
      help: 'the first N senders have the zero-copy flag set on their sockets, which keeps them off bounce pages',
    }),
    privateSenders: count([0, MAX_SENDERS], 0, {
      label: 'private senders',
      help: 'the first N senders write what the host must not see (kernel TLS, before it encrypts in place)',
    }),
  },
  network: {
    linkBitsPerSecond: rate(Infinity, {
      label: 'link',
      help: 'rate of the network behind the device, which all streams share',
    }),
    /** The same ones in every machine of this configuration. */
    lossShare: loss({ label: 'losses', help: 'share of the skbs of a stream that the network loses' }),
    /** Likewise. The sender transmits again what its peer has. */
    ackLossShare: loss({ label: 'lost ACKs', help: 'share of the acknowledgements that the network loses' }),
    ackDelayNs: amount('ns', [0, Infinity], 0, {
      isReal: true,
      label: 'ACK delay',
      help: 'how long an acknowledgement takes after the data have left',
    }),
  },
  userMemory: USER_MEMORY,
  pins: PINS,
  lending: LENDING,
  registration: REGISTRATION,
  slotPool: {
    bytes: size([MIN_POOL_BYTES, 2 ** 31], 64 << 20, {
      isPowerOfTwo: true,
      label: 'slot pool',
      help: 'size of the slot pool, a power of two',
    }),
    areas: count([0, MAX_CPUS], 0, { label: 'areas', help: 'parts with a lock, a power of two; 0: one for each CPU' }),
    growth: choice(GROWTH_MODES, 'none', { label: 'growth', help: 'how bounce memory grows' }),
    growthBytes: size([MIN_POOL_BYTES, 2 ** 31], ({ bytes }) => Math.max(bytes as number, 2 * GROWTH_ALIGN), {
      label: 'growth limit',
      help: 'bytes that bounce memory may grow by; default: the size of the slot pool, or two of the largest blocks',
    }),
    pagePercent: amount('percent', [0, MAX_PERCENT], MAX_PERCENT, {
      label: 'page percent',
      help: 'stop taking socket pages from the slot pool when it is this full',
    }),
    singleBouncePages: flag(false, {
      label: 'single bounce pages',
      help: 'a socket takes a single page of the slot pool, not an ordinary page, when there is no block of 32 KiB',
    }),
    /** Decides nothing: what pages may take depends on the count that is kept without it. */
    exactCounters: flag(false, {
      label: 'exact counters',
      help: 'count used slots exactly, for the peak, as Linux does with debugfs',
    }),
    /** See `SwiotlbConfig.allocSizeOverride`. */
    allocSizeOverride: flag(false, {
      label: 'second size',
      help: 'keep the second size in mappings that the patch keeps, in either flavour',
    }),
  },
  owners: OWNERS,
  pagePool: PAGE_POOL,
  devices: {
    /** No more than `queues`; queue i belongs to device 1 + i mod `count`. */
    count: count([1, MAX_QUEUES], 1, { label: 'devices', help: 'network devices' }),
    direct: count([0, MAX_QUEUES], 0, {
      label: 'direct devices',
      help: 'the last N devices reach all memory in every design',
    }),
    coherent: flag(true, {
      label: 'coherent',
      help: 'devices snoop the caches; where they do not, everything they read is cleaned from the caches first',
    }),
    /** What the transmit recursion of Linux allows. See `NetDevice`. */
    stacked: count([0, 8], 0, {
      label: 'stacked devices',
      help: 'devices that are stacked on the ones that transmit (VLAN, bond, tunnel)',
    }),
    /** Socket i uses queue i mod `queues`. */
    queues: count([1, MAX_QUEUES], 1, { label: 'queues', help: 'transmit queues' }),
    qdisc: choice(QDISCS, 'fifo', {
      label: 'qdisc',
      help: 'whether one CPU at a time transmits for all (fifo) or each sender transmits its own packets (none)',
    }),
    ringDescriptors: count([64, 1 << 16], 256, {
      isPowerOfTwo: true,
      label: 'ring',
      help: 'descriptors of a ring, a power of two',
    }),
    byteQueueLimits: flag(true, {
      label: 'byte queue limits',
      help: 'limit the bytes in a ring to what keeps the device busy',
    }),
    completion: choice(COMPLETION_MODES, 'retire', {
      label: 'completion',
      help:
        'when a packet counts as sent: retire (at the doorbell, unread), line-rate (after its time on the line), ' +
        'read (after a device thread has read every byte)',
    }),
    interruptFrames: count([1, 1024], 8, {
      label: 'interrupt frames',
      help: 'packets that a device completes before it interrupts (tx-frames of ethtool)',
    }),
    interruptIntervalNs: amount('ns', [0, 1e9], 0, {
      isReal: true,
      label: 'interrupt interval',
      help: 'shortest time from an interrupt of a queue to its next (InterruptThrottleRate); ACKs wait for it, too',
    }),
    lineBitsPerSecond: rate(100e9, {
      label: 'line',
      help: 'rate of a device whose completion is line-rate',
    }),
  },
  checking: {
    /** For the slot allocator, see `SwiotlbConfig.checked`. */
    everyByte: flag(false, {
      label: 'checking',
      help: 'the device checks every byte it reads, and the slot allocator every address that it is given',
    }),
    /** See `TxTrial.txLockNs`. */
    timesTxLock: flag(false, {
      label: 'TX lock timed',
      help: 'sample the work under TX locks, which costs a nanosecond or two for each packet',
    }),
  },
} as const satisfies Readonly<Record<string, Knob | Group>>;
