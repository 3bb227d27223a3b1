/**
 * Replays traces of Linux's refill of page fragments on `PageFrag`: docs/spec/traces.md#refill-of-page-fragments. Which
 * pages there are, the trace says. A trace has no mark at its end, so one that is cut off behind a whole line cannot be
 * told from a shorter one.
 */
import { AllocatorHook, type FreeDispatch } from '../../page/free-dispatch.js';
import { PageFrag, ReferencedPages } from '../../page/page-frag.js';
import { FRAG_ORDER } from '../../page/page-source.js';
import { NO_PAGE, PageTable } from '../../page/page-table.js';
import { later } from '../../schemas.js';
import { Arena } from '../../smp/arena.js';
import type { Cpu } from '../../smp/cpu.js';
import { cpusOfOneThread } from '../../smp/cpus-of-one-thread.js';
import { PAGE_SIZE } from '../../units.js';
import { type ColumnFormat, ColumnTraceReader, type Row } from '../format/column-trace.js';
import { type ColumnReplay, verifyColumns } from './column-replay.js';
import { RecordedPages } from './recorded-pages.js';
import type { Verdict } from './verdict.js';

const OPERATIONS = ['refill', 'use', 'extend', 'put', 'drop', 'disable'] as const;
type OperationName = (typeof OPERATIONS)[number];

interface RefillHeader {
  /** Number of page fragments. */
  readonly frags: number;
}

export const REFILL_FORMAT: ColumnFormat<RefillHeader> = {
  format: 'page-frag-refill-trace',
  version: 1,
  columns: {
    op: 'operation',
    frag: 'integer',
    arg: 'integer',
    highOrderDisabled: 'integer',
    order3Available: 'integer',
    order0Available: 'integer',
    mayReclaim: 'integer',
    refsBefore: 'integer',
    result: 'integer',
    changed: 'integer',
    pfn: 'integer',
    offset: 'integer',
    size: 'integer',
    refs: 'integer',
    oldPfn: 'integer',
    oldRefs: 'integer',
    tried: 'list',
  },
  operations: OPERATIONS,
  header: later((z) =>
    z.object({
      frags: z.int().min(1).max(1024),
      pageSize: z.literal(PAGE_SIZE),
      fragOrder: z.literal(FRAG_ORDER),
    }),
  ),
};
const placeOf = (column: string) => Object.keys(REFILL_FORMAT.columns).indexOf(column);
const MAY_RECLAIM = placeOf('mayReclaim');
const TRIED = placeOf('tried');
/** Given columns that say whether. */
const BITS = ['order3Available', 'order0Available', 'mayReclaim'].map((name) => [name, placeOf(name)] as const);
/** Operations that are of no page fragment. */
const OF_NONE: readonly OperationName[] = ['put', 'disable'];
const NO_FRAG = -1;

/** Pages that a trace may name; each known trace names a few thousand. */
const PAGES = 2 ** 20;

/** @throws ERR_TRACE_SYNTAX */
export function verifyRefill(file: string, bytes: Buffer): Verdict {
  const reader = new ColumnTraceReader(file, bytes, REFILL_FORMAT);
  return verifyColumns(reader, new RefillReplay(reader));
}

class RefillReplay implements ColumnReplay {
  readonly #reader: ColumnTraceReader<RefillHeader>;
  readonly #cpu: Cpu = cpusOfOneThread(1)[0]!;
  readonly #pages: PageTable;
  readonly #source: RecordedPages;
  readonly #dispatch: FreeDispatch;
  readonly #frags: readonly PageFrag[];
  #singlePagesOnly = 0;

  constructor(reader: ColumnTraceReader<RefillHeader>) {
    this.#reader = reader;
    const build = (arena: Arena) => new PageTable(arena, PAGES);
    const pages = build(Arena.for(build));
    pages.reset();
    this.#pages = pages;
    this.#source = new RecordedPages(pages, (why) => reader.refuse(why));
    this.#dispatch = new AllocatorHook(pages, this.#source, { free: () => false });
    const holding = new ReferencedPages(pages, this.#dispatch);
    this.#frags = Array.from({ length: reader.header.frags }, () => new PageFrag(holding));
  }

  perform(row: Row): Row {
    const [operation, frag, argument] = row as [OperationName, number, number];
    this.#checkGiven(row, operation, frag, argument);
    this.#source.expect(row[TRIED] as readonly unknown[]);
    if (operation === 'disable') return this.#disable(argument);
    if (operation === 'put') return this.#put(argument);
    const of = this.#frags[frag]!;
    const before = of.pfn;
    const refsBefore = this.#refs(before);
    const succeeded = this.#change(of, operation, argument, row[MAY_RECLAIM] === 1);
    const now = [of.pfn, of.offset, of.size, this.#refs(of.pfn)];
    return this.#columns([refsBefore, succeeded ? 1 : 0, of.pfn === before ? 0 : 1, ...now, before]);
  }

  /** Refuses what no trace can give. */
  #checkGiven(row: Row, operation: OperationName, frag: number, argument: number): void {
    const wrong = BITS.find(([, place]) => row[place] !== 0 && row[place] !== 1);
    if (wrong !== undefined) throw this.#reader.refuse(`${wrong[0]} must be 0 or 1`);
    if (OF_NONE.includes(operation)) {
      if (frag !== NO_FRAG) throw this.#reader.refuse(`frag of ${operation} must be ${NO_FRAG}`);
    } else if (this.#frags[frag] === undefined) {
      throw this.#reader.refuse(`there is no page fragment ${frag}`);
    }
    if (operation === 'disable' && argument !== 0 && argument !== 1) {
      throw this.#reader.refuse('arg of disable must be 0 or 1');
    }
    if (operation === 'refill' && argument < 0) throw this.#reader.refuse('arg of refill must not be negative');
  }

  #change(of: PageFrag, operation: Exclude<OperationName, 'disable' | 'put'>, bytes: number, mayReclaim: boolean) {
    if (operation === 'refill') return of.refill(this.#cpu, bytes, this.#source, this.#source, mayReclaim);
    if (of.pfn === NO_PAGE) throw this.#reader.refuse('the page fragment has no page');
    if (operation === 'drop') {
      of.drop(this.#cpu);
      return true;
    }
    if (bytes < 0 || of.offset + bytes > of.size) throw this.#reader.refuse(`its page has no ${bytes} bytes left`);
    of.offset += bytes;
    if (operation === 'use') this.#pages.get(of.pfn);
    return true;
  }

  #put(pfn: number): Row {
    const refsBefore = this.#refs(pfn);
    if (refsBefore === 0) throw this.#reader.refuse(`page ${pfn} has no reference`);
    this.#dispatch.put(this.#cpu, pfn);
    return this.#columns([refsBefore, 1, 0, NO_PAGE, 0, 0, 0, pfn]);
  }

  #disable(isOn: number): Row {
    this.#singlePagesOnly = isOn;
    for (const frag of this.#frags) frag.singlePagesOnly = isOn === 1;
    return this.#columns([0, 1, 0, NO_PAGE, 0, 0, 0, NO_PAGE]);
  }

  /** `seen`: the columns from `refsBefore` to `oldPfn`. */
  #columns(seen: readonly number[]): Row {
    const { given, tried } = this.#source;
    const switchAndPages = [this.#singlePagesOnly, given(FRAG_ORDER), given(0), undefined];
    return [undefined, undefined, undefined, ...switchAndPages, ...seen, this.#refs(seen.at(-1)!), tried];
  }

  #refs(pfn: number): number {
    return pfn >= 0 && pfn < PAGES ? this.#pages.refs(pfn) : 0;
  }
}
