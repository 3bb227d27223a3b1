/** The formats of traces: what each is held against, and what replays it. */
import { verifyPagePool } from './page-pool/verify-page-pool.js';
import type { ReplayMemory } from './replay/oracle-setup.js';
import { QUEUE_LIMIT_FORMAT, verifyQueueLimit } from './replay/queue-limit-replay.js';
import { REFILL_FORMAT, verifyRefill } from './replay/refill-replay.js';
import type { Verdict } from './replay/verdict.js';
import { verifySlotAllocator } from './slot-allocator.js';

export interface TraceFormat {
  /** The field `format` of the first line; null for traces of the slot allocator, which have a field `v` instead. */
  readonly format: string | null;
  /** The file of Linux whose decisions are recorded. */
  readonly recorded: string;
  /** Replays a trace up to the first difference; it is read to its end in any case. @throws ERR_TRACE_SYNTAX */
  readonly verify: (file: string, bytes: Buffer, memory: ReplayMemory) => Verdict;
}

export const TRACE_FORMATS: readonly TraceFormat[] = [
  { format: null, recorded: 'kernel/dma/swiotlb.c', verify: verifySlotAllocator },
  { format: QUEUE_LIMIT_FORMAT.format, recorded: 'lib/dynamic_queue_limits.c', verify: verifyQueueLimit },
  { format: REFILL_FORMAT.format, recorded: 'net/core/sock.c', verify: verifyRefill },
  { format: 'page-pool-trace', recorded: 'net/core/page_pool.c', verify: verifyPagePool },
];
