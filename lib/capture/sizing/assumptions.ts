/** What a sizing assumes, as notes. Pure. */
import { GIB, KIB, MIB } from '../../units.js';
import type { CapturedLoad } from '../load/captured-load.js';
import type { HoldTimes } from '../load/hold-times.js';
import type { PoolSizing, SizingNote, SizingNoteCode } from './pool-sizing.js';

type Found = Omit<PoolSizing, 'notes'>;

const note = (code: SizingNoteCode, text: string): SizingNote => ({ code, text });

function timeText(ns: number): string {
  const [unit, name] = ns >= 1e9 ? [1e9, 's'] : ns >= 1e6 ? [1e6, 'ms'] : [1e3, 'µs'];
  return `${Number((ns / unit).toPrecision(3))} ${name}`;
}

function bytesText(bytes: number): string {
  const [unit, name] = bytes >= GIB ? [GIB, 'GiB'] : bytes >= MIB ? [MIB, 'MiB'] : [KIB, 'KiB'];
  return `${Number((bytes / unit).toPrecision(3))} ${name}`;
}

/** Returns the notes of what was assumed. */
export function assumptionsOf(found: Found, captures: readonly CapturedLoad[]): SizingNote[] {
  return [...holdNotes(found), ...flowNotes(found), ...floorNotes(found), ...dropNotes(captures), ...pageNotes(found)];
}

function holdNotes({ loads }: Found): SizingNote[] {
  return loads.flatMap(({ name, holds }) => {
    if (holds === null || holds.source === null || holds.holdNs === null) return [];
    const time = timeText(holds.holdNs);
    const how = {
      given: 'as given',
      median: 'the median of those of the same device whose end it tells',
      fitted: 'so that the pool is as full as the host has counted (io_tlb_used_hiwater)',
      assumed: `as nothing tells more, so give --hold: ${guessText(holds.ifHeld)}`,
    }[holds.source];
    const which = `${name} does not tell when ${holds.untold} of its mappings end`;
    return [note('assumed-hold', `${which}: each is taken to be held for ${time}, ${how}`)];
  });
}

function guessText(ifHeld: HoldTimes['ifHeld']): string {
  const each = ifHeld.map(({ holdNs, mostSlots }) => `with ${timeText(holdNs)} at most ${mostSlots} slots`);
  return `${each.join(', ')} are in use beside the floor`;
}

function flowNotes({ flows, loads }: Found): SizingNote[] {
  if (flows === null) return [];
  const { packetBytes, inDeviceBytes, allBufferBytes, reachesRate } = flows;
  const hold = timeText(flows.holdNs ?? 1e6);
  const rate = reachesRate ? '' : ', fewer than the rate asks for: the send buffers are too small for it';
  const packets = `packets of ${bytesText(packetBytes)} (a header, and fragments of at most 32 KiB) begin at random`;
  return [
    note(
      'assumed-flows',
      `${loads[0]!.name}: ${packets}, on ${flows.cpus} CPUs, and the device holds each for ${hold} (--hold), so that ` +
        `${bytesText(inDeviceBytes)} are in it on average${rate}`,
    ),
    note(
      'send-buffers',
      `all send buffers together are ${bytesText(allBufferBytes)}: as much may wait if the device stalls, unless its ` +
        'rings are shorter; no pool has to hold that, since what is not mapped waits in the stack',
    ),
  ];
}

function floorNotes({ loads, flows }: Found): SizingNote[] {
  const floors = loads.map(({ floor }) => floor);
  const most = Math.max(...floors);
  if (most === 0) {
    const whose = flows === null ? 'a capture does not tell what was in use before it' : 'flows have none';
    const text = `nothing is held from before: ${whose}. Receive buffers stay mapped: give --floor`;
    return [note('assumed-floor', `${text} (io_tlb_used at rest)`)];
  }
  const told = Math.min(...floors) === most ? `${most}` : `${Math.min(...floors)} to ${most}`;
  const text = `${told} slots are held from before, one each, spread as after a boot with up to as many holes`;
  return [note('assumed-floor', text)];
}

function dropNotes(captures: readonly CapturedLoad[]): SizingNote[] {
  const text = 'a mapping that fails is gone: its driver drops it, and nothing is tried again';
  const failed = captures.reduce((sum, { mappings }) => sum + mappings.failed, 0);
  const tried = `; ${failed} that failed when it was recorded are tried, too`;
  return [note('assumed-drop', `${text}${failed > 0 ? tried : ''}`)];
}

function pageNotes({ flows }: Found): SizingNote[] {
  const text = 'bounce pages: senders take blocks of 32 KiB, or pages, as long as less than the percent is in use, and';
  const held =
    flows === null
      ? 'never lack data; all mappings of the capture are made as well, so this is the worst case for others'
      : 'hold them until their bytes were sent; what lies in pages is not mapped';
  return [note('pages', `${text} ${held}`)];
}
