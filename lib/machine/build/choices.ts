/**
 * The configuration of a machine as types, values that some of its knobs choose from, and limits that several share.
 * `config.ts` compiles only while the types say what the rows of `knobs.ts` say.
 */
import type { FreeDispatchName } from '../../designs/design.js';
import type { DesignName } from '../../designs/design-table.js';
import type { CompletionMode } from '../../dma/completion-modes.js';
import type { Flavour } from '../../flavour.js';
import { frozen } from '../../frozen.js';
import type { CopyKernelChoice } from '../../memory/copy-kernels.js';

/**
 * How bounce memory grows when the slot pool is full. `none`: it does not. `pools`: as Linux does since 6.6, by
 * transient pools and by pools that a worker adds in the background. `per-mapping`: as an
 * earlier patch did, by a buffer for each mapping.
 */
export const GROWTH_MODES = frozen(['none', 'pools', 'per-mapping'] as const);
/** How bounce memory grows: one of `GROWTH_MODES`. */
export type GrowthMode = (typeof GROWTH_MODES)[number];

/** What limits senders, by name: see `Traffic`. */
export const TRAFFICS = ['stream', 'paced', 'app-limited', 'datagram'] as const satisfies readonly Traffic[];
/**
 * `stream`: a sender writes as fast as its socket takes data. `paced`: the same, but the socket transmits at
 * `sendBitsPerSecond`. `app-limited`: a stream whose sender has messages to write at `sendBitsPerSecond` only.
 * `datagram`: messages that are not acknowledged, at `sendBitsPerSecond` or, when that is infinite,
 * as fast as the send buffer takes them.
 */
export type Traffic = 'stream' | 'paced' | 'app-limited' | 'datagram';

/** `transmit`: sockets learn from their transmissions which device bounces. `told`: they know before the first one. */
export const LEARNING_MODES = ['transmit', 'told'] as const satisfies readonly Learning[];
/** How sockets learn which device bounces: from their transmissions, or they are told. */
export type Learning = 'transmit' | 'told';

/** Ways to queue packets for a device, by name: see `QdiscName`. */
export const QDISCS = ['fifo', 'none'] as const satisfies readonly QdiscName[];
/**
 * `fifo`: one CPU at a time transmits, for all; others only enqueue. `none`: every sender takes the TX lock and
 * transmits its own packets, as on devices without a queueing discipline.
 */
export type QdiscName = 'fifo' | 'none';

/** What Linux lends to the network: pages with a reference count, or objects without one. */
export const LENDERS = ['page-cache', 'slab'] as const satisfies readonly Lender[];
/** What Linux lends: pages of the page cache, or objects of a slab. */
export type Lender = 'page-cache' | 'slab';

/** The largest number of logical CPUs, of transmit queues, and of senders. */
export const MAX_CPUS = 64;
export const MAX_QUEUES = 31;
export const MAX_SENDERS = 1024;
/** Payload bytes of a segment on Ethernet. */
export const SEGMENT_PAYLOAD = 1448;

