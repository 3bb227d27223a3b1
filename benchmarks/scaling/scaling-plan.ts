/**
 * What is measured on a host: numbers of CPUs, machines, memory of copies, pairs of nodes, and what is left out.
 * Decided from facts, so that it can be looked at for hosts that are not there. Pure.
 */
import type { HostFacts } from '../../lib/bench/facts/host-schema.js';
import { lastLevelCacheBytesOrUsual } from '../../lib/bench/facts/memory/last-level-cache.js';
import type { BenchSettings, Effort } from '../../lib/bench/plan/settings.js';
import { MAX_CPUS, MAX_QUEUES } from '../../lib/machine/build/choices.js';
import { type MachineConfig, machineConfig } from '../../lib/machine/build/config.js';
import { ramLayout } from '../../lib/machine/build/ram.js';
import { areasOf } from '../../lib/machine/build/sizing.js';
import { KIB, MIB, nextPowerOfTwo, roundUp } from '../../lib/units.js';
import { configOf, headlineShape } from '../shared/tx-shapes.js';
import { type CpuOrder, cpuOrder } from './cpu-order.js';
import { type NodePlan, nodePlan } from './node-plan.js';

export const DESIGNS = ['direct', 'bounce', 'bounce-pages'] as const;
export type ScaledDesign = (typeof DESIGNS)[number];
/** `one`: a single CPU, for which both others are the same. */
export type Sharing = 'one' | 'shared' | 'own';

/** A number of CPUs that is measured. */
export interface Point {
  readonly cpus: number;
  /** What it has that the point before has not: words such as `+ siblings`; absent for most. */
  readonly added?: string;
}

/** A machine that is measured at a point. */
export interface PathPoint extends Point {
  readonly sharing: Sharing;
  readonly queues: number;
  readonly areas: number;
  readonly pool: number;
}

export interface ScalingPlan {
  readonly order: CpuOrder;
  readonly path: readonly PathPoint[];
  readonly copies: readonly Point[];
  /** Numbers of CPUs whose machine does not fit into memory. */
  readonly leftOut: readonly number[];
  /** Memory of the largest machine, bytes. */
  readonly ramBytes: number;
  /** Memory that each thread copies within, bytes: two equal sides. */
  readonly partBytes: number;
  /** Last-level cache of these CPUs, or what stands for it. */
  readonly cacheBytes: number;
  readonly nodes: NodePlan;
  readonly availableBytes: number;
}

/** Length of a copy, and of each side in the caches. */
export const COPY_BYTES = 64 * KIB;
export const BATCH = 16;
const BATCH_BYTES = COPY_BYTES * BATCH;
/** Each of source and destination is this often as large as the last-level cache. */
const LLC_MULTIPLE = 2;
const LARGEST_PART_BYTES = 1024 * MIB;
/** Part of the memory that is available that machines may take, and as much for copies. */
export const MEMORY_SHARE = 1 / 4;
/** What a thread takes besides, with its heap. */
export const THREAD_BYTES = 16 * MIB;
/** Send buffers that a slot pool has room for, for each sender: pages are held until they are acknowledged. */
const POOL_BUFFERS = 2;

/** More queues than a machine may have are cut to this number, which CPUs share evenly. */
const EVEN_QUEUES = 2 ** Math.floor(Math.log2(MAX_QUEUES));

/**
 * Returns powers of two up to `limit` CPUs and all of them, and the numbers after which another kind of CPU comes.
 * quick: powers of four.
 */
export function points({ cpus, marks }: CpuOrder, effort: Effort, limit: number): Point[] {
  const all = Math.min(cpus.length, limit);
  const step = effort === 'quick' ? 4 : 2;
  const counts = new Set([all, ...marks.map(({ from }) => from - 1).filter((count) => count < all)]);
  for (let count = 1; count <= all; count *= step) counts.add(count);
  const ascending = [...counts].sort((a, b) => a - b);
  return ascending.map((count, at) => {
    const before = ascending[at - 1] ?? 0;
    const added = marks.filter(({ from }) => from > before && from <= count).map(({ text }) => text);
    return { cpus: count, ...(added.length > 0 ? { added: added.join(' ') } : {}) };
  });
}

