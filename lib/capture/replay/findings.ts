/** What a reader of a replay has to know: why the capture is faulty, and what was assumed. Pure. */
import type { Overdue } from './lifetimes.js';
import type { ReplayResult } from './replay-result.js';

const count = (value: number, noun: string) => `${value} ${noun}${value === 1 ? '' : 's'}`;
const ms = (ns: number) => `${(ns / 1e6).toPrecision(3)} ms`;
const deviceName = (device: string | null) => device ?? 'a device that is not told';

/** Why the capture is faulty, a sentence each; none if it is not. */
export function faultsOf(result: ReplayResult): string[] {
  const { mappings, lostEvents, lostUncounted, outOfOrder, unparsedLines, overdue, pool } = result;
  const faults: string[] = [];
  if (unparsedLines > 0) faults.push(`${count(unparsedLines, 'line')} could not be read.`);
  if (lostEvents > 0) faults.push(`The trace lost ${count(lostEvents, 'event')}: its buffer was too small.`);
  if (lostUncounted > 0) {
    faults.push(`The trace lost events in ${count(lostUncounted, 'place')}, and does not say how many.`);
  }
  if (outOfOrder > 0) faults.push(`${count(outOfOrder, 'event')} of a CPU are earlier than the one before.`);
  if (mappings.paired > 0 && mappings.unpaired > 0) {
    faults.push(`Of ${count(mappings.unpaired, 'attempt')} the probes do not tell what became of it.`);
  }
  if (mappings.brokenProbes > 0) {
    faults.push(`The probes missed ${count(mappings.brokenProbes, 'entry or return')} of the map function.`);
  }
  if (mappings.missedUnmaps > 0) {
    faults.push(`${count(mappings.missedUnmaps, 'slot')} were given away again although no probe told their end.`);
  }
  faults.push(...overdue.map((one) => overdueSentence(one, pool)));
  const { kernelEndUsed, endUsed, missingEarlier } = pool;
  if (missingEarlier > 0) {
    faults.push(
      `${count(missingEarlier, 'slot')} more were freed than were in use before: --start-used is too low by as many.`,
    );
  }
  if (mappings.paired > 0 && kernelEndUsed !== null && kernelEndUsed !== endUsed && overdue.length === 0) {
    const why = 'the probes missed calls, or some were made between reading the count and starting or ending the trace';
    faults.push(`The kernel counted ${kernelEndUsed} slots in use at the end, and this ${endUsed}: ${why}.`);
  }
  return faults;
}

function overdueSentence(one: Overdue, { kernelEndUsed: after, endUsed }: ReplayResult['pool']): string {
  const { mappings, slots, heldNs, longestNs } = one;
  const held =
    `${count(mappings, 'mapping')} of ${deviceName(one.device)} (${count(slots, 'slot')}) had no end when the ` +
    `capture ended, the first after ${ms(heldNs)}, although all others of its kind ended within ${ms(longestNs)}`;
  const excess = after === null ? null : endUsed - after;
  const counted =
    excess === null
      ? ''
      : excess === slots
        ? `; the kernel's own count at the end, ${after}, is lower by exactly these ${slots}`
        : `; the kernel's own count at the end, ${after}, is lower by ${excess}`;
  return `${held}: probes missed their unmapping${counted}.`;
}

/** What was assumed, a sentence each. */
export function assumptionsOf({ mappings, pool, transmit }: ReplayResult): string[] {
  const said: string[] = [];
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
    const others = Object.entries(pool.holds.byDevice).map(([device, ns]) => `${ms(ns)} by ${device}`);
    const held = [`${ms(pool.holds.defaultNs)}`, ...others].join(', ');
    said.push(`The capture does not tell when mappings ended: each is held for ${held} (--hold).`);
  }
  if (transmit.isAssumed) {
    const without =
      transmit.receiveSizes.length === 0 ? '' : `, but those of ${transmit.receiveSizes.join(' or ')} bytes`;
    said.push(
      `The capture does not tell directions: all mappings count as transmitted${without}. --receive names sizes of ` +
        'receive buffers, which no design for transmitting gives back.',
    );
  }
  if (mappings.paired > 0) said.push('What devices wrote is copied back when its mapping ends, once, and in whole.');
  return said;
}
