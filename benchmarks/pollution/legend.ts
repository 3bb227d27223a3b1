/** What stands below the tables: what was measured, and what this host has not. Pure. */
import { KIB, MIB } from '../../lib/units.js';
import { MEMORY_SHARE, type PollutionPlan } from './pollution-plan.js';
import { PACED_GBPS } from './sender-pace.js';

const sizeText = (bytes: number) =>
  bytes >= MIB ? `${Number((bytes / MIB).toPrecision(3))} MiB` : `${bytes / KIB} KiB`;

export interface LegendFacts {
  readonly poolBytes: number;
  readonly queueBytes: number;
  readonly availableBytes: number;
  readonly cpus: readonly number[];
}

export function legendOf(plan: PollutionPlan, { poolBytes, queueBytes, availableBytes, cpus }: LegendFacts): string[] {
  const { neighbourCpu, whyNoNeighbour, leftOut, untold, caches, packets } = plan;
  const told = Object.entries(caches).map(([name, bytes]) => `${name} ${sizeText(bytes)}`);
  const one = cpus.length < 2;
  return [
    `A bounce copies packets of 64 KiB from a queue of ${sizeText(queueBytes)}, which the same core wrote, to slots ` +
      `that go round in a slot pool of ${sizeText(poolBytes)}. "none": no bounce, and all else the same.`,
    `same core: a victim that was hot, timed after a bounce of ${packets.join(', ')} packets on its CPU, by its ` +
      'working set: nanoseconds per load, and for each copy kernel the ratio to no bounce.',
    ...(neighbourCpu === null
      ? [`Left out: the neighbour, because ${whyNoNeighbour}.`]
      : [
          `neighbour: a victim on CPU ${neighbourCpu}, which has the same last-level cache, while CPU ${cpus[0]} ` +
            `bounces, paced at ${PACED_GBPS} Gbit/s or at full speed; the ratio is to a sender that waits.`,
        ]),
    'device: a device that reads every byte of four packets which were bounced just before, as its share of 64 KiB, ' +
      'on the core of the sender or on another one. Its checksum takes a part of that time with either copy.',
    one
      ? 'Left out: the device on another core and the whole transmit path, because this run has one CPU.'
      : 'whole path: the design bounce with one sender, all of its copies by this copy kernel, and a device that ' +
        'reads every byte: cores per 100 Gbit/s.',
    `Working sets are by ${told.join(', ')}${
      untold.length === 0 ? '' : `; the host does not tell ${untold.join(' and ')}: usual sizes stand for that`
    }.`,
    ...(leftOut.length === 0
      ? []
      : [
          `Left out: neighbours with ${leftOut.map(sizeText).join(' and ')}, because a working set may take ` +
            `1/${1 / MEMORY_SHARE} of the memory that is available (${(availableBytes / MIB).toFixed(0)} MiB).`,
        ]),
  ];
}
