/** The first line of an oracle trace: what was traced, and on which devices. See docs/spec/traces.md#header. */
import { later } from '../../schemas.js';

/** The first line of a trace: what was traced, and on which devices. See docs/spec/traces.md#header. */
export interface TraceHeader {
  /** Version of the format. */
  readonly v: 1;
  /** The allocator of Linux that was traced. */
  readonly config: {
    /** Name of the trace. */
    readonly name: string;
    /**
     * How it was started. `boot`: as Linux boots; `restricted`: as a restricted slot pool is; `raw`: with sizes that
     * neither makes.
     */
    readonly kind: 'boot' | 'restricted' | 'raw';
    /** True for the dynamic build, where several slot pools may exist. */
    readonly dynamic: boolean;
    /** True if slot pools may be added. */
    readonly canGrow: boolean;
    /** Number of CPUs. */
    readonly ncpus: number;
    /** Slots of the first slot pool. */
    readonly nslabs: number;
    /** Areas of the first slot pool. */
    readonly nareas: number;
    /** Slots of slot pools that are added. */
    readonly defaultNslabs: number;
    /** Areas of slot pools that are added. */
    readonly defaultNareas: number;
    /** Physical address of the first slot pool. */
    readonly physBase: number;
    /** Highest address of slot pools that are added; -1: any, or none are added. */
    readonly physLimit: number;
    /** Highest address of the DMA zone. */
    readonly zoneDmaLimit: number;
    /** Binary logarithm of the page size. */
    readonly pageShift: 12;
  };
  /** The devices, which operations name by their place here, from 0. */
  readonly devices: readonly {
    /** Low bits of an address that a mapping keeps. */
    readonly minAlignMask: number;
    /** Boundary that no mapping may cross, minus 1; -1: none. */
    readonly segBoundary: number;
    /** Highest address that the device can use; -1: any. */
    readonly dmaMask: number;
    /** Highest address that its bus can use; 0: any. */
    readonly busDmaLimit: number;
    /** Largest mapping that Linux allowed it, bytes. */
    readonly maxMapping: number;
  }[];
}

export const VERSION = 1;
/** The most that a replay makes room for: known traces have 12 CPUs, 32768 slots, 32 areas and a dozen devices. */
const MAX_CPUS = 1024;
const MAX_SLOTS = 2 ** 22;
/** Of a slot pool that is added: there may be hundreds of them. */
const MAX_ADDED_SLOTS = 2 ** 17;
const MAX_AREAS = 2 ** 10;
const MAX_DEVICES = 1024;
const count = later((z) => z.int().nonnegative());
/** A mask or limit; -1 stands for all 64 bits set. */
const mask = later((z) => z.int().min(-1));

export const headerSchema = later((z) =>
  z.object({
    v: z.literal(VERSION),
    config: z.object({
      name: z.string(),
      kind: z.enum(['boot', 'restricted', 'raw']),
      dynamic: z.boolean(),
      canGrow: z.boolean(),
      ncpus: z.int().positive().max(MAX_CPUS),
      nslabs: z.int().positive().max(MAX_SLOTS),
      nareas: z.int().positive().max(MAX_AREAS),
      defaultNslabs: count().max(MAX_ADDED_SLOTS),
      defaultNareas: count().max(MAX_AREAS),
      physBase: count(),
      physLimit: mask(),
      zoneDmaLimit: count(),
      pageShift: z.literal(12),
    }),
    devices: z
      .array(
        z.object({
          minAlignMask: count(),
          segBoundary: mask(),
          dmaMask: mask(),
          busDmaLimit: count(),
          maxMapping: count(),
        }),
      )
      .min(1)
      .max(MAX_DEVICES),
  }),
);
