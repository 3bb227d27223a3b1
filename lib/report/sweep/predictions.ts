/**
 * The six predictions of docs/model.md#predictions, each judged by what a sweep measured. A prediction about senders
 * and queues that have CPUs of their own is not judged where they have to share CPUs.
 */

import { lastLevelCacheBytes } from '../../bench/facts/memory/last-level-cache.js';
import { USUAL_MESSAGE_BYTES } from '../../bench/plan/usual.js';
import type { CellResult, ResultDocument } from '../../bench/result/result.js';
import { MINIMAL_ROUNDS } from '../../bench/statistics/statistics.js';
import { KIB } from '../../units.js';
import { costOf } from '../costs/costs.js';
import { ALTERNATIVE, BASELINE, conditions } from '../tables/conditions.js';
import { bytes, count, percent, sampleNoun, significant } from '../tables/format.js';
import type { Model } from './model-parameters.js';
import {
  ABOUT_ONE,
  COLLAPSED,
  checked,
  FAR_BEYOND,
  FLAT,
  isWithin,
  LINEAR,
  notMeasurable,
  type PredictionCheck,
  WITH_MANY_QUEUES,
} from './prediction-check.js';
import { gridOf } from './sweep-arms.js';
import { type Point, pointsOf, rateOf } from './sweep-points.js';
import { bouncedShare, inFlight, predict, roomForPages, transfers } from './throughput-model.js';

/** Largest message that counts as small. */
const SMALL_MESSAGE_BYTES = KIB;
/** Words rates at several points: `50 (N=1) 100 (N=2)`. */
const series = (points: readonly Point[], name: 'senders' | 'queues', of: (point: Point) => number) =>
  points.map((point) => `${significant(of(point))} (${name === 'senders' ? 'N' : 'Q'}=${point[name]})`).join(' ');

class PredictionChecker {
  readonly #result: ResultDocument;
  readonly #model: Model | null;
  readonly #all: readonly Point[];
  /** Points of the grid with 64 KiB messages. */
  readonly #usual: readonly Point[];
  readonly #grid: readonly Point[];

  constructor(result: ResultDocument, model: Model | null) {
    this.#result = result;
    this.#model = model;
    const all = conditions(result);
    this.#all = pointsOf(result, all);
    this.#grid = pointsOf(result, gridOf(all));
    this.#usual = this.#grid.filter(({ message }) => message === USUAL_MESSAGE_BYTES);
  }

