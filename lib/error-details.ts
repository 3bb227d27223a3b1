/**
 * The codes of errors, and what `details` of an error hold, by code.
 */

/**
 * A code of an error. Codes are stable across releases: one that means something else gets another name.
 * docs/errors.md tells of each what it means, how to meet it, and what to do.
 */
export type ErrorCode =
  | 'ERR_INVALID_ARG_TYPE'
  | 'ERR_UNKNOWN_OPTION'
  | 'ERR_OUT_OF_RANGE'
  | 'ERR_NOT_POWER_OF_TWO'
  | 'ERR_USAGE'
  | 'ERR_ENGINE_FLAGS'
  | 'ERR_ADDON_NOT_BUILT'
  | 'ERR_ADDON_DAMAGED'
  | 'ERR_ADDON_DISABLED'
  | 'ERR_ADDON_BUNDLED'
  | 'ERR_NO_COMPILER'
  | 'ERR_REGION_MAP'
  | 'ERR_REGION_LOCK'
  | 'ERR_TOO_MANY_REGIONS'
  | 'ERR_NOT_SENT'
  | 'ERR_SOCKET'
  | 'ERR_SOCKET_CLOSED'
  | 'ERR_POOL_CLOSED'
  | 'ERR_NOT_POSTABLE'
  | 'ERR_REGION_CLOSED'
  | 'ERR_EXTERNAL_MEMORY'
  | 'ERR_KERNEL_UNSUPPORTED'
  | 'ERR_CPU_PIN'
  | 'ERR_SWIOTLB_FULL'
  | 'ERR_DOUBLE_FREE'
  | 'ERR_IN_FLIGHT'
  | 'ERR_WRONG_KIND'
  | 'ERR_TYPE_OWNED'
  | 'ERR_BAD_ADDRESS'
  | 'ERR_DEVICE_READ'
  | 'ERR_EXPOSED'
  | 'ERR_UNBALANCED'
  | 'ERR_INVARIANT'
  | 'ERR_ALREADY_RUNNING'
  | 'ERR_NOT_RUNNING'
  | 'ERR_STALLED'
  | 'ERR_NEVER_ARRIVES'
  | 'ERR_LOCK_STALLED'
  | 'ERR_ABORTED'
  | 'ERR_SCENE_STALLED'
  | 'ERR_LOCK_STUCK'
  | 'ERR_THREAD_ALIVE'
  | 'ERR_THREAD_FORGOTTEN'
  | 'ERR_TIMED_OUT'
  | 'ERR_NO_PROGRESS'
  | 'ERR_SCENARIO'
  | 'ERR_TINYBENCH'
  | 'ERR_RUN'
  | 'ERR_COMPARE'
  | 'ERR_MISSING_PACKAGE'
  | 'ERR_SQL'
  | 'ERR_NO_THREAD'
  | 'ERR_WORKER_DIED'
  | 'ERR_DESIGN'
  | 'ERR_TRACE_SYNTAX'
  | 'ERR_TRACE_FILE'
  | 'ERR_LOG_FILE'
  | 'ERR_CAPTURE'
  | 'ERR_TRACING'
  | 'ERR_RESULT_SCHEMA'
  | 'ERR_RESULT_FILE';

/**
 * What `details` hold, by code, besides a `remedy` that some errors have of their own. Codes that are not here have
 * details that differ from place to place, or none.
 */
