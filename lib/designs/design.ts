/**
 * What a transmit design is: a row that says what it is made of, and what tests and invariants hold it to. Designs are
 * the same code with different parts: how bytes get into skbs, what keeps the memory of fragments alive, how a page is
 * freed at its last put, and which memory devices reach. No other code of the model knows which design runs.
 */
import type { DeviceTable } from '../device/device-table.js';
import type { DmaDevice } from '../dma/device.js';
import type { SharedMemory } from '../dma/shared-memory.js';
import type { Flavour } from '../flavour.js';
import { frozen } from '../frozen.js';
import type { Filler } from '../net/filler.js';
import type { LearnedDevices } from '../net/learned-device.js';
import type { Lifetime } from '../net/lifetime.js';
import type { CopyPolicy, SkbTable } from '../net/skb.js';
import type { SocketTable } from '../net/socket.js';
import type { BouncePageParts } from '../page/bounce-pages.js';
import type { FreeCounters } from '../page/free-counters.js';
import type { FreeDispatch } from '../page/free-dispatch.js';
import type { PageFrag } from '../page/page-frag.js';
import type { PageOwner } from '../page/page-owners.js';
import type { PageSource } from '../page/page-source.js';
import type { PageTable } from '../page/page-table.js';
import type { PercentLimit } from '../page/percent-limit.js';
import type { SystemPages } from '../page/system-pages.js';
import type { Arena } from '../smp/arena.js';
import type { Cpu } from '../smp/cpu.js';
import type { Meter } from '../smp/meter.js';
import type { Swiotlb } from '../swiotlb/swiotlb.js';
import type { ReferenceCount } from './zero-copy/reference-counts.js';

export type { ReferenceCount } from './zero-copy/reference-counts.js';

/** How a page is freed at its last put: by a hook in the page allocator, or by the owner of the page's type. */
export const FREE_DISPATCHES = frozen(['allocator-hook', 'typed-folio'] as const);
/** Name of a way in which pages are freed. */
export type FreeDispatchName = (typeof FREE_DISPATCHES)[number];

/** The groups of a machine's options that belong to single designs: those of `machine/build/design-knobs.ts`. */
export const DESIGN_OPTIONS = ['userMemory', 'pins', 'lending', 'registration', 'owners', 'pagePool'] as const;
export type DesignOption = (typeof DESIGN_OPTIONS)[number];

/** A transmit design: what `addDesign` takes, and a row of `DESIGNS`. */
export interface Design {
  /** What the design is, in a clause: shown in help and reports. */
  readonly idea: string;
  /** True if the device can reach bounce memory only. */
  readonly forceBounce: boolean;
  /** True if sockets learn from their transmissions which device bounces, to take memory that it reaches. */
  readonly learns: boolean;
  /** How its pages are freed unless the machine says otherwise. */
  readonly freeDispatch: FreeDispatchName;
  /** Groups of options of a machine that no design reads but those that name them here. */
  readonly options?: readonly DesignOption[];
  /** What follows from the parts. Checked, and used to word reports: changing it changes no machine. */
  readonly promises: {
    /** Copies that senders make of each payload byte. */
    readonly userCopies: 0 | 1;
    /** Copies that mapping makes of each payload byte, as long as there is room in the slot pool. */
    readonly bounceCopies: 0 | 1;
    /** True if each header is bounced. */
    readonly bouncesHeaders: boolean;
    /** True if it holds memory of the slot pool from sendmsg until the acknowledgement. */
    readonly holdsSlots: boolean;
  };
  /** Makes what a machine of the design has besides the tables that all machines have. */
  state(arena: Arena, tables: DesignTables): DesignState;
}

/** The part of a machine's configuration that designs read. */
export interface DesignConfig {
  /** As posted, or with fixes. */
  readonly flavour: Flavour;
  /** Logical CPUs. */
  readonly cpus: {
    /** How many run senders and softirqs, 1..64. */
    readonly count: number;
  };
  /** Sockets and their senders. */
  readonly sockets: {
    /** Sending tasks, each with a socket of its own, 1..1024. */
    readonly senders: number;
    /** What limits a sender. */
    readonly traffic: string;
    /** Size of the buffer of each sender. */
    readonly userBufferBytes: number;
  };
  /** The slot pool. */
  readonly slotPool: {
    /** Its size, a power of two. */
    readonly bytes: number;
    /** True if a single page of it is better than an ordinary page where it has no block of 32 KiB. */
    readonly singleBouncePages: boolean;
  };
  /** Owner objects. */
  readonly owners: {
    /** Buffers of one, and blocks of the slot pool that it takes at a time. */
    readonly buffers: number;
    /** True if it frees whole buffers when all that lies in them is acknowledged (hardened only). */
    readonly freesEarly: boolean;
  };
  /** Page pools. */
  readonly pagePool: {
    /** Slots of the return ring of each; 0: as the flavour has it. */
    readonly ringSlots: number;
    /** Blocks in the allocation cache of each; 0: as the flavour has it. */
    readonly cachePages: number;
  };
  /** Memory of users that is sent without a copy. */
  readonly userMemory: {
    /** Size of the folios that it consists of, a power of two. */
    readonly pageBytes: number;
  };
  /** Pinned memory of users. */
  readonly pins: {
    /** Bytes that a socket may have pinned. */
    readonly limitBytes: number;
  };
  /** Memory that Linux lends to the network. */
  readonly lending: {
    /** What it is: pages of the page cache, or objects of a slab. */
    readonly lender: 'page-cache' | 'slab';
  };
  /** Memory that is registered with the devices. */
  readonly registration: {
    /** Id of a region beside the memory of the machine that users send from; 0: they send from that memory. */
    readonly regionId: number;
  };
}

