/**
 * The shapes of a sweep. All combinations of all lists would take hours, and most of them would say nothing new: senders,
 * queues and messages make a grid, and the other lists are arms that begin at one cell of it.
 */
import type { BenchSettings } from '../../lib/bench/plan/settings.js';
import { USUAL_MESSAGE_BYTES, USUAL_WINDOW_BYTES } from '../../lib/bench/plan/usual.js';
import { idOf, type Shape, shapes, USUAL } from './tx-shapes.js';

const orFirst = <Value>(list: readonly Value[], usual: Value): Value[] => [list.includes(usual) ? usual : list[0]!];

/** What everything that is not varied is set to: what is usual, or the first of a list without it. */
function usualOf(settings: BenchSettings): BenchSettings {
  const { windows, ackDelaysNs, percents, pools } = settings;
  return {
    ...settings,
    windows: orFirst(windows, USUAL_WINDOW_BYTES),
    ackDelaysNs: orFirst(ackDelaysNs, USUAL.ackDelayNs),
    percents: orFirst(percents, USUAL.percent),
    pools: orFirst(pools, USUAL.pool),
  };
}

/** Where the arms begin: the most senders on one queue, 64 KiB messages. */
function hubOf(settings: BenchSettings): BenchSettings {
  const { senders, queues, messages } = settings;
  return {
    ...usualOf(settings),
    senders: [Math.max(...senders)],
    queues: [Math.min(...queues)],
    messages: orFirst(messages, USUAL_MESSAGE_BYTES),
  };
}

/**
 * The grid; then acknowledgements, then pools with percentages, whose product is what pages may have; then windows in the
 * largest pool, which no window is too large for.
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

/** One sender for each CPU up to two, one queue, and a message that no cell of the grid has. */
export function calibrationShape(settings: BenchSettings, message: number): Shape {
  const senders = [Math.min(2, settings.cpus.length)];
  return shapes({ ...usualOf(settings), senders, queues: [1], messages: [message] })[0]!;
}