export interface ErrorDetails {
  /** An option that a function does not have. */
  ERR_UNKNOWN_OPTION: {
    /** The option, as it was passed. */
    readonly option: string;
    /** The function that it was passed to. */
    readonly passedTo: string;
    /** The option with the nearest name; null if there are none. */
    readonly nearest: string | null;
    /** All options that the function has. */
    readonly known: readonly string[];
  };
  /** Memory that had to be locked, and could not. */
  ERR_REGION_LOCK: {
    /** Length of the region. */
    readonly bytes: number;
    /** RLIMIT_MEMLOCK, bytes; Infinity where there is no limit. */
    readonly limitBytes: number;
    /** Error number of the call that failed. */
    readonly errno: number;
    /** Name of the call that failed. */
    readonly syscall: string;
  };
  /** A lock of a machine that a CPU has waited for too long. */
  ERR_LOCK_STALLED: {
    /** Number of the logical CPU that waited. */
    readonly cpu: number;
    /** Number of the logical CPU that holds the lock. */
    readonly holder: number;
  };
  /** Memory that packets still refer to. */
  ERR_IN_FLIGHT: {
    /** Id of the region that cannot be given back, where it is one. */
    readonly region?: number;
    /** Number of the binding that cannot be given back, where it is one. */
    readonly binding?: number;
    /** References that packets have to it. */
    readonly references: number;
  };
  /** A Region or a sender that was posted to another thread. */
  ERR_NOT_POSTABLE: {
    /** Id of the Region, which can be posted; absent for a sender. */
    readonly region?: number;
  };
  /** A call of Linux's network that was refused. */
  ERR_SOCKET: {
    /** Error number of the call that failed; absent where this thread has as many sockets as it can have. */
    readonly errno?: number;
    /** Name of the call that failed; absent likewise. */
    readonly syscall?: string;
    /** Bytes that Linux had taken before; only of sendAll(). */
    readonly bytesTaken?: number;
  };
  /** A file that is not what its schema says. */
  ERR_RESULT_SCHEMA: {
    /** The file, or what else it was read from. */
    readonly source?: string;
    /** Where in the document. */
    readonly path?: string;
    /** What is wrong there. */
    readonly reason?: string;
  };
  /** A host that shows nothing of what it bounces. */
  ERR_TRACING: {
    /** What is not shown, why, and the commands that grant it. */
    readonly missing: readonly {
      /** What is not shown. */
      what: string;
      /** Why it is not. */
      why: string;
      /** Commands that grant it, in their order. */
      commands: readonly string[];
      /** What else to do where there are no such commands; null otherwise. */
      otherwise: string | null;
    }[];
  };
  /** A query that DuckDB refused. */
  ERR_SQL: {
    /** The query. */
    readonly sql: string;
    /** The message of DuckDB; absent for a query without a statement. */
    readonly said?: string;
  };
  /** There is no addon where it is looked for. */
  ERR_ADDON_NOT_BUILT: {
    /** What COPYTAX_ADDON names; absent where it is not set. */
    readonly file?: string;
    /** Folder of the package; absent where COPYTAX_ADDON is set. */
    readonly folder?: string;
    /** The places that were tried; absent where COPYTAX_ADDON is set. */
    readonly files?: readonly string[];
    /** Platforms that the package has a binary for; absent where COPYTAX_ADDON is set. */
    readonly platforms?: readonly string[];
  };
  /** An addon that Linux cannot load. */
  ERR_ADDON_DAMAGED: {
    /** Its path. */
    readonly file: string;
  };
  /** An addon that this Node is told not to load. */
  ERR_ADDON_DISABLED: {
    /** Its path. */
    readonly file: string;
  };
  /** A lock of `Slots` that a thread has waited for too long. */
  ERR_LOCK_STUCK: {
    /** Number of the thread that holds it. */
    readonly thread: number;
    /** Number of the area that it locks. */
    readonly area: number;
    /** How long it was waited, milliseconds. */
    readonly waitedMs: number;
  };
  /** A thread of `Slots` that was to be forgotten, and is alive. */
  ERR_THREAD_ALIVE: {
    /** Its number. */
    readonly thread: number;
  };
  /** A thread of `Slots` that was forgotten, and goes on. */
  ERR_THREAD_FORGOTTEN: {
    /** Its number. */
    readonly thread: number;
  };
  /** A machine in which nothing moves because packets find no slots. */
  ERR_STALLED: {
    /** Name of its design. */
    readonly design?: string;
  };
  /** A machine in which nothing moves for another reason. */
  ERR_NEVER_ARRIVES: {
    /** Name of its design. */
    readonly design?: string;
  };
  /** A thread that ended before it was done. */
  ERR_WORKER_DIED: {
    /** What the thread was for. */
    readonly thread?: string;
  };
  /** Private payload on a page that the host can read. */
  ERR_EXPOSED: {
    /** Number of the socket that sends it. */
    readonly socket: number;
    /** Page frame number of the page. */
    readonly pfn: number;
  };
  /** Something that took longer than it may. */
  ERR_TIMED_OUT: {
    /** What it was. */
    readonly what: string;
    /** How long it may take, milliseconds. */
    readonly limitMs: number;
  };
}

/** What `details` of an error of this code hold. */
export type DetailsOf<Code extends ErrorCode> = Code extends keyof ErrorDetails
  ? ErrorDetails[Code]
  : Readonly<Record<string, unknown>>;
