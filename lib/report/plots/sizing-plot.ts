/** Which slot pool is enough: the share of mappings that fail in pools of each size, and pools that are asked about. */
import type { ComparedPool, PoolSizing, TriedPool } from '../../capture/sizing/pool-sizing.js';
import { bytes, count } from '../tables/format.js';
import { COLOURS, drawn, type NamedChart, titleOf } from './chart.js';
import { namedLines } from './lines.js';
import type { Plot } from './plots.js';

const WIDTH = 960;
const HEIGHT = 520;

const NAMES: Readonly<Record<ComparedPool['name'], string>> = {
  have: 'what there is',
  default: '64 MiB',
  'share-of-memory': '6 % of memory',
  largest: '1 GiB',
};

/** Returns the picture of a search for a size: none where no pool was tried in which a mapping could fail. */
export function sizingPlots(sizing: PoolSizing): Plot[] {
  return sizingCharts(sizing).map((chart) => ({ file: chart.file, svg: drawn(chart) }));
}

/** Of each size the pool with the most areas, the smallest first. `isPaged`: with bounce pages of senders in it. */
function column({ pools }: PoolSizing, isPaged: boolean): TriedPool[] {
  const bySlots = new Map<number, TriedPool>();
  for (const pool of pools) {
    if (pool.failures === null || pool.percent > 0 !== isPaged) continue;
    const other = bySlots.get(pool.slots);
    if (other === undefined || pool.areas >= other.areas) bySlots.set(pool.slots, pool);
  }
  return [...bySlots.values()].sort((a, b) => a.slots - b.slots);
}

/** A logarithmic axis has no place for 0: pools without a failure are shown by their upper limit only. */
function linesOf(pools: readonly TriedPool[], name: string, colour: string) {
  const line = (of: 'probability' | 'high', label: string, type: 'solid' | 'dashed') => ({
    name: `${label}${name}`,
    type: 'line',
    symbolSize: 5,
    itemStyle: { color: colour },
    lineStyle: { color: colour, width: 2, type },
    data: pools.flatMap(({ bytes: size, failures }) =>
      failures![of] > 0 ? [[size, Number(failures![of].toPrecision(4))]] : [],
    ),
  });
  return [line('probability', 'failed', 'solid'), line('high', 'upper limit', 'dashed')].filter(
    ({ data }) => data.length > 0,
  );
}

/** Pools that are asked about, and the recommended one: those of one size have one mark. */
function marksOf({ compared, recommended }: PoolSizing) {
  const all = [
    ...compared.map(({ name, pool }) => ({ name: NAMES[name], at: pool.bytes })),
    ...(recommended === null ? [] : [{ name: 'recommended', at: recommended.bytes }]),
  ];
  return [...new Set(all.map(({ at }) => at))].map((at) => {
    const here = all.filter((one) => one.at === at);
    const isRecommended = here.some(({ name }) => name === 'recommended');
    return {
      name: here.map(({ name }) => name).join(', '),
      xAxis: at,
      lineStyle: { color: isRecommended ? '#000000' : '#888888', type: isRecommended ? 'solid' : 'dotted' },
      label: { position: 'insideEndTop', rotate: 90 },
    };
  });
}

/** The same, not yet drawn. */
export function sizingCharts(sizing: PoolSizing): NamedChart[] {
  const [plain, paged] = [column(sizing, false), column(sizing, true)];
  const [first] = paged;
  const series = [
    ...linesOf(plain, '', COLOURS[0]!),
    ...(first === undefined ? [] : linesOf(paged, `, with pages, ${first.percent} %`, COLOURS[1]!)),
  ];
  if (series.length === 0) return [];
  const marks = marksOf(sizing);
  const sizes = [...series.flatMap(({ data }) => data.map(([size]) => size!)), ...marks.map(({ xAxis }) => xAxis)];
  const { asked } = sizing.target;
  const target = asked === null || asked === 0 ? [] : [{ name: 'asked for', yAxis: asked }];
  const shares = [...series.flatMap(({ data }) => data.map(([, one]) => one!)), ...target.map(({ yAxis }) => yAxis)];
  const without = sizing.pools.filter(({ holdsFloor }) => !holdsFloor).map(({ bytes: size }) => size);
  const small = without.length === 0 ? '' : `; pools up to ${bytes(Math.max(...without))} hold less than is held`;
  const head = `${count(sizing.seen, 'mapping')} on ${count(sizing.cpus, 'CPU')}${small}`;
  const kinds =
    'solid: the share that failed; dashed: its upper limit at 95 % confidence, which is all there is where none failed';
  const option = {
    title: titleOf('Mappings that fail, by size of the slot pool', head, kinds),
    legend: { bottom: 8, itemGap: 28 },
    grid: { left: 88, right: 40, top: 108, bottom: 96 },
    xAxis: {
      type: 'log',
      logBase: 2,
      name: 'size of the slot pool',
      nameLocation: 'middle',
      nameGap: 28,
      min: Math.min(...sizes),
      max: Math.max(...sizes),
      axisLabel: { formatter: (value: number) => bytes(value) },
    },
    yAxis: {
      type: 'log',
      name: 'share of mappings',
      nameLocation: 'middle',
      nameGap: 60,
      min: 10 ** Math.floor(Math.log10(Math.min(...shares)) - 0.05),
      max: 1,
      axisLabel: { formatter: (value: number) => `${Number((100 * value).toPrecision(3))} %` },
    },
    series: series.map((one, index) =>
      index > 0
        ? one
        : {
            ...one,
            markLine: namedLines(
              [...marks, ...target.map((one) => ({ ...one, label: { position: 'insideStartTop' } }))],
              {
                precision: 16,
                lineStyle: { color: '#888888', type: 'dotted' },
                label: { formatter: '{b}', color: '#555555', fontSize: 11 },
              },
            ),
          },
    ),
  };
  return [{ file: 'pool-size.svg', option, width: WIDTH, height: HEIGHT }];
}
