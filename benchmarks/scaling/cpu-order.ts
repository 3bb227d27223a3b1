/**
 * The order in which CPUs are added, and what each brings that those before it were not: first one hardware thread of
 * each core, the strongest kind of core and the first memory node first, then the siblings of these threads. Pure.
 */
import type { HostFacts } from '../../lib/bench/facts/host-schema.js';

/** What comes new from a number of CPUs on. */
export interface Mark {
  /** The first number of CPUs that has it. */
  readonly from: number;
  readonly text: string;
}

/** The order of CPUs, and what is known of it. */
export interface CpuOrder {
  readonly cpus: readonly number[];
  readonly marks: readonly Mark[];
  /** Whether the host tells which CPUs share a core. */
  readonly siblingsKnown: boolean;
  /** The first CPU and its sibling, where the second CPU in order is another core of the same kind; null otherwise. */
  readonly siblings: readonly [number, number] | null;
}

export type OrderedHost = Pick<HostFacts, 'cpu' | 'numaNodes'>;

interface Place {
  readonly cpu: number;
  /** 0 for the first thread of a core that may be used, 1 for its sibling, and so on. */
  readonly thread: number;
  readonly kind: number;
  readonly node: number;
}

const EFFICIENT = '+ efficiency cores';

/** Kinds of cores, the strongest first: for each its CPUs, and what it is called where it is not the first. */
function kindsOf({ cpu }: OrderedHost): { cpus: readonly number[]; text: string }[] {
  const types = (cpu.types ?? []).toSorted((a, b) => {
    const weak = Number(a.kind === 'efficient') - Number(b.kind === 'efficient');
    return weak || (b.capacity ?? 0) - (a.capacity ?? 0);
  });
  return types.map(({ cpus, kind }) => ({
    cpus,
    text: kind === 'efficient' ? EFFICIENT : '+ cores of another kind',
  }));
}

/** Where CPUs stand; what is not known counts as the same for all. */
function placesOf(cpus: readonly number[], host: OrderedHost): Place[] {
  const cores = host.cpu.siblings ?? [];
  const kinds = kindsOf(host);
  const nodes = (host.numaNodes ?? []).toSorted((a, b) => firstOf(a.cpus, cpus) - firstOf(b.cpus, cpus));
  return cpus.map((cpu) => {
    const core = cores.find((threads) => threads.includes(cpu)) ?? [cpu];
    const thread = cpus.filter((one) => core.includes(one)).indexOf(cpu);
    const kind = kinds.findIndex(({ cpus: of }) => of.includes(cpu));
    const node = nodes.findIndex(({ cpus: of }) => of?.includes(cpu));
    return { cpu, thread, kind: Math.max(kind, 0), node: Math.max(node, 0) };
  });
}

/** Place in a run's list of the first CPU of a node; nodes without any come last. */
function firstOf(of: readonly number[] | null, cpus: readonly number[]): number {
  const at = cpus.findIndex((cpu) => of?.includes(cpu));
  return at < 0 ? cpus.length : at;
}

function marksOf(places: readonly Place[], host: OrderedHost): Mark[] {
  const kinds = kindsOf(host);
  const marks: Mark[] = [];
  const mark = (from: number, text: string) => {
    if (!marks.some((one) => one.text === text)) marks.push({ from, text });
  };
  const [first] = places;
  for (const [at, { thread, kind, node }] of places.entries()) {
    if (kind !== first!.kind) mark(at + 1, kinds[kind]!.text);
    if (node !== first!.node) mark(at + 1, '+ another node');
    if (thread > 0) mark(at + 1, '+ siblings');
  }
  return marks;
}

/** `cpus`: those that a run may use, at least one. */
export function cpuOrder(cpus: readonly number[], host: OrderedHost): CpuOrder {
  const places = placesOf(cpus, host).toSorted(
    (a, b) => a.thread - b.thread || a.kind - b.kind || a.node - b.node, // stable: else as the run has them
  );
  const [first, second] = places;
  const core = host.cpu.siblings?.find((threads) => threads.includes(first!.cpu)) ?? [];
  const sibling = places.find(({ cpu, thread }) => thread === 1 && core.includes(cpu));
  const isPair = sibling !== undefined && second!.thread === 0 && second!.kind === first!.kind;
  return {
    cpus: places.map(({ cpu }) => cpu),
    marks: marksOf(places, host),
    siblingsKnown: host.cpu.siblings !== null,
    siblings: isPair ? [first!.cpu, sibling.cpu] : null,
  };
}
