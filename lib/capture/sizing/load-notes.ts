/** What has to be known of the loads that pools were tried with: where a capture is not whole. Pure. */
import type { CapturedLoad } from '../load/captured-load.js';
import { type Found, note } from './assumptions.js';
import type { SizedLoad, SizingNote } from './pool-sizing.js';

/** Devices that are named beside one that a capture does not have. */
const NAMED = 5;

export function loadNotes({ loads }: Found, captures: readonly CapturedLoad[]): SizingNote[] {
  const tooLarge = loads.reduce((sum, one) => sum + one.tooLarge, 0);
  const large = `${tooLarge} mappings are larger than a segment of 256 KiB: no pool of any size has room for them`;
  const remedy = 'their driver has to ask for less (dma_max_mapping_size, max_sectors_kb)';
  return [
    ...(tooLarge > 0 ? [note('too-large', `${large}; ${remedy}`)] : []),
    ...unusedHolds(captures),
    ...captures.flatMap(droppedNotes),
    ...loads.flatMap((one) => [...captureNotes(one), ...endNotes(one)]),
  ];
}

function droppedNotes({ load, dropped }: CapturedLoad): SizingNote[] {
  if (dropped === 0) return [];
  const text = `${load.name} is long: ${dropped} of its mappings are left out, in the windows that were least busy`;
  return [note('dropped-windows', `${text}, so that shares are those of the busy ones`)];
}

function captureNotes({ name, capture, told }: SizedLoad): SizingNote[] {
  if (capture === null) return [];
  const { lostEvents, lostUncounted, unparsedLines, unparsed, outOfOrder } = capture;
  const { restarts = 0, doubled = 0 } = told ?? {};
  const notes: SizingNote[] = [];
  if (lostEvents + lostUncounted > 0) {
    const lost = lostEvents > 0 ? lostEvents : 'an unknown number of';
    notes.push(note('lost-events', `${name} has lost ${lost} events: the real load was higher`));
  }
  if (unparsedLines > 0) {
    const [first] = unparsed;
    const where = first === undefined ? '' : `, the first of which is line ${first.line}`;
    const text = `${name} has ${unparsedLines} lines that could not be read${where}: the real load may be higher`;
    notes.push(note('unread-lines', text));
  }
  // Where times begin again an event is earlier, too, and is taken otherwise.
  if (outOfOrder > restarts) {
    const text = `${name} goes back in time: ${outOfOrder} events of a CPU are earlier than the one before`;
    const taken = 'each is taken to be of the latest time, so durations may be wrong, and more be held at a time';
    notes.push(note('out-of-order', `${text}; ${taken}`));
  }
  if (restarts > 0) {
    const text = `times of ${name} begin again ${restarts} times: the parts are taken to follow each other`;
    notes.push(note('restarts', `${text}, and each to begin with what the one before has in use`));
  }
  if (doubled > 0) {
    const text = `${name} tells ${doubled} attempts twice in a row, of the same buffer at the same time`;
    notes.push(note('doubled', `${text}: if its lines are doubled, so is its load`));
  }
  return notes;
}

function endNotes({ name, holds }: SizedLoad): SizingNote[] {
  if (holds === null || holds.missing === null) return [];
  const why = {
    'none-ended': 'tells slots, but not one that was given back, as without a probe at swiotlb_tbl_unmap_single',
    'above-high-water': 'tells fewer ends than there were: more slots would be in use than the host has counted',
  }[holds.missing];
  const text = `${name} ${why}: mappings that seem to stay are taken for mappings whose end is not told`;
  return [note('missing-ends', `${text}. If they do stay, count their slots in --floor, or give a long --hold`)];
}

/** Times that were given and change nothing: in no capture there is a mapping that they could be of. */
function unusedHolds(captures: readonly CapturedLoad[]): SizingNote[] {
  const uses = captures.flatMap(({ holds }) => holds?.given ?? []);
  const names = [...new Set(captures.flatMap(({ load }) => load.devices ?? []))].filter((name) => name !== null);
  return [...new Set(uses.map(({ device }) => device))].flatMap((device) => {
    const ofDevice = uses.filter((one) => one.device === device);
    if (ofDevice.some(({ untold }) => untold > 0)) return [];
    const option = device === null ? '--hold for other devices' : `--hold ${device}=`;
    const shown =
      names.slice(0, NAMED).join(', ') + (names.length > NAMED ? ` and ${names.length - NAMED} others` : '');
    const none = names.length === 0 ? 'no capture names devices' : `there are ${shown}`;
    const isThere = device === null || ofDevice.some(({ mappings }) => mappings > 0);
    const why = isThere ? 'the ends of all its mappings are told' : `no mapping is of that device: ${none}`;
    return [note('unused-hold', `${option} changes nothing: ${why}`)];
  });
}
