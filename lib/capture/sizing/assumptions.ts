/** What a sizing assumes, as notes. Pure. */
import { GIB, KIB, MIB, SLOT_SIZE } from '../../units.js';
import type { CapturedLoad } from '../load/captured-load.js';
import type { HoldGroup, HoldTimes } from '../load/hold-times.js';
import type { PoolSizing, SizedLoad, SizingNote, SizingNoteCode } from './pool-sizing.js';

/** What notes are about. */
export type Found = Omit<PoolSizing, 'notes'>;

export const mib = (slots: number) => `${(slots * SLOT_SIZE) / MIB} MiB`;
export const note = (code: SizingNoteCode, text: string): SizingNote => ({ code, text });

function timeText(ns: number): string {
  const [unit, name] = ns >= 1e9 ? [1e9, 's'] : ns >= 1e6 ? [1e6, 'ms'] : [1e3, 'µs'];
  return `${Number((ns / unit).toPrecision(3))} ${name}`;
}

export function bytesText(bytes: number): string {
  const [unit, name] = bytes >= GIB ? [GIB, 'GiB'] : bytes >= MIB ? [MIB, 'MiB'] : [KIB, 'KiB'];
  return `${Number((bytes / unit).toPrecision(3))} ${name}`;
}

/** Returns the notes of what was assumed. */
export function assumptionsOf(found: Found, captures: readonly CapturedLoad[]): SizingNote[] {
  return [
    ...holdNotes(found),
    ...stayNotes(found),
    ...flowNotes(found),
    ...floorNotes(found),
    ...dropNotes(captures),
    ...pageNotes(found),
  ];
}

/** Groups of mappings with a time of their own that are told apart. */
const GROUPS = 4;

function holdNotes({ loads }: Found): SizingNote[] {
  return loads.flatMap(({ name, holds }) => {
    if (holds === null || holds.groups.length === 0) return [];
    const which = `${name} does not tell when ${holds.untold} of its mappings end`;
    const [only] = holds.groups;
    if (holds.groups.length === 1) {
      return [note('assumed-hold', `${which}: each is taken to be held ${howLong(only!, holds.ifHeld)}`)];
    }
    const shown = holds.groups.slice(0, GROUPS).map((group) => {
      const whose = group.device === null ? 'without a time of their device' : `of ${group.device}`;
      return `${group.mappings} ${whose} ${howLong(group, holds.ifHeld)}`;
    });
    const left = holds.groups.slice(GROUPS).reduce((sum, { mappings }) => sum + mappings, 0);
    const others = left === 0 ? [] : [`${left} of other devices likewise`];
    return [note('assumed-hold', `${which}. They are taken to be held: ${[...shown, ...others].join('; ')}`)];
  });
}

function howLong({ source, holdNs }: HoldGroup, ifHeld: HoldTimes['ifHeld']): string {
  const how = {
    given: 'as given',
    median: 'the median of those of the same device whose end it tells',
    fitted: 'so that the pool is as full as the host has counted (io_tlb_used_hiwater)',
    assumed: `as nothing tells more, so give --hold: ${guessText(ifHeld)}`,
  }[source];
  return `for ${timeText(holdNs)}, ${how}`;
}

function stayNotes({ loads }: Found): SizingNote[] {
  return loads.flatMap(({ name, heldToEnd, holds }) => {
    if (holds === null || heldToEnd === 0) return [];
    const text = `${heldToEnd} mappings of ${name} do not end before it does: they are held to the end`;
    return [note('assumed-held-to-end', text)];
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
  const [least, most] = [Math.min(...floors), Math.max(...floors)];
  const unknown = loads.filter(({ floorFrom }) => floorFrom === null);
  const notes: SizingNote[] = [];
  if (most > 0) {
    const held = most === 1 ? '1 slot is held' : `${least === most ? most : `${least} to ${most}`} slots are held`;
    notes.push(note('assumed-floor', `${held} from before, one each, spread as after a boot with up to as many holes`));
  }
  for (const { name, floor } of loads.filter(({ floorFrom }) => floorFrom === 'after')) {
    const text = `what was in use before ${name} is not noted, so what was in use after it is taken: ${floor}`;
    notes.push(note('assumed-floor', `${text}, which may be some of its own mappings. Else give --floor`));
  }
  if (unknown.length > 0) {
    const whose = flows === null ? `${namesOf(unknown)} not tell what was in use before` : 'flows have none';
    const text = `nothing is held from before: ${whose}. Receive buffers stay mapped: give --floor`;
    notes.push(note('assumed-floor', `${text} (io_tlb_used at rest)`));
  }
  return notes;
}

function namesOf(loads: readonly SizedLoad[]): string {
  return `${loads.map(({ name }) => name).join(' and ')} ${loads.length === 1 ? 'does' : 'do'}`;
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
