/** The calls of a trace of page pools, each made on ours. Pure, but for what it calls. */
import { NO_PAGE } from '../../page/page-table.js';
import type { NetmemTable } from '../../page/pool/netmem-table.js';
import { ALL_BYTES } from '../../page/pool/page-cycle.js';
import type { PagePool } from '../../page/pool/page-pool.js';
import {
  ENOMEM,
  PAGE_POOL_DEFAULTS,
  type PagePoolParameters,
  refusalOf,
} from '../../page/pool/page-pool-parameters.js';
import type { Cpu } from '../../smp/cpu.js';
import { fragmentsOf, shownFragments } from './fragment-counts.js';
import type { PagePoolOperation } from './page-pool-format.js';
import type { TracedMemory } from './traced-memory.js';
import type { TracedPagePools } from './traced-page-pools.js';

/** An operation whose arguments have been checked. */
export interface Call {
  readonly cpu: Cpu;
  readonly args: readonly unknown[];
  /** The page pool of the row; null for an operation of none. */
  readonly pagePool: PagePool | null;
  readonly pagePools: TracedPagePools;
  readonly memory: TracedMemory;
  readonly netmem: NetmemTable;
}

/** Makes the call. Returns its result as the trace writes it. */
export function perform(op: PagePoolOperation, call: Call): unknown {
  return CALLS[op](call);
}

const page = ({ args }: Call) => args[0] as number;
const cycleOf = ({ pagePool }: Call) => pagePool!.cycle;

const CALLS: Readonly<Record<PagePoolOperation, (call: Call) => unknown>> = {
  create,
  alloc: (call) => cycleOf(call).alloc(call.cpu),
  allocFrag: ({ cpu, args, pagePool }) => {
    const { fragments } = pagePool!;
    const pfn = fragments.alloc(cpu, args[0] as number);
    return pfn === NO_PAGE ? NO_PAGE : [pfn, fragments.found.offset];
  },
  allocAny: ({ cpu, args, pagePool }) => {
    const { fragments } = pagePool!;
    const pfn = fragments.allocAny(cpu, args[0] as number);
    return pfn === NO_PAGE ? NO_PAGE : [pfn, fragments.found.offset, fragments.found.bytes];
  },
  put: (call) => done(cycleOf(call).put(call.cpu, page(call), call.args[1] as number, call.args[2] === 1)),
  putFull: (call) => done(cycleOf(call).put(call.cpu, page(call), ALL_BYTES, call.args[1] === 1)),
  putUnrefed: (call) =>
    done(cycleOf(call).putUnrefed(call.cpu, page(call), call.args[1] as number, call.args[2] === 1)),
  recycleDirect: (call) => done(cycleOf(call).put(call.cpu, page(call), ALL_BYTES, true)),
  putBulk: (call) => {
    const heads = Int32Array.from(call.args[0] as number[], (pfn) => call.memory.headOf(pfn));
    return done(cycleOf(call).putBulk(call.cpu, heads, heads.length));
  },
  fragment: (call) => done(call.netmem.setFragments(page(call), fragmentsOf(call.args[1] as number | string))),
  unref: (call) => shownFragments(call.netmem.unref(page(call), fragmentsOf(call.args[1] as number | string))),
  ref: (call) => done(call.netmem.ref(page(call))),
  get: (call) => done(call.memory.get(page(call))),
  drop: (call) => done(call.memory.put(page(call))),
  updateNid: (call) => done(cycleOf(call).setNode(call.cpu, call.args[0] as number)),
  nidChanged: (call) => {
    const node = call.args[0] as number;
    if (cycleOf(call).node !== node) cycleOf(call).setNode(call.cpu, node);
    return null;
  },
  napi: ({ args, pagePools }) => done(pagePools.schedule(args[0] as number, args[1] as number)),
  unlink: (call) => done(cycleOf(call).unlink()),
  use: ({ pagePool }) => done(pagePool!.use()),
  destroy: ({ cpu, pagePool }) => done(pagePool!.destroy(cpu)),
  retry: ({ cpu, pagePool }) => done(pagePool!.retry(cpu)),
  dump: (call) => [cycleOf(call).cachedPages(), cycleOf(call).ring.pages()],
};

/** The result of a call that returns nothing. */
function done(_: unknown): null {
  return null;
}

function create({ args, pagePools, memory }: Call): unknown {
  const [order, ringSlots, node, flags, direction, syncBytes, syncOffset, poll, cpu] = args as number[];
  const { cacheSize, fragAlign } = pagePools.header.constants;
  const parameters: PagePoolParameters = {
    ...PAGE_POOL_DEFAULTS,
    order: order!,
    ringSlots: ringSlots!,
    node: node!,
    flags: flags!,
    direction: direction!,
    syncBytes: syncBytes!,
    syncOffset: syncOffset!,
    poll: poll!,
    cpu: cpu!,
    cachePages: cacheSize,
    fragmentAlign: fragAlign,
    mappings: memory.pages >> order!,
  };
  const fault = args[10];
  // Without memory for the page pool itself, nothing is checked and nothing said.
  if (fault === 'pool') return ENOMEM;
  const error = refusalOf(parameters) || (fault === '' ? 0 : ENOMEM);
  if (error !== 0) {
    memory.tell('gaveUp', error);
    return error;
  }
  const { number, cycle } = pagePools.create(parameters, args[9] === 1);
  return [number, cycle.ring.slots, cycle.ring.batch];
}
