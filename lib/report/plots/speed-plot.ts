/** The speed of the CPUs over a run, from the pulses beside the samples. */
import type { ResultDocument } from '../../bench/result/result.js';
import { speedPoints } from '../speed/cpu-speed.js';
import { percent } from '../tables/format.js';
import { hostLine } from '../tables/host-line.js';
import { type Chart, COLOURS, drawn, titleOf } from './chart.js';

const WIDTH = 960;
const HEIGHT = 360;

/** Returns a picture with a point for each sample; null where no pulse was taken. */
export const speedPlot = (result: ResultDocument): string | null => drawn(speedChart(result));

/** The same, not yet drawn. */
export function speedChart(result: ResultDocument): Chart | null {
  const points = speedPoints(result);
  if (points.length === 0) return null;
  const limit = 1 / result.pulse!.factor;
  const full = points.filter(({ isFull }) => isFull).length;
  const head = `${percent(full / points.length)} of ${points.length} samples at full speed`;
  return {
    option: {
      title: titleOf('Speed of the slowest CPU beside each sample', head, hostLine(result)),
      grid: { left: 80, right: 40, top: 96, bottom: 56 },
      xAxis: { type: 'value', name: 'seconds of the run', nameLocation: 'middle', nameGap: 28 },
      yAxis: { type: 'value', min: 0, max: 1, name: 'of full speed', nameLocation: 'middle', nameGap: 44 },
      series: [
        {
          type: 'line',
          symbolSize: 4,
          lineStyle: { width: 0 },
          itemStyle: { color: COLOURS[0] },
          data: points.map(({ atMs, speed }) => [Number((atMs / 1000).toFixed(3)), Number(speed.toFixed(4))]),
          markLine: {
            symbol: 'none',
            silent: true,
            lineStyle: { color: '#888888', type: 'dotted' },
            label: { show: false },
            data: [{ yAxis: limit }],
          },
        },
      ],
    },
    width: WIDTH,
    height: HEIGHT,
  };
}
