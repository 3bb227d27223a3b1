/** Compares our page pools with traces of Linux's: each decision, counter and reference count has to be the same. */
import { ColumnTraceReader } from '../format/column-trace.js';
import { verifyColumns } from '../replay/column-replay.js';
import type { Verdict } from '../replay/verdict.js';
import { PAGE_POOL_FORMAT } from './page-pool-format.js';
import { PagePoolReplay } from './page-pool-replay.js';

/** Replays a trace up to the first difference. It is read to its end in any case. @throws ERR_TRACE_SYNTAX */
export function verifyPagePool(file: string, bytes: Buffer): Verdict {
  const reader = new ColumnTraceReader(file, bytes, PAGE_POOL_FORMAT);
  return verifyColumns(reader, new PagePoolReplay(reader));
}
