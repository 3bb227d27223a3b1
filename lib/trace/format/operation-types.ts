/**
 * What operations of oracle traces are, as types: what is asked of a slot allocator, and what Linux's own returned.
 * Names are those of the files (docs/spec/traces.md#operations). Addresses are physical, sizes bytes; a flag is 1 or
 * absent.
 */

/** The integers that an operation of each kind must have, by the letter in field `o`. */
export interface OperationInputs {
  /** Map. */
  readonly m: readonly ['id', 'd', 'c', 'a', 's', 'k', 'dir'];
  /** Unmap. */
  readonly u: readonly ['id'];
  /** Sync. */
  readonly s: readonly ['id', 'off', 'n'];
  /** Take slots without an original. */
  readonly z: readonly ['id', 'd', 'c', 'ord'];
  /** Give back what a `z` took. */
  readonly y: readonly ['id'];
  /** Allocate pages of a restricted slot pool. */
  readonly a: readonly ['id', 'd', 'c', 's'];
  /** Free what an `a` allocated. */
  readonly f: readonly ['id'];
  /** Find the slot pool of an address. */
  readonly p: readonly ['d', 'a'];
  /** Run the background work if it is wanted. */
  readonly w: readonly [];
  /** Reset the high water mark. */
  readonly h: readonly [];
  /** Snapshot. */
  readonly q: readonly [];
}

/** The letter of a kind of operation. */
export type OperationKind = keyof OperationInputs;

/** Inputs of operations. */
export interface OperationFields {
  /** Number by which later operations name the mapping or block. */
  readonly id: number;
  /** Device, by its place in the header. */
  readonly d: number;
  /** CPU that makes the call. */
  readonly c: number;
  /** Address: the original of a map, or the address to look up. */
  readonly a: number;
  /** Size of a mapping, or of pages. */
  readonly s: number;
  /** Alignment mask of a map; 'c' or 'd' of a sync: for the CPU, for the device. */
  readonly k: number | 'c' | 'd';
  /** Direction of the mapping: a number of `DIRECTION` of `copytax`. */
  readonly dir: number;
  /** Attributes; none when absent. */
  readonly at?: number;
  /** 1: through swiotlb_map, which refuses a bounce address out of reach of the device. */
  readonly v?: number;
  /** First byte of a sync, relative to the mapping. */
  readonly off: number;
  /** Length of a sync. */
  readonly n: number;
  /** Order of the pages. */
  readonly ord: number;
}

/** A slot pool that became visible. */
export interface SlotPoolFacts {
  /** Its ordinal. */
  readonly p: number;
  /** Its first address. */
  readonly start: number;
  /** Its slots. */
  readonly n: number;
  /** Its areas. */
  readonly na: number;
  /** Slots of each area. */
  readonly an: number;
  /** 1 if it is transient, else 0. */
  readonly tr: number;
}

/** Order and zone of a block of pages that was asked for, and its physical address; -1: there was none. */
export type BlockRequest = readonly [order: number, zone: number, address: number];
/** Direction (1 = to the device), original address, offset in the slot pool, bytes. */
export type Copy = readonly [toDevice: number, original: number, offset: number, bytes: number];

/** What an operation of one kind asks. `o` is its letter. */
export type QuestionOf<Kind extends OperationKind> = Readonly<Record<'o', Kind>> &
  Pick<OperationFields, Exclude<OperationInputs[Kind][number], 'k'> | 'at' | 'v'> &
  (Kind extends 'm' ? Readonly<Record<'k', number>> : Kind extends 's' ? Readonly<Record<'k', 'c' | 'd'>> : unknown);

/** What an operation led to. What is absent did not happen. */
export interface Answer {
  /** 1: refused. */
  readonly e?: number | undefined;
  /** Ordinal of the slot pool; -1: none. */
  readonly p?: number | undefined;
  /** Offset of the returned address in the slot pool. */
  readonly t?: number | undefined;
  /** Padding slots before the data slot. */
  readonly ps?: number | undefined;
  /** Bytes that the data slot records. */
  readonly as?: number | undefined;
  /** Ordinal of the slot pool in which a refused mapping had been copied. */
  readonly op?: number | undefined;
  /** 1: background work was wanted after the call. */
  readonly w?: number | undefined;
  /** Slots given back. */
  readonly nf?: number | undefined;
  /** 1: pages were freed. */
  readonly r?: number | undefined;
  /** 1: the background work ran. */
  readonly ran?: number | undefined;
  /**
   * Warnings, a letter each: `F`, the slot pool is full; `A`, an alignment mask above 4095; `B`, a copy was clamped;
   * `s`, the address is out of reach of the device; `P`, the background work got no slot pool.
   */
  readonly wr?: string | undefined;
  /** Copies; 1: a single one, of the whole mapping in its natural direction. */
  readonly cp?: 1 | readonly Copy[] | undefined;
  /** Slot pool that became visible. */
  readonly np?: SlotPoolFacts | undefined;
  /** Ordinals of slot pools that were freed. */
  readonly fp?: readonly number[] | undefined;
  /** Blocks that were asked of the page allocator, with what it returned: an input of the replay. */
  readonly pg?: readonly BlockRequest[] | undefined;
}

/** The state of a slot pool. Hashes are FNV-1a, 32 bits, over its slots from the first on. */
export interface SlotPoolSnapshot {
  /** Its ordinal. */
  readonly p: number;
  /** Used slots of each area, and where its next search begins. */
  readonly areas: readonly (readonly [used: number, index: number])[];
  /** Hash of the free counters. */
  readonly hl: number;
  /** Hash of the recorded sizes. */
  readonly ha: number;
  /** Hash of the addresses of originals. */
  readonly ho: number;
  /** Hash of the counts of padding slots. */
  readonly hp: number;
  /** The free counters in full, where the trace has them: `uN`, N used slots; `A-B`, counters that fall from A to B. */
  readonly rle?: string;
}

/** The state of an allocator, which is the answer to `q`. */
export interface Snapshot {
  /** Slots in use. */
  readonly used: number;
  /** High water mark of it. */
  readonly hi: number;
  /** Slots of transient pools. */
  readonly tr: number;
  /** Slots of listed slot pools. */
  readonly ns: number;
  /** Listed slot pools, the head of the list first. */
  readonly pools: readonly SlotPoolSnapshot[];
  /** Ordinals of transient pools, for each device; only of the dynamic build. */
  readonly dp?: readonly (readonly number[])[];
  /** 1: the device has been given slots at some time, for each device; only of the dynamic build. */
  readonly uses?: readonly number[];
}

/** A line of a trace: a question with the answer of Linux's allocator. */
export type OperationOf<Kind extends OperationKind> = QuestionOf<Kind> & Answer & Partial<Snapshot>;
/** A line of a trace, of any kind. */
export type Operation = { [Kind in OperationKind]: OperationOf<Kind> }[OperationKind];