/**
 * Returns the machine of a design in which each of the first `cpus` CPUs has a sender, and which has no other thread:
 * none that reads what is sent, and none that lets the slot pool grow.
 */
export function pathConfig(
  design: ScaledDesign,
  { cpus, sharing }: Pick<PathPoint, 'cpus' | 'sharing'>,
  settings: BenchSettings,
): MachineConfig {
  const own = cpus <= MAX_QUEUES ? cpus : EVEN_QUEUES;
  const queues = sharing === 'shared' ? 1 : own;
  const shape = headlineShape({ ...settings, senders: [cpus], queues: [queues] })!;
  const bytes = Math.max(shape.pool, nextPowerOfTwo(POOL_BUFFERS * shape.window * cpus));
  return machineConfig(configOf(design, { ...shape, pool: bytes }, settings), {
    cpus: { count: cpus },
    slotPool: { areas: sharing === 'shared' ? 1 : 0, growth: 'none' },
    devices: { completion: 'retire' },
  });
}

function pathPoint(point: Point, sharing: Sharing, settings: BenchSettings): PathPoint & { ramBytes: number } {
  const config = pathConfig('bounce', { ...point, sharing }, settings);
  const { devices, slotPool } = config;
  const ramBytes = ramLayout(config).bytes + point.cpus * THREAD_BYTES;
  return { ...point, sharing, queues: devices.queues, areas: areasOf(config), pool: slotPool.bytes, ramBytes };
}

/** `availableBytes`: memory that this process can still get. */
export function scalingPlan(
  settings: BenchSettings,
  host: Pick<HostFacts, 'cpu' | 'numaNodes' | 'caches' | 'cachesIncomplete'>,
  availableBytes: number,
): ScalingPlan {
  const order = cpuOrder(settings.cpus, host);
  const { effort } = settings;
  const limit = MEMORY_SHARE * availableBytes;
  const machines = points(order, effort, MAX_CPUS).flatMap((point) =>
    (point.cpus === 1 ? (['one'] as const) : (['shared', 'own'] as const)).map((sharing) =>
      pathPoint(point, sharing, settings),
    ),
  );
  const path = machines.filter(({ cpus, ramBytes }) => cpus === 1 || ramBytes <= limit);
  const leftOut = machines.filter((machine) => !path.includes(machine)).map(({ cpus }) => cpus);
  const cacheBytes = lastLevelCacheBytesOrUsual(host, order.cpus);
  const each = limit / order.cpus.length - THREAD_BYTES;
  const wanted = Math.min(2 * LLC_MULTIPLE * cacheBytes, LARGEST_PART_BYTES, each);
  return {
    order,
    path: path.map(({ ramBytes: _, ...point }) => point),
    copies: points(order, effort, order.cpus.length),
    leftOut: [...new Set(leftOut)],
    ramBytes: Math.max(...path.map(({ ramBytes }) => ramBytes)),
    partBytes: roundUp(Math.max(Math.floor(wanted), 1), 2 * BATCH_BYTES),
    cacheBytes,
    nodes: nodePlan(host, order.cpus[0]!, { effort, availableBytes, cacheBytes }),
    availableBytes,
  };
}

/** Longest samples of both parts, milliseconds: shorter than elsewhere, for a host with many CPUs has many cells. */
const SAMPLE_MS = {
  quick: { pathMs: 30, copiesMs: 15 },
  default: { pathMs: 40, copiesMs: 20 },
  full: { pathMs: 100, copiesMs: 20 },
} as const;
/** The same of copies between two nodes. */
export const NODE_SAMPLE_MS = 10;

/** How long a sample of each part lasts, milliseconds. */
export function sampleTimes({ effort, sampleMs }: BenchSettings): { pathMs: number; copiesMs: number } {
  const { pathMs, copiesMs } = SAMPLE_MS[effort];
  return { pathMs: Math.min(sampleMs, pathMs), copiesMs: Math.min(sampleMs, copiesMs) };
}