/** The values of all knobs of a machine, in groups. Sizes are bytes. `machineConfig` makes one, and checks it. */
export interface MachineConfig {
  /** Transmit design; 'bounce' by default. */
  readonly design: DesignName;
  /** How a page is freed when its last reference is dropped; null, the default: as the design has it. */
  readonly freeDispatch: FreeDispatchName | null;
  /** `faithful`: the patch as posted, with its known defects; `hardened`, the default: with those fixed. */
  readonly flavour: Flavour;
  /** Logical CPUs. */
  readonly cpus: {
    /** How many run senders and softirqs, 1..64; 1 by default. */
    readonly count: number;
    /**
     * CPUs that take the interrupts of queues, queue by queue, 0..`count` - 1 each. Null, the default: those after the
     * senders, which for queue i is CPU (`sockets.senders` + i) mod `count`.
     */
    readonly irqCpus: readonly number[] | null;
    /** Index of the copy kernel of user and bounce copies; that of 'kernel-like' by default. */
    readonly copyKernel: number;
  };
  /** Sockets, and the tasks that send through them. */
  readonly sockets: {
    /** Sending tasks, 1..1024, each with a socket and a buffer of its own; task i runs on CPU i mod `cpus.count`. */
    readonly senders: number;
    /** What limits a sender: see `Traffic`. 'stream' by default. */
    readonly traffic: Traffic;
    /** Size of a send call, 1..2^26; 65536 by default. A datagram holds 65507 at most. */
    readonly messageBytes: number;
    /** Rate of each sender, bit/s, for traffic that has a rate: above 0; Infinity by default. */
    readonly sendBitsPerSecond: number;
    /** Send buffer of each socket: bytes charged for data that are not acknowledged, 4096..2^30; 4 MiB by default. */
    readonly sendBufferBytes: number;
    /** Bytes charged for what a stream has transmitted unacknowledged, 1..2^30 or, by default, Infinity. */
    readonly congestionWindowBytes: number;
    /** Bytes of a socket between qdisc and completion (tcp_limit_output_bytes), 1..2^30; 1 MiB by default. */
    readonly smallQueueBytes: number;
    /** Payload that an skb holds at most (GSO_MAX_SIZE): from a segment, 1448, to the default, 65536. */
    readonly skbBytes: number;
    /** Size of the buffer of each sender, which holds a message behind `userOffsetBytes`: 1..2^31; 2 MiB by default. */
    readonly userBufferBytes: number;
    /** Offset of the first message in its buffer, for the alignment of the source: 0..2^31; 0 by default. */
    readonly userOffsetBytes: number;
    /** Times that a sender reads a message before it sends it, as if it computed it: 0..1024; 0 by default. */
    readonly readsPerMessage: number;
    /** Messages after which a sender stops, 0 or more; Infinity, the default: it sends until the machine drains. */
    readonly messagesPerSender: number;
    /** `transmit`, the default: sockets learn by transmitting which device bounces; `told`: they know at the start. */
    readonly learn: Learning;
    /** How long a socket remembers a device that no mapping confirms, milliseconds, 0..2^30; 1000 by default. */
    readonly ttlMs: number;
    /** The first N senders have the zero-copy flag, which keeps them off bounce pages: 0..`senders`; 0 by default. */
    readonly zeroCopySenders: number;
    /** The first N senders write what the host must not see (kernel TLS): 0..`senders`; 0 by default. */
    readonly privateSenders: number;
  };
  /** What is behind the devices. */
  readonly network: {
    /** Rate that all streams share, bit/s: above 0; Infinity by default. */
    readonly linkBitsPerSecond: number;
    /** Share of the skbs of a stream that are lost, the same ones in each machine alike: 0..0.5; 0 by default. */
    readonly lossShare: number;
    /** Share of the acknowledgements that are lost, likewise: 0..0.5; 0 by default. */
    readonly ackLossShare: number;
    /** How long an acknowledgement takes after the data have left, nanoseconds, 0 or more; 0 by default. */
    readonly ackDelayNs: number;
  };
  /** The memory of users where it is sent without a copy. */
  readonly userMemory: {
    /** Size of its folios, in one of which a fragment lies: a power of two, 4096..2^18; 4096 by default. */
    readonly pageBytes: number;
  };
  /** Pinned memory of users. */
  readonly pins: {
    /** Bytes that a socket may have pinned (RLIMIT_MEMLOCK), 0..2^31; 8 MiB by default. A send beyond it is copied. */
    readonly limitBytes: number;
  };
  /** Memory that Linux lends to the network. */
  readonly lending: {
    /** What is sent by splice: pages of the page cache, the default, or objects of a slab. */
    readonly lender: Lender;
  };
  /** Memory that is registered with the devices. */
  readonly registration: {
    /**
     * Id of a region beside the memory of the machine that users send from: its first bytes are the buffers of all
     * senders, and it stays open until the machine has drained. 0, the default: they send from the machine's memory.
     */
    readonly regionId: number;
  };
  /** Bounce memory. */
  readonly slotPool: {
    /** Size of the slot pool: a power of two, 2^20..2^31; 64 MiB by default. */
    readonly bytes: number;
    /**
     * Areas of the slot pool: 0 or a power of two up to 64, none smaller than a segment. 0, the default: as many as
     * CPUs, or the next power of two. CPU i searches area i mod the number of them first, then the others.
     */
    readonly areas: number;
    /** How bounce memory grows; 'none' by default. */
    readonly growth: GrowthMode;
    /** Bytes that it may grow by, 2^20..2^31; by default the size of the slot pool, or two of the largest blocks. */
    readonly growthBytes: number;
    /** Sockets take no pages from a slot pool that is this full, percent, 0..90; 90 by default. */
    readonly pagePercent: number;
    /** True: a socket takes a single page of the slot pool, not an ordinary one, where there is no block of 32 KiB. */
    readonly singleBouncePages: boolean;
    /** True: used slots are counted exactly, for the peak, as Linux does with debugfs. Decides nothing. */
    readonly exactCounters: boolean;
    /** True: mappings keep the second size that the patch keeps, in either flavour. See `SwiotlbConfig`. */
    readonly allocSizeOverride: boolean;
  };
  /** Owner objects. */
  readonly owners: {
    /** Buffers of one, and blocks of the slot pool that it takes at a time, 1..16; 4 by default. */
    readonly buffers: number;
    /** True, the default: it frees whole buffers when all that lies in them is acknowledged (hardened only). */
    readonly freesEarly: boolean;
  };
  /** Page pools over bounce memory. */
  readonly pagePool: {
    /** Slots of the return ring of each, 0..16384; 0, the default: as the flavour has it, at most 1024. */
    readonly ringSlots: number;
    /** Blocks in the allocation cache of each, 0..4096; 0, the default: as the flavour has it, at most 128. */
    readonly cachePages: number;
  };
  /** Network devices and their queues. */
  readonly devices: {
    /** How many there are, 1..`queues`; 1 by default. Queue i belongs to device 1 + i mod `count`. */
    readonly count: number;
    /** The last N devices reach all memory in every design: 0..`count`; 0 by default. */
    readonly direct: number;
    /** False: devices do not snoop the caches, so that everything they read is cleaned from them first. */
    readonly coherent: boolean;
    /** Devices that are stacked on the ones that transmit (VLAN, bond, tunnel), 0..8; 0 by default. */
    readonly stacked: number;
    /** Transmit queues of all devices, 1..31; 1 by default. Socket i uses queue i mod `queues`. */
    readonly queues: number;
    /** `fifo`, the default: one CPU at a time transmits for all; `none`: each sender transmits its own packets. */
    readonly qdisc: QdiscName;
    /** Descriptors of a ring: a power of two, 64..65536; 256 by default. */
    readonly ringDescriptors: number;
    /** True, the default: the bytes in a ring are limited to what keeps the device busy. */
    readonly byteQueueLimits: boolean;
    /**
     * When a packet counts as sent. `retire`, the default: at the doorbell, unread; `line-rate`: after its time on the
     * line; `read`: after a device thread has read every byte.
     */
    readonly completion: CompletionMode;
    /** Packets that a device completes before it interrupts (tx-frames of ethtool), 1..1024; 8 by default. */
    readonly interruptFrames: number;
    /**
     * Time from an interrupt of a queue to its next one, at least, nanoseconds: 0..1e9; 0 by default. Completions and
     * acknowledgements that come meanwhile wait for it.
     */
    readonly interruptIntervalNs: number;
    /** Rate of a device whose completion is line-rate, bit/s: above 0; 1e11 by default. */
    readonly lineBitsPerSecond: number;
  };
  /** What is checked or timed while the machine runs. */
  readonly checking: {
    /** True: the device checks every byte that it reads, and the slot allocator every address that it is given. */
    readonly everyByte: boolean;
    /** True: the work under TX locks is sampled (`TxTrial.txLockNs`), at a nanosecond or two for each packet. */
    readonly timesTxLock: boolean;
  };
}

/** The group `cpus` of options: a copy kernel is named, or given by its index. */
export interface CpuOptions extends Omit<MachineConfig['cpus'], 'copyKernel'> {
  /** Name or index of the copy kernel of user and bounce copies; 'kernel-like' by default. */
  readonly copyKernel: number | CopyKernelChoice;
}

/** Some of the values of a configuration, in the same groups. A copy kernel is named, or given by its index. */
export type MachineOptions = {
  readonly [Key in keyof MachineConfig]?: MachineConfig[Key] extends object
    ? Partial<Key extends 'cpus' ? CpuOptions : MachineConfig[Key]>
    : MachineConfig[Key];
};
