/** What stands below the tables: what was measured, how many there are of what, and what this host has not. Pure. */
import { MAX_CPUS, MAX_QUEUES } from '../../lib/machine/build/choices.js';
import { KIB, MIB } from '../../lib/units.js';
import { COPY_BYTES, MEMORY_SHARE, type ScalingPlan } from './scaling-plan.js';

const mebibytes = (bytes: number) => `${(bytes / MIB).toFixed(0)} MiB`;
const listed = (values: readonly number[]) => values.join(', ');

/** CPUs in their order: `0-3, 8, 4-7`. */
function inOrder(cpus: readonly number[]): string {
  const starts = cpus.flatMap((cpu, at) => (at > 0 && cpus[at - 1] === cpu - 1 ? [] : [at]));
  const runs = starts.map((start, at) => cpus.slice(start, starts[at + 1]));
  return runs.map((run) => (run.length < 3 ? listed(run) : `${run[0]}-${run.at(-1)}`)).join(', ');
}

function orderLine({ order }: ScalingPlan): string {
  const { cpus, marks, siblingsKnown } = order;
  if (cpus.length === 1) return `This run has one CPU, ${cpus[0]}: there is none to add.`;
  const which = `CPUs are added in this order: ${inOrder(cpus)}.`;
  if (!siblingsKnown) return `${which} The host does not tell which of them share a core.`;
  const added = marks.map(({ from, text }) => `${text.slice(2)} from ${from} CPUs on`);
  return added.length === 0 ? `${which} No two of them share a core.` : `${which} They have ${added.join(', ')}.`;
}

function cappedLines({ order, path }: ScalingPlan): string[] {
  const most = Math.max(...path.map(({ cpus }) => cpus));
  const own = path.filter(({ sharing }) => sharing === 'own');
  const cut = own.filter(({ cpus }) => cpus > MAX_QUEUES);
  const areas = own.filter((point) => point.areas !== point.cpus);
  const pools = [...new Set(path.map(({ pool }) => pool))];
  return [
    ...(order.cpus.length > MAX_CPUS && most === MAX_CPUS
      ? [`A machine has at most ${MAX_CPUS} CPUs: the path ends there, and copies go on.`]
      : []),
    ...(cut.length > 0
      ? [`A machine has at most ${MAX_QUEUES} queues: with more CPUs, ${cut[0]!.queues} queues are shared evenly.`]
      : []),
    ...(areas.length > 0
      ? [
          'Areas are a power of two, none smaller than a segment: ' +
            `${areas.map((point) => `${point.areas} for ${point.cpus} CPUs`).join(', ')}.`,
        ]
      : []),
    ...(pools.length > 1
      ? [
          'The slot pool has room for the send buffers of all senders: ' +
            `${pools.map((pool) => `${mebibytes(pool)} up to ${mostWith(path, pool)}`).join(', ')} CPUs.`,
        ]
      : []),
  ];
}

const mostWith = (path: ScalingPlan['path'], wanted: number) =>
  Math.max(...path.flatMap(({ pool, cpus }) => (pool === wanted ? [cpus] : [])));

function memoryLines({ leftOut, partBytes, cacheBytes, availableBytes, copies }: ScalingPlan): string[] {
  const largest = copies.at(-1)!.cpus;
  const isLarge = partBytes / 2 > cacheBytes;
  return [
    ...(leftOut.length > 0
      ? [
          `Left out on the path: ${listed(leftOut)} CPUs, because a machine may take 1/${1 / MEMORY_SHARE} of the ` +
            `memory that is available (${mebibytes(availableBytes)}).`,
        ]
      : []),
    `Copies from memory walk through ${mebibytes(partBytes / 2)} for each CPU, beside a last-level cache of ` +
      `${mebibytes(cacheBytes)}${isLarge ? '' : `: with ${largest} CPUs memory had room for no more, so caches help`}.`,
  ];
}

function nodesLine({ nodes: { nodes, home, pairs } }: ScalingPlan): string {
  if (pairs.length > 0) {
    return (
      `Copies between nodes are made by a CPU of node ${home}. The memory of a machine is one piece: CPUs of other ` +
      'nodes than that where Linux has placed it reach it from afar.'
    );
  }
  const why =
    nodes === null
      ? 'the host does not tell its memory nodes'
      : nodes.length < 2
        ? 'this host has one memory node'
        : 'the node of the CPU that would copy has no memory, or is not told';
  return `Copies between memory nodes were not measured: ${why}.`;
}

function siblingsLine({ order }: ScalingPlan): string[] {
  if (order.siblings !== null) return [];
  const why = order.siblingsKnown
    ? 'the first CPU has no sibling in this run, or no other core of its kind beside it'
    : 'the host does not tell which CPUs share a core';
  return [`Siblings beside two cores were not measured: ${why}.`];
}

export function legendOf(plan: ScalingPlan): string[] {
  return [
    'Path: a sender pinned to each CPU. shared: one queue, and one area of the slot pool, for all CPUs; own: a queue ' +
      'and an area for each. x 1 CPU: rate beside that of one CPU; efficiency: the same divided by the number of ' +
      'CPUs. cores: per 100 Gbit/s; locks: time of waiting for locks, of all time but idle time.',
    `Copies: each CPU copies ${COPY_BYTES / KIB} KiB again and again, all at the same time, from and to memory that ` +
      'it has written itself, or within its caches.',
    orderLine(plan),
    ...cappedLines(plan),
    ...memoryLines(plan),
    ...siblingsLine(plan),
    nodesLine(plan),
  ];
}
