/** A replay as text. Pure. */
import { CONFIDENCE } from '../../bench/statistics/statistics.js';
import { SIZE_CLASSES } from '../../capture/replay/copy-costs.js';
import type { Price } from '../../capture/replay/copy-prices.js';
import type { ReplayedShare, ReplayResult } from '../../capture/replay/replay-result.js';
import { SLOT_SIZE } from '../../units.js';
import {
  bytes,
  count,
  duration,
  harmless,
  nanoseconds,
  REPORT_WIDTH,
  roughBytes,
  significant,
  wrap,
} from '../tables/format.js';
import { table } from '../tables/table.js';
import { occupancyBars } from './occupancy-bars.js';

/** Rows of devices and of CPUs that are shown. */
const MOST_ROWS = 12;
const BARS_WIDTH = 64;

const NOT_IN_IT =
  'Copies and slots on this CPU, now: not the memory encryption, exits and devices of the host that was captured. ' +
  'The event is printed before slots are searched, so it counts attempts; copies at a sync are not in it.';

/** A price with its interval, as `duration` has that of a summary. */
const priceText = ({ ns, lowNs, highNs }: Price) =>
  duration({ median: ns, low: lowNs, high: highNs, confidence: lowNs === highNs ? 0 : CONFIDENCE });

/** A share below this is shown as smaller. */
const SMALLEST_SHARE = 1e-6;

function percentOf(share: number | null): string {
  if (share === null) return 'unknown';
  return share > 0 && share < SMALLEST_SHARE ? '< 0.0001 %' : `${significant(share * 100)} %`;
}

/** `isPlain`: only characters of ASCII for bars. */
export function replayText(result: ReplayResult, isPlain = false): string {
  const sections = [
    headLines(result),
    whoLines(result),
    copyLines(result),
    transmitLines(result),
    poolLines(result, isPlain),
    listed('Faults of the capture', result.faults),
    unparsedLines(result),
    listed('Assumed', result.assumptions),
    wrap(NOT_IN_IT, REPORT_WIDTH),
  ];
  return harmless(
    sections
      .filter((lines) => lines.length > 0)
      .map((lines) => lines.join('\n'))
      .join('\n\n'),
  );
}

function headLines({ capture, events, bytes: sums, softirqShare, softirqByteShare }: ReplayResult): string[] {
  const kernel = capture.kernel === null ? '' : `, Linux ${capture.kernel}`;
  const lasted = capture.durationNs === 0 ? '' : ` in ${nanoseconds(capture.durationNs)}`;
  const failed = !events.failed ? '' : `, of which ${events.failed} found no slots`;
  const shares =
    softirqShare === null
      ? 'in which context is not told'
      : `${percentOf(softirqShare)} of them and ${percentOf(softirqByteShare)} of their bytes in softirqs`;
  const foreign = capture.foreign === 0 ? '' : `, ${capture.foreign} of other events`;
  return [
    `Replay of ${capture.name}${kernel}, ${count(capture.lines, 'line')}${foreign}`,
    '',
    ...wrap(
      `${count(events.bounced, 'attempt')} to bounce${lasted}${failed}, ${roughBytes(sums.bounced)}, ${shares}.`,
      REPORT_WIDTH,
    ),
  ];
}

function whoLines({ devices, cpus, events, bytes: sums }: ReplayResult): string[] {
  if (events.bounced === 0) return [];
  const rows = (kind: string, all: Readonly<Record<string, ReplayedShare>>): string[][] => {
    const named = Object.entries(all);
    const shown = named
      .slice(0, MOST_ROWS)
      .map(([name, share]) => [
        `${kind} ${name}`,
        String(share.events),
        percentOf(share.events / events.bounced),
        roughBytes(share.bytes),
        sums.bounced === 0 ? '-' : percentOf(share.bytes / sums.bounced),
        share.softirqEvents === null ? 'unknown' : percentOf(share.softirqEvents / share.events),
        nanoseconds(share.copies.ns),
      ]);
    const left = named.length - shown.length;
    return left > 0 ? [...shown, [`and ${left} more`, '', '', '', '', '', '']] : shown;
  };
  const head = ['bounced', 'attempts', 'share', 'bytes', 'share', 'in softirq', 'copies here'];
  return [table(head, [...rows('device', devices), ...rows('CPU', cpus)], 1)];
}

function copyLines({ copies, control }: ReplayResult): string[] {
  const passes = copies.passes === 1 ? 'one pass' : `${copies.passes} passes`;
  if (copies.count === 0) return ['Nothing was copied: no mapping found slots.'];
  const around = control.callNs.median + (control.searchNs?.median ?? 0);
  const rows = copies.classes.map((one) => {
    const at = SIZE_CLASSES.indexOf(one.upToBytes);
    const from = at <= 0 ? 1 : SIZE_CLASSES[at - 1]! + 1;
    const each = one.nsPerCopy?.median ?? one.meanNs;
    return [
      `${from === 1 ? '' : `> ${bytes(from - 1)} `}<= ${bytes(one.upToBytes)}`,
      String(Math.round(one.copies)),
      roughBytes(Math.round(one.bytes)),
      one.nsPerCopy === null ? `~ ${nanoseconds(each)}` : duration(one.nsPerCopy),
      nanoseconds(one.copies * each),
      percentOf((one.copies * each) / copies.price.ns),
      significant(each / around),
    ];
  });
  const head = ['size', 'copies', 'bytes', 'per copy', 'all', 'share', 'copy / search and call'];
  const search = control.searchNs === null ? 'not known, for too few were made' : duration(control.searchNs);
  const sums =
    `${copies.count === 1 ? 'The one copy takes' : `All ${Math.round(copies.count)} copies take`} ` +
    `${priceText(copies.price)} here (${copies.copyKernel}, ${passes})` +
    `${copies.coreShare === null ? '' : `, ${percentOf(copies.coreShare)} of a CPU over the time of the capture`}. ` +
    `Each mapping costs beside its copy: finding and freeing its slots ${search}, the native call ` +
    `${duration(control.callNs)}, both of this program and not of Linux. A copy of one byte is timed as ` +
    `${duration(control.oneByteNs)}: about as much of each copy is the clock's.`;
  return [table(head, rows, 1), '', ...wrap(sums, REPORT_WIDTH)];
}

