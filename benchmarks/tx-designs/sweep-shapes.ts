/**
 * The shapes of a sweep. All combinations of all lists would take hours, and most of them would say nothing new:
 * senders, queues and messages make a grid, and the other lists are arms that begin at one cell of it.
 */
import { BENCH_OPTIONS } from '../../lib/bench/plan/bench-option-table.js';
import type { BenchSettings } from '../../lib/bench/plan/settings.js';
import { AXES, idOf, type Shape, shapes, usualOrFirst } from '../shared/tx-shapes.js';

/** Returns the settings with each list of an arm cut down to its usual value, or to its first if that is not in it. */
function usualOf(settings: BenchSettings): BenchSettings {
  const arms = AXES.filter(({ cell }) => cell.inSweep === 'arm');
  const usual = arms.map(({ key, cell }) => [key, usualOrFirst<string | number>(settings[key], cell.usual)]);
  return { ...settings, ...(Object.fromEntries(usual) as Partial<BenchSettings>) };
}

/** The point of the grid at which the arms begin: the largest number of senders, one queue, 64 KiB messages. */
function hubOf(settings: BenchSettings): BenchSettings {
  const { senders, queues, messages } = settings;
  return {
    ...usualOf(settings),
    senders: [Math.max(...senders)],
    queues: [Math.min(...queues)],
    messages: usualOrFirst(messages, BENCH_OPTIONS.messages.cell.usual),
  };
}

/**
 * Returns the grid; then acknowledgement delays; then slot pools with percentages, whose product is what pages may
 * have; then send buffers in the largest slot pool, which has room for all of them.
 */
export function sweepShapes(settings: BenchSettings): Shape[] {
  const { ackDelaysNs, percents, pools, windows } = settings;
  const hub = hubOf(settings);
  const all = [
    ...shapes(usualOf(settings)),
    ...shapes({ ...hub, ackDelaysNs }),
    ...shapes({ ...hub, percents, pools }),
    ...shapes({ ...hub, windows, pools: [Math.max(...pools)] }),
  ];
  const seen = new Set<string>();
  return all.filter((shape) => {
    const id = idOf('', '', shape);
    return !seen.has(id) && seen.add(id);
  });
}

/** Returns a shape with one sender for each CPU up to two, one queue, and messages that no cell of the grid has. */
export function calibrationShape(settings: BenchSettings, message: number): Shape {
  const senders = [Math.min(2, settings.cpus.length)];
  return shapes({ ...usualOf(settings), senders, queues: [1], messages: [message] })[0]!;
}