  /** True if senders, queues and a reading device have a CPU each. */
  #isRoomy({ senders, queues, params }: Point): boolean {
    const device = params.device === 'read' ? 1 : 0;
    return senders + queues + device <= this.#result.settings.cpus.length;
  }

  #atQueues(points: readonly Point[], queues: number): Point[] {
    return points.filter((point) => point.queues === queues).sort((a, b) => a.senders - b.senders);
  }

  sendersAndQueues(): PredictionCheck {
    const claim =
      'bounce is flat in senders and linear in queues; bounce-pages is linear in senders and flat in queues';
    const shown = this.#scaling(this.#usual);
    const roomy = this.#usual.filter((point) => this.#isRoomy(point));
    const oneQueue = this.#atQueues(roomy, 1);
    const twoQueues = this.#atQueues(roomy, 2);
    const fewest = oneQueue[0];
    const two = oneQueue.find(({ senders }) => senders === 2);
    const onTwoQueues = twoQueues.at(-1);
    const many = oneQueue.find(({ senders }) => senders === onTwoQueues?.senders);
    if (!fewest || !two || !onTwoQueues || !many || many.senders < 4) {
      const cpus = count(this.#result.settings.cpus.length, 'CPU');
      const needed = 'this needs CPUs for at least 4 senders and 2 queues';
      return notMeasurable(claim, `${needed}, and there are ${cpus}; measured: ${shown}`);
    }
    const holds =
      rateOf(many.conventional) / rateOf(two.conventional) <= FLAT &&
      rateOf(onTwoQueues.conventional) / rateOf(many.conventional) >= 2 * LINEAR &&
      rateOf(many.alternative) / rateOf(fewest.alternative) >= (LINEAR * many.senders) / fewest.senders &&
      rateOf(onTwoQueues.alternative) / rateOf(many.alternative) <= FLAT;
    return checked(claim, holds, this.#scaling(roomy));
  }

  /** Words the rates of both designs by senders on one queue, and by queues with the most senders, in Gbit/s. */
  #scaling(points: readonly Point[]): string {
    const bySenders = this.#atQueues(points, 1);
    const maxSenders = Math.max(0, ...points.map(({ senders }) => senders));
    const byQueues = points.filter(({ senders }) => senders === maxSenders).sort((a, b) => a.queues - b.queues);
    return ([BASELINE, ALTERNATIVE] as const)
      .map((design) => {
        const rate = (point: Point) => rateOf(design === BASELINE ? point.conventional : point.alternative);
        return `${design} ${series(bySenders, 'senders', rate)}, ${series(byQueues, 'queues', rate)} Gbit/s`;
      })
      .join('; ');
  }

  queuesAndRatio(): PredictionCheck {
    const claim = 'the ratio is highest on one queue, and between 1 and 2 with as many queues as senders';
    const of = (points: readonly Point[]) => {
      const maxSenders = Math.max(0, ...points.filter(({ queues }) => queues > 1).map(({ senders }) => senders));
      return points.filter(({ senders }) => senders === maxSenders).sort((a, b) => a.queues - b.queues);
    };
    const text = (points: readonly Point[]) =>
      points.map((point) => `${point.gainText} at N=${point.senders} Q=${point.queues}`).join(', ');
    const roomy = of(this.#usual.filter((point) => this.#isRoomy(point)));
    const equal = roomy.find(({ senders, queues }) => senders === queues);
    if (equal === undefined || roomy[0]!.queues !== 1) {
      const seen = of(this.#usual);
      const measured = seen.length === 0 ? 'no cell has several queues' : `measured: ${text(seen)}`;
      return notMeasurable(claim, `senders and queues share CPUs; ${measured}`);
    }
    const gains = roomy.map(({ gain }) => gain);
    const holds = gains[0] === Math.max(...gains) && isWithin(equal.gain, WITH_MANY_QUEUES);
    return checked(claim, holds, text(roomy));
  }

  smallMessages(): PredictionCheck {
    const small = this.#grid
      .filter(({ message, queues }) => message <= SMALL_MESSAGE_BYTES && queues === 1)
      .sort((a, b) => a.message - b.message);
    return this.#aboutOne('the ratio is about 1 for small messages', small.slice(0, 1), small);
  }

  oneSender(): PredictionCheck {
    const one = this.#usual.filter(({ senders, queues }) => senders === 1 && queues === 1);
    return this.#aboutOne('the ratio is about 1 with one sender, which is then the limit', one, one);
  }

  #aboutOne(claim: string, deciding: readonly Point[], shown: readonly Point[]): PredictionCheck {
    if (deciding.length === 0) return notMeasurable(claim, 'no such cell');
    const text = (point: Point) => `${point.gainText} at ${bytes(point.message)}, N=${point.senders}`;
    const holds = deciding.every((point) => isWithin(point.gain, ABOUT_ONE));
    return checked(claim, holds, shown.map(text).join(', '));
  }

  workingSets(): PredictionCheck {
    const claim = 'rates fall with the bytes in flight; beyond the last-level cache the ratio is that of k';
    const largest = Math.max(0, ...this.#all.map(({ params }) => Number(params.pool)));
    const one = this.#all.filter(
      ({ params, message, alternative }) =>
        Number(params.pool) === largest &&
        Number(params.ackDelayNs ?? 0) === 0 &&
        message === USUAL_MESSAGE_BYTES &&
        bouncedShare(alternative) === 0,
    );
    const byWindow = [...one].sort((a, b) => inFlight(a.alternative) - inFlight(b.alternative));
    const cache = lastLevelCacheBytes(this.#result.machine, this.#result.settings.cpus);
    const beyond = byWindow.at(-1);
    const seen = byWindow
      .map((point) => `${bytes(inFlight(point.alternative))} in flight ${point.gainText}`)
      .join(', ');
    if (this.#model === null || cache === null || beyond === undefined || inFlight(beyond.alternative) <= cache) {
      const missing = 'no cell with room in the slot pool has more in flight than the last-level cache';
      return notMeasurable(claim, `${missing}; measured: ${seen || 'no such cell'}`);
    }
    const kinds = [beyond.conventional, beyond.alternative] as const;
    const [twice, once] = kinds.map((cell) => transfers(cell, this.#model!, this.#result)) as [number, number];
    const limits = kinds.map((cell) => predict(cell, this.#model!, this.#result)?.limit ?? 'unknown');
    if (limits.some((limit) => limit !== 'memory')) {
      const binding = limits[0] === limits[1] ? limits[0] : limits.join(' and ');
      return notMeasurable(claim, `according to the model memory is not the limit here, but ${binding}: ${seen}`);
    }
    const near = beyond.gain / (twice / once);
    const falls = rateOf(beyond.conventional) <= rateOf(byWindow[0]!.conventional);
    const holds = falls && isWithin(near, { low: 1 / FLAT, high: FLAT });
    return checked(claim, holds, `k is ${twice.toFixed(1)} and ${once.toFixed(1)}: ${seen}`);
  }

  room(): PredictionCheck {
    const claim = 'the advantage collapses when more is in flight than pages may take of the slot pool';
    const hub = this.#all.filter(
      ({ params, message }) => message === USUAL_MESSAGE_BYTES && Number(params.percent ?? 1) > 0,
    );
    const load = ({ alternative }: Point) => inFlight(alternative) / roomForPages(alternative);
    const beyond = hub.filter((point) => load(point) >= FAR_BEYOND);
    const same = (a: Point, b: Point) =>
      ['senders', 'queues', 'window', 'ackDelayNs'].every((name) => a.params[name] === b.params[name]);
    const within = hub.filter((point) => load(point) <= 1 && beyond.some((other) => same(point, other)));
    if (beyond.length === 0 || within.length === 0) {
      const highest = Math.max(0, ...hub.map(load));
      return notMeasurable(claim, `in every cell at most ${significant(highest)} of the room is in flight`);
    }
    const mean = (points: readonly Point[]) => points.reduce((sum, point) => sum + point.gain, 0) / points.length;
    const holds = mean(beyond) - 1 <= COLLAPSED * (mean(within) - 1);
    const ratios = (points: readonly Point[]) => points.map((point) => point.gain.toFixed(2)).join(' ');
    const room = `at ${FAR_BEYOND} times the room and more`;
    return checked(claim, holds, `ratio ${ratios(within)} where all pages fit, ${ratios(beyond)} ${room}`);
  }

  cpuTime(): PredictionCheck {
    const claim = 'CPU time per byte improves even where throughput does not';
    const alike = this.#all.filter((point) => point.gain <= ABOUT_ONE.high && bouncedShare(point.alternative) === 0);
    const coresOf = (cell: CellResult) => costOf(cell)?.median;
    const both = alike.flatMap(({ conventional, alternative }) => {
      const [from, to] = [coresOf(conventional), coresOf(alternative)];
      return from && to ? [to / from] : [];
    });
    if (both.length === 0) return notMeasurable(claim, 'throughput improves in every cell');
    const better = both.filter((share) => share < 1).length;
    const sorted = [...both].sort((a, b) => a - b);
    const cells = `in ${better} of ${both.length} cells whose ratio is at most ${ABOUT_ONE.high}`;
    const cores = `bounce-pages takes ${percent(sorted[0]!)} to ${percent(sorted.at(-1)!)} of the cores of bounce`;
    return checked(claim, better / both.length >= LINEAR, `${cells}; ${cores}`);
  }
}

/**
 * Judges all predictions, in the order of docs/model.md; the third has two parts. Empty unless both designs were
 * measured.
 */
export function checkPredictions(
  result: ResultDocument,
  model: Model | null,
): { name: string; check: PredictionCheck }[] {
  const points = pointsOf(result, conditions(result));
  if (points.length === 0) return [];
  const checker = new PredictionChecker(result, model);
  const rounds = Math.min(
    ...points
      .flatMap(({ conventional, alternative }) => [conventional, alternative])
      .map(({ samples }) => samples.length),
  );
  const all = [
    { name: '1', check: checker.sendersAndQueues() },
    { name: '2', check: checker.queuesAndRatio() },
    { name: '3a', check: checker.smallMessages() },
    { name: '3b', check: checker.oneSender() },
    { name: '4', check: checker.workingSets() },
    { name: '5', check: checker.room() },
    { name: '6', check: checker.cpuTime() },
  ];
  if (rounds >= MINIMAL_ROUNDS) return all;
  const few = `${count(rounds, sampleNoun(result))} of at least ${MINIMAL_ROUNDS}; measured: `;
  return all.map(({ name, check: { claim, verdict, because } }) => ({
    name,
    check: notMeasurable(claim, verdict === 'not measurable here' ? because : few + because),
  }));
}