function transmitLines({ transmit, copies }: ReplayResult): string[] {
  if (transmit.mappings === 0)
    return ['Nothing was transmitted, so no design for transmitting would give anything back.'];
  const what = transmit.isAssumed ? 'What is taken for transmitted' : 'What was transmitted';
  const text =
    `${what}: ${count(Math.round(transmit.mappings), 'mapping')}, ${roughBytes(Math.round(transmit.bytes))}, ` +
    `${priceText(transmit.price)} of copies. Of that each design gives back:`;
  const rows = transmit.designs.map(({ design, bounceCopies, price, coreShare }) => [
    design,
    String(bounceCopies),
    price.ns === 0 ? 'nothing' : nanoseconds(price.ns),
    percentOf(copies.price.ns === 0 ? null : price.ns / copies.price.ns),
    percentOf(coreShare),
  ]);
  const head = ['design', 'bounce copies', 'gives back', 'of all copies', 'of a CPU'];
  return [
    ...wrap(text, REPORT_WIDTH),
    table(head, rows, 1),
    ...wrap('What a design costs instead, in its sender and for its slots, `copytax bench` measures.', REPORT_WIDTH),
  ];
}

const WHERE = { given: 'as given', sidecar: 'as noted beside the capture', assumed: 'assumed' } as const;

function poolLines({ pool, capture }: ReplayResult, isPlain: boolean): string[] {
  const { slots, areas, startUsed, highWater, endUsed, kernelEndUsed, timeline } = pool;
  const most = Math.max(highWater, startUsed);
  const shown = occupancyBars(timeline.parts, most, BARS_WIDTH, isPlain);
  const rows = [
    ['in use before', String(startUsed), WHERE[pool.startUsedFrom]],
    ['high-water mark', String(highWater), againstMark(pool)],
    ['in use at the end', String(endUsed), against(endUsed, kernelEndUsed)],
  ];
  const swept = [
    ...pool.sweep,
    ...(pool.holds === null ? [] : [{ holdNs: pool.holds.defaultNs, highWater, endUsed, failed: pool.failed }]),
  ].sort((a, b) => a.holdNs - b.holdNs);
  const sweepRows = swept.map((one) => [
    nanoseconds(one.holdNs),
    String(one.highWater),
    String(one.endUsed),
    String(one.failed),
  ]);
  return [
    `Slot pool of ${count(slots, 'slot')} (${roughBytes(slots * SLOT_SIZE)}) in ${count(areas, 'area')}, ` +
      WHERE[pool.sizeFrom],
    table(['', 'slots', ''], rows, 3),
    ...(shown === '' ? [] : ['', `0 to ${most} slots over ${nanoseconds(capture.durationNs)}`, `|${shown}|`]),
    ...(pool.unplaced > 0 ? ['', ...wrap(unplacedText(pool.unplaced), REPORT_WIDTH)] : []),
    ...(swept.length === 0
      ? []
      : ['', table(['if each mapping is held for', 'high-water mark', 'at the end', 'found no slots'], sweepRows, 1)]),
  ];
}

function against(ours: number, kernels: number | null): string {
  if (kernels === null) return 'what the kernel counted is not known';
  return ours === kernels ? 'as the kernel counted' : `the kernel counted ${kernels}`;
}

function againstMark({ highWater, kernelHighWater, kernelPolledMost }: ReplayResult['pool']): string {
  if (kernelHighWater !== null || kernelPolledMost === null) return against(highWater, kernelHighWater);
  return `the kernel kept no mark; looking again and again saw ${kernelPolledMost} at most`;
}

const unplacedText = (unplaced: number) =>
  `${count(unplaced, 'mapping')} that had slots in Linux found none here, because where the slots lay that were in ` +
  'use before is not told. They are counted as in use.';

function unparsedLines({ unparsed, unparsedLines: all }: ReplayResult): string[] {
  if (all === 0) return [];
  const left = all - unparsed.length;
  return [
    'Lines that could not be read',
    ...unparsed.map(({ line, text }) => `  ${line}: ${text}`),
    ...(left > 0 ? [`  and ${left} more`] : []),
  ];
}

function listed(title: string, sentences: readonly string[]): string[] {
  return sentences.length === 0 ? [] : [title, ...sentences.flatMap((one) => wrap(one, REPORT_WIDTH, '  ', '- '))];
}
