/** Tables of the second copy by the length of the queue, and sentences on where it gets slower and on the floor. */
import type { CellResult, ResultDocument } from '../../bench/result/result.js';
import { pairedRatio } from '../../bench/statistics/paired-ratio.js';
import { bytes, duration, nanoseconds, ratio } from '../tables/format.js';
import { table } from '../tables/table.js';
import { sizeWords } from './cache-knees.js';
import { atSendBuffer, floorOf, kneesOf, queuedOf, temperatureLines, usualLine } from './temperature-lines.js';

/** Returns a table for each writer of the queue: lengths down, copy kernels across. */
export function temperatureTables(cells: readonly CellResult[]): string[] {
  const lines = temperatureLines(cells);
  const writers = [...new Set(lines.map(({ writer }) => writer))];
  return writers.map((writer) => {
    const here = lines.filter((line) => line.writer === writer);
    const sizes = [...new Set(here.flatMap((line) => line.cells.map(queuedOf)))].sort((a, b) => a - b);
    const rows = sizes.map((size) => [
      bytes(size),
      ...here.map((line) => {
        const cell = line.cells.find((one) => queuedOf(one) === size);
        return cell === undefined ? '-' : duration(cell.summary);
      }),
    ]);
    return table([writer, ...here.map(({ kernel }) => kernel)], rows, 1);
  });
}

/** Returns sentences, one for each floor, send buffer, and line that gets slower somewhere. */
export function temperatureSentences(cells: readonly CellResult[], { machine }: ResultDocument): string[] {
  const lines = temperatureLines(cells);
  const floor = floorOf(cells);
  const usual = usualLine(lines);
  const sendBuffer = machine.kernel.sendBufferMaxBytes ?? null;
  const buffer = usual === undefined ? undefined : atSendBuffer(usual, sendBuffer);
  const times = floor === undefined || buffer === undefined ? null : pairedRatio(buffer.samples, floor.samples);
  return [
    ...(floor === undefined ? [] : [`The floor is ${duration(floor.summary)}.`]),
    ...(buffer === undefined
      ? []
      : [
          `A send buffer grows by itself to ${bytes(sendBuffer!)} (tcp_wmem): with ${bytes(queuedOf(buffer))} ` +
            `queued, ${usual!.kernel} takes ${duration(buffer.summary)}` +
            `${times === null ? '' : `, ${ratio(times)} times the floor`}.`,
        ]),
    ...lines.flatMap((line) => {
      const knees = kneesOf(line);
      if (knees.length === 0) return [];
      const levels = [knees[0]!.beforeNs, ...knees.map(({ afterNs }) => afterNs)].map(nanoseconds);
      const where = knees.map(sizeWords).join(', ');
      return [`${line.kernel}, ${line.writer}: slower from ${where} queued on: ${levels.join(', ')}.`];
    }),
  ];
}
