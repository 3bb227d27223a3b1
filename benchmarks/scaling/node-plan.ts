/** Which pairs of memory nodes are copied between, by a CPU of one of them. Pure. */
import type { HostFacts } from '../../lib/bench/facts/host-schema.js';
import type { Effort } from '../../lib/bench/plan/settings.js';
import { MIB, roundUp } from '../../lib/units.js';

export interface NodePair {
  readonly source: number;
  readonly destination: number;
}

export interface NodePlan {
  /** Nodes with memory; null: the host does not tell its nodes. */
  readonly nodes: readonly number[] | null;
  /** The node of the CPU that copies; null: not told. */
  readonly home: number | null;
  /** The pair of the home node comes first. Empty where there is nothing to compare. */
  readonly pairs: readonly NodePair[];
  /** Memory of a source, and of a destination, bytes. */
  readonly sideBytes: number;
}

/** What a plan of nodes depends on besides the host. */
export interface NodeLimits {
  readonly effort: Effort;
  readonly availableBytes: number;
  readonly cacheBytes: number;
}

/** What all sides of all nodes together may take of the memory that is available. */
const MEMORY_SHARE = 1 / 8;
/** Part of its memory that a node gives to a side. */
const NODE_SHARE = 1 / 8;
const LARGEST_SIDE_BYTES = 256 * MIB;
const LLC_MULTIPLE = 2;

/**
 * Returns all pairs of nodes that have memory; unless the effort is full only those in which one of both is the home
 * node. `cpu`: the one that copies.
 */
export function nodePlan({ numaNodes }: Pick<HostFacts, 'numaNodes'>, cpu: number, limits: NodeLimits): NodePlan {
  const { effort, availableBytes, cacheBytes } = limits;
  const withMemory = numaNodes?.filter(({ bytes }) => bytes !== null && bytes > 0) ?? null;
  const nodes = withMemory?.map(({ id }) => id) ?? null;
  const home = numaNodes?.find(({ cpus }) => cpus?.includes(cpu))?.id ?? null;
  const none = { nodes, home, pairs: [], sideBytes: 0 };
  if (nodes === null || nodes.length < 2 || home === null || !nodes.includes(home)) return none;
  const all = nodes.flatMap((source) => nodes.map((destination) => ({ source, destination })));
  const isHome = ({ source, destination }: NodePair) => source === home && destination === home;
  const pairs = all
    .filter(({ source, destination }) => effort === 'full' || source === home || destination === home)
    .toSorted((a, b) => Number(isHome(b)) - Number(isHome(a)));
  const limit = Math.min(
    LLC_MULTIPLE * cacheBytes,
    LARGEST_SIDE_BYTES,
    (availableBytes * MEMORY_SHARE) / (2 * nodes.length),
    ...withMemory!.map(({ bytes }) => bytes! * NODE_SHARE),
  );
  return { nodes, home, pairs, sideBytes: roundUp(Math.max(Math.floor(limit), 1), MIB) };
}
