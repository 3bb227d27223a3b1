import { describe, expect, it } from '@jest/globals';
import { CopytaxError } from '../../../lib/errors.js';
import { ASK } from '../../../lib/page/page-source.js';
import { NO_PAGE, PageTable } from '../../../lib/page/page-table.js';
import { RecordedPages } from '../../../lib/trace/replay/recorded-pages.js';
import { inArena, testCpu } from '../../smp/fixtures/cpus.js';

const cpu = testCpu();

function sourceOf() {
  const pages = inArena((arena) => new PageTable(arena, 64));
  pages.reset();
  return { pages, source: new RecordedPages(pages, (why) => new CopytaxError('ERR_TRACE_SYNTAX', why)) };
}

describe('RecordedPages', () => {
  it('returns the pages that the trace has, in order, and lists what was asked for', () => {
    const { pages, source } = sourceOf();
    source.expect([
      [3, -1],
      [0, 5],
    ]);
    expect(source.alloc(cpu, 3, ASK.noRetry | ASK.compound)).toBe(NO_PAGE);
    expect(source.alloc(cpu, 0, ASK.directReclaim | ASK.wakesReclaim)).toBe(5);
    expect(source.tried).toEqual([
      [3, -1, 0, 0, 1, 1],
      [0, 5, 1, 1, 0, 0],
    ]);
    expect([pages.refs(5), pages.order(5)]).toEqual([1, 0]);
    expect([source.given(3), source.given(0), source.given(1)]).toEqual([0, 1, undefined]);
  });

  it('has no page for an allocation that Linux did not make', () => {
    const { source } = sourceOf();
    source.expect([[3, 8]]);
    expect([source.alloc(cpu, 0), source.alloc(cpu, 3)]).toEqual([NO_PAGE, NO_PAGE]);
    source.expect([]);
    expect([source.alloc(cpu, 0), source.tried.length]).toEqual([NO_PAGE, 1]);
  });

  it('refuses a page of which a part is in use until it is freed', () => {
    const { source } = sourceOf();
    const take = (order: number, pfn: number) => {
      source.expect([[order, pfn]]);
      return source.alloc(cpu, order);
    };
    expect(take(0, 11)).toBe(11);
    expect(() => take(3, 8)).toThrow('page 11 is in use');
    source.free(cpu, 11);
    expect(take(3, 8)).toBe(8);
    expect(() => take(0, 15)).toThrow('page 15 is in use');
    expect(() => take(3, 60)).toThrow('page 60 is none of 64');
  });
});
