/** What stands below the tables: how states are made, what bytes are moved, and what this host has not. Pure. */
import type { BenchSettings } from '../../lib/bench/plan/settings.js';
import { KIB, MIB } from '../../lib/units.js';
import { chunkBytesOf, DESTINATION_STATES, type DestinationState, MEMORY_SHARE, type Spans } from './copy-states.js';
import { PAGE_KINDS, type PageKind, type Possible } from './surface-points.js';

const sizeText = (bytes: number) => {
  const [unit, name] = bytes >= MIB ? [MIB, 'MiB'] : [KIB, 'KiB'];
  return `${Number((bytes / unit).toPrecision(4))} ${name}`;
};

/** What a run has, beside what it could have. */
export interface Had {
  readonly spans: Spans;
  readonly possible: Possible;
  readonly cpus: BenchSettings['cpus'];
  readonly pages: readonly PageKind[];
  /** Of each side of copies between pages of each size. */
  readonly pageBytes: number;
  /** Pages of hugetlb that Linux tells are free, and what copies between them need. */
  readonly hugePagesFree: number | null;
  readonly hugePagesNeeded: number;
  readonly transparentHugePages: string | null;
  readonly effort: BenchSettings['effort'];
  readonly availableBytes: number;
}

function memoryText({ cacheBytes, memoryBytes, cappedFrom }: Spans, availableBytes: number): string {
  const cache = cacheBytes === null ? 'which the host does not tell; 32 MiB are assumed' : sizeText(cacheBytes);
  const large = `memory: each side is a span of ${sizeText(memoryBytes)}, used in turn: a byte again when all others `;
  const why =
    cappedFrom === null
      ? ''
      : ` Four times the cache would be ${sizeText(cappedFrom)}: a side has 1/${1 / MEMORY_SHARE} of the memory that ` +
        `is available (${sizeText(availableBytes)}), and at most 1 GiB, with --quick 256 MiB.`;
  const doubt =
    memoryBytes >= 2 * (cacheBytes ?? 0) ? '' : ' That is less than twice the cache: part of it may be in there.';
  return `${large}were. The last-level cache: ${cache}. Sizes above it come from it.${why}${doubt}`;
}

/** Why a state is left out; null if it is not. */
function whyWithout(state: DestinationState, { spans, possible, cpus }: Had): string | null {
  if (possible(state) && chunkBytesOf(state, spans) > 0) return null;
  if (state === 'other core') return cpus.length < 2 ? 'this run has one CPU' : 'it was not asked for';
  if (state === 'flushed') return 'programs cannot empty caches on this architecture';
  if (spans.cacheBytes === null) return 'the host does not tell its caches';
  return 'by what the host tells of its caches, nothing is evicted to it alone';
}

/** Why copies between pages of this kind are left out. */
function whyWithoutPages(kind: PageKind, { effort, transparentHugePages, hugePagesFree, hugePagesNeeded }: Had) {
  if (effort === 'quick') return 'a quick run has none of these';
  if (kind === 'hugetlb') {
    if (hugePagesFree === null) return 'Linux does not tell how many are free';
    return `Linux tells ${hugePagesFree} free ones, and ${hugePagesNeeded} are needed`;
  }
  return transparentHugePages === null ? 'Linux does not tell whether it gives them' : 'Linux tells that it gives none';
}

/** One line for all kinds of pages that are left out for the same reason. */
function pageLines(had: Had): string[] {
  const without = PAGE_KINDS.filter((kind) => !had.pages.includes(kind));
  const reasons = [...new Set(without.map((kind) => whyWithoutPages(kind, had)))];
  return reasons.map((why) => {
    const kinds = without.filter((kind) => whyWithoutPages(kind, had) === why);
    return `Left out: copies by page size, ${kinds.join(', ')}, because ${why}.`;
  });
}

export function legendOf(had: Had): string[] {
  const { l2, llc } = had.spans;
  const walked = [
    ...(l2 === null ? [] : [`L2: read, then ${sizeText(l2.walkBytes)} of other memory`]),
    ...(llc === null ? [] : [`LLC: read, then ${sizeText(llc.walkBytes)} of other memory`]),
  ];
  const without = DESTINATION_STATES.flatMap((state) => {
    const why = whyWithout(state, had);
    return why === null ? [] : [`Left out: ${state}, because ${why}.`];
  });
  return [
    'GB/s: first bytes copied, then bytes moved between caches and memory. Moved is an assumption, no measurement: ' +
      'a read and a write of each byte, and one more read where stores are temporal and no cache has the line, for a ' +
      'line is read before a part of it is written. libc and movsb may leave that read out in long copies. At first ' +
      'touch it is a write instead: Linux fills the page with zeros, which the time holds as well.',
    `hot: copied just before, on both sides where both are hot.${walked.map((text) => ` ${text}.`).join('')} ` +
      'flushed: by instruction. other core: written by a thread on another CPU. first touch: mapped, not populated.',
    'Copies of a sample follow each other in memory, each where no other was unless that side is hot. Hot for ' +
      'non-temporal stores is what they leave behind, which is not in the caches.',
    memoryText(had.spans, had.availableBytes),
    'Alignment: to offsets of whole lines at which the destination is at least 1 KiB away from the source modulo ' +
      '4 KiB. aliased: it is 64 B ahead; equal: not at all; 0 B to 64 B: the source beside the begin of a line. All ' +
      'other copies avoid aliasing, too, except where one side is hot, the other is not, and the size is no multiple ' +
      'of 4 KiB: these pass all offsets.',
    ...(had.pages.length === 0 ? [] : [`Pages: each side has ${sizeText(had.pageBytes)}, used in turn.`]),
    'auto: chooses anew in each round. All copy kernels are measured right after that, in turns, where the source ' +
      'was just written and the destination left L2.',
    ...without,
    ...pageLines(had),
  ];
}
