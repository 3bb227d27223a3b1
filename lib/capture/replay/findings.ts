/** What a reader of a replay has to know: why the capture is faulty, and what was assumed. Pure. */
import type { Overdue } from './lifetimes.js';
import type { ReplayResult } from './replay-result.js';
import { deviceName } from './shares.js';

/** `1 line` and `2 lines`; `many` is for nouns that have no s. */
const count = (value: number, one: string, many = `${one}s`) => `${value} ${value === 1 ? one : many}`;
const was = (value: number) => (value === 1 ? 'was' : 'were');

const UNITS = [
  [1e9, 's'],
  [1e6, 'ms'],
  [1e3, 'µs'],
] as const;

function time(ns: number): string {
  const [unit, name] = UNITS.find(([least]) => ns >= least) ?? [1, 'ns'];
  return `${Number((ns / unit).toPrecision(3))} ${name}`;
}

/** Why the capture is faulty, a sentence each; none if it is not. */
export function faultsOf(result: ReplayResult): string[] {
  return [...readingFaults(result), ...mappingFaults(result), ...poolFaults(result)];
}

function readingFaults({ mappings, lostEvents, lostUncounted, outOfOrder, unparsedLines }: ReplayResult): string[] {
  const { doubled, restarts } = mappings;
  return [
    ...(unparsedLines > 0 ? [`${count(unparsedLines, 'line')} could not be read.`] : []),
    ...(lostEvents > 0 ? [`The trace lost ${count(lostEvents, 'event')}: its buffer was too small.`] : []),
    ...(lostUncounted > 0
      ? [`The trace lost events in ${count(lostUncounted, 'place')}, and does not say how many.`]
      : []),
    ...(outOfOrder > 0
      ? [`${count(outOfOrder, 'event')} ${was(outOfOrder)} earlier than the one before on the same CPU.`]
      : []),
    ...(restarts > 0
      ? [`Times begin again in ${count(restarts, 'place')}: the parts are taken to follow each other.`]
      : []),
    ...(doubled > 0
      ? [`${count(doubled, 'attempt')} ${was(doubled)} told twice in a row, at the same time: lines may be doubled.`]
      : []),
  ];
}

function mappingFaults({ mappings, lostEvents, overdue, pool }: ReplayResult): string[] {
  const { paired, unpaired, brokenProbes, missedUnmaps } = mappings;
  return [
    ...(paired > 0 && unpaired > 0
      ? [`What became of ${count(unpaired, 'attempt')} is not told, though it is of others.`]
      : []),
    ...(brokenProbes > 0
      ? [`The probes missed ${count(brokenProbes, 'entry or return', 'entries or returns')} of the map function.`]
      : []),
    ...(missedUnmaps > 0
      ? [`${count(missedUnmaps, 'slot')} ${was(missedUnmaps)} given away again, and no probe had told the end before.`]
      : []),
    ...overdue.map((one) => overdueSentence(one, pool, lostEvents > 0)),
  ];
}

function poolFaults({ mappings, overdue, pool }: ReplayResult): string[] {
  const { kernelEndUsed, endUsed, missingEarlier, failed, unplaced } = pool;
  const refused = failed - unplaced;
  return [
    ...(missingEarlier > 0
      ? [
          `${count(missingEarlier, 'slot')} more ${was(missingEarlier)} freed than were in use before: --start-used ` +
            'is too low by as many.',
        ]
      : []),
    ...(refused > 0
      ? [
          `${count(refused, 'attempt')} found no slots here and ${was(refused)} not copied: the pool was full, or no ` +
            'mapping can be as large.',
        ]
      : []),
    ...(mappings.paired > 0 && kernelEndUsed !== null && kernelEndUsed !== endUsed && overdue.length === 0
      ? [
          `The kernel counted ${kernelEndUsed} slots in use at the end, and this ${endUsed}: calls were missed, or ` +
            'made between reading the count and starting or ending the trace.',
        ]
      : []),
  ];
}

function overdueSentence(one: Overdue, { kernelEndUsed, endUsed }: ReplayResult['pool'], isLossy: boolean): string {
  const { mappings, slots, heldNs, longestNs } = one;
  const held =
    `${count(mappings, 'mapping')} of ${deviceName(one.device)} (${count(slots, 'slot')}) had no end when the ` +
    `capture ended, the first after ${time(heldNs)}, although all others of its kind ended within ${time(longestNs)}`;
  const why = isLossy ? 'their unmapping was among the events that were lost, or' : '';
  const excess = kernelEndUsed === null ? null : endUsed - kernelEndUsed;
  const by = excess === slots ? `by exactly these ${slots}` : `by ${excess}`;
  const counted =
    excess === null || excess <= 0 ? '' : `; the kernel's own count at the end, ${kernelEndUsed}, is lower ${by}`;
  return `${held}:${why === '' ? '' : ` ${why}`} probes missed their unmapping${counted}.`;
}

/** What was assumed, a sentence each. */
export function assumptionsOf({ mappings, pool, transmit, devices, capture }: ReplayResult): string[] {
  const said: string[] = [];
  if (capture.ignored !== null) {
    said.push(`${capture.ignored} stands beside the capture, and is not about one: nothing is taken from it.`);
  }
  if (pool.sizeFrom === 'assumed') {
    said.push(`The slot pool has ${pool.slots} slots, the default of Linux: --pool sets another.`);
  }
  if (pool.startUsedFrom === 'assumed') {
    said.push(
      'No slots were in use before: --start-used sets another number, which io_tlb_used tells of a host. Each slot ' +
        'in use before raises all counts by one.',
    );
  }
  if (pool.holds !== null) {
    const { defaultNs, byDevice } = pool.holds;
    const others = Object.entries(byDevice).map(([device, ns]) => `${time(ns)} by ${device}`);
    const which = mappings.paired > 0 ? count(mappings.unpaired, 'mapping') : 'mappings';
    said.push(
      `The capture does not tell when ${which} ended: held for ${[time(defaultNs), ...others].join(', ')} (--hold).`,
    );
    const strangers = Object.keys(byDevice).filter((device) => !Object.hasOwn(devices, device));
    if (strangers.length > 0) said.push(`No device is called ${strangers.join(' or ')}: its time has no effect.`);
  }
  if (transmit.isAssumed) {
    const without =
      transmit.receiveSizes.length === 0 ? '' : `, but those of ${transmit.receiveSizes.join(' or ')} bytes`;
    said.push(
      `The capture does not tell ${mappings.paired > 0 ? 'all ' : ''}directions: such mappings count as ` +
        `transmitted${without}. --receive names sizes of receive buffers, which no design for transmitting gives back.`,
    );
  }
  if (mappings.paired > 0) said.push('What devices wrote is copied back when its mapping ends, once, and in whole.');
  return said;
}