/** The tables of a machine. */
export interface DesignTables {
  /** What designs read of the configuration. */
  readonly config: DesignConfig;
  /** Physical address of the buffers of users: that of socket i begins at `users` + i * `userBufferBytes`. */
  readonly layout: {
    /** Physical address, bytes. */
    readonly users: number;
  };
  /** Descriptors of all pages. */
  readonly pages: PageTable;
  /** Ordinary pages. */
  readonly systemPages: SystemPages;
  /** The allocator of bounce memory. */
  readonly swiotlb: Swiotlb;
  /** The skbs of all sockets. */
  readonly skbs: SkbTable;
  /** The sockets. */
  readonly sockets: SocketTable;
  /** The network devices, and what sockets know of them. */
  readonly devices: {
    /** Device 1, device 2 and so on. */
    readonly all: readonly DmaDevice[];
    /** The device of each queue. */
    readonly ofQueues: readonly DmaDevice[];
    /** References to the devices. */
    readonly table: DeviceTable;
    /** How much of the slot pool pages may take. */
    readonly percentLimit: PercentLimit;
    /** What sockets have learned of the devices. */
    readonly learned: LearnedDevices;
  };
  /** How pages are freed, and the counts of that. */
  readonly freeing: {
    /** Counts blocks of bounce memory that were taken and freed. */
    readonly counters: FreeCounters;
    /** Returns the dispatch of the calling thread; `bounce` frees pages of the bounce type. */
    dispatch(pages: PageTable, system: PageSource, bounce: PageOwner): FreeDispatch;
  };
  /** What sources of bounce pages share. */
  readonly bouncePageParts: BouncePageParts;
}

/** What the parts of a CPU work with. */
export interface CpuTools {
  /** How bytes are copied. */
  readonly copies: CopyPolicy;
  /** Times what it costs a sender to get memory to write to. */
  readonly refillTime: Meter;
}

/** The parts of one CPU, which belong to its thread. */
export interface DesignParts {
  /** Gets the bytes of users into skbs. */
  readonly filler: Filler;
  /** Keeps the memory of fragments alive. */
  readonly lifetime: Lifetime;
  /** Returns the page fragment of one task. */
  pageFrag(): PageFrag;
}

/** A block of bounce memory that no mapping owns. */
export interface Block {
  /** Page frame number of its first page. */
  readonly pfn: number;
  /** It has 2^order pages. */
  readonly order: number;
  /** Number of the device that it was taken for. */
  readonly device: number;
}

/**
 * What a machine of a design has besides the tables of all machines. Each thread builds its own over the same arena, in
 * the same order: what threads share lies in columns of the arena, and its constructor only takes them.
 */
export interface DesignState {
  /** Address of the buffers of users, where the design sends from regions beside the machine's memory, too. */
  readonly users?: number;
  /** Empties the columns. One thread calls it, before any other builds its own. */
  reset(): void;
  /** Makes the parts of a CPU, for the thread that runs it. */
  partsOf(cpu: Cpu, tools: CpuTools): DesignParts;
  /** Returns the memory that devices reach without a bounce, for the calling thread. */
  sharedMemory(): SharedMemory;

  /** Returns the blocks of bounce memory that are allocated. For checks between two steps of all CPUs, as all below. */
  blocks(): Block[];
  /** Returns the references that pages should have, by page. `heldPages`: the page that each task is filling. */
  pageReferences(heldPages: ArrayLike<number>): Map<number, number>;
  /** Returns the counts of references to owners that are no pages, where the design has such. */
  ownerReferences?(): ReferenceCount[];
  /** Returns the references that the design holds to a device, besides those of sockets that have learned it. */
  deviceReferences(device: number): number;
  /**
   * Gives back what is kept when nothing is in flight, and checks that everything else has come back. No CPU is at
   * work; everything has arrived. @throws ERR_UNBALANCED
   */
  close(cpu: Cpu): void;
  /**
   * Lets go of what the design holds outside the machine, whatever is in flight. No CPU is at work, and none will be.
   * Called when a machine or its trial ends, also by a failure: perhaps after `close`, perhaps more than once.
   */
  abandon?(): void;
}
