/** A replay over time: how full the slot pool was, and what was bounced in which context. */
import type { ReplayResult } from '../../capture/replay/replay-result.js';
import { MIB, SLOT_SIZE } from '../../units.js';
import { count, nanoseconds, roughBytes } from '../tables/format.js';
import { COLOURS, drawn, type NamedChart, titleOf } from './chart.js';
import { namedLines } from './lines.js';
import type { Plot } from './plots.js';

const WIDTH = 960;
const HEIGHT = 560;
const NS_PER_MS = 1e6;
const NS_PER_S = 1e9;

const AXIS = { nameLocation: 'middle', nameGap: 52 } as const;

/** Returns the pictures of a replay: none if the capture has no events with times. */
export function replayPlots(result: ReplayResult): Plot[] {
  return replayCharts(result).map((chart) => ({ file: chart.file, svg: drawn(chart) }));
}

/** The same, not yet drawn. */
export function replayCharts(result: ReplayResult): NamedChart[] {
  const { timeline, startUsed, slots, highWater, kernelHighWater } = result.pool;
  if (timeline.parts.length === 0) return [];
  const atMs = (ns: number) => Number((ns / NS_PER_MS).toPrecision(6));
  const rate = (bytes: number) => Number((bytes / MIB / (timeline.partNs / NS_PER_S)).toPrecision(4));
  const line = { type: 'line', symbol: 'none', step: 'end', lineStyle: { width: 1.5 } } as const;
  const used = (of: 'usedLow' | 'usedHigh') => timeline.parts.map((part) => [atMs(part.fromNs), part[of]]);
  const marks = [
    { yAxis: highWater, name: `high-water mark ${highWater}` },
    ...(kernelHighWater === null || kernelHighWater === highWater
      ? []
      : [{ yAxis: kernelHighWater, name: `the kernel's ${kernelHighWater}` }]),
    { yAxis: startUsed, name: `before ${startUsed}` },
  ];
  const head =
    `${count(result.events.bounced, 'attempt')} to bounce in ${nanoseconds(result.capture.durationNs)}, ` +
    `${roughBytes(result.bytes.bounced)}; slot pool of ${slots} slots (${roughBytes(slots * SLOT_SIZE)})`;
  const source = `${result.capture.name}${result.capture.kernel === null ? '' : `, Linux ${result.capture.kernel}`}`;
  const option = {
    title: titleOf('Slots in use, and what was bounced', head, source),
    legend: { top: 84, left: 'center' },
    grid: [
      { left: 88, right: 130, top: 124, height: 200 },
      { left: 88, right: 130, top: 372, height: 120 },
    ],
    xAxis: [
      { type: 'value', gridIndex: 0, axisLabel: { show: false } },
      { type: 'value', gridIndex: 1, name: 'milliseconds of the capture', nameLocation: 'middle', nameGap: 28 },
    ],
    yAxis: [
      {
        type: 'value',
        gridIndex: 0,
        name: 'slots in use',
        ...AXIS,
        max: ({ max }: { max: number }) => Math.max(max, ...marks.map(({ yAxis }) => yAxis)),
      },
      { type: 'value', gridIndex: 1, name: 'MiB/s', ...AXIS },
    ],
    series: [
      {
        ...line,
        name: 'most slots at a time',
        data: used('usedHigh'),
        markLine: namedLines(marks, {
          lineStyle: { color: '#888888', type: 'dotted' },
          label: { formatter: '{b}', position: 'end', fontSize: 11 },
        }),
      },
      { ...line, name: 'fewest slots at a time', data: used('usedLow') },
      {
        ...line,
        name: 'bounced',
        xAxisIndex: 1,
        yAxisIndex: 1,
        data: timeline.parts.map((part) => [atMs(part.fromNs), rate(part.bytes)]),
      },
      ...(result.softirqShare === null
        ? []
        : [
            {
              ...line,
              name: 'of that in softirqs',
              xAxisIndex: 1,
              yAxisIndex: 1,
              data: timeline.parts.map((part) => [atMs(part.fromNs), rate(part.softirqBytes)]),
            },
          ]),
    ],
    color: [0, 6, 1, 2].map((index) => COLOURS[index]!),
  };
  return [{ file: 'occupancy.svg', option, width: WIDTH, height: HEIGHT }];
}
