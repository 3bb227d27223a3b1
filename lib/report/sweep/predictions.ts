/**
 * The six predictions that the specification's section 8.2 wants verified, each judged by what a sweep measured. What
 * counts as flat, as linear, as near is a constant here and the same on every host; a prediction about senders and queues
 * on CPUs of their own is not judged where they have to share.
 */

import { lastLevelCacheBytes } from '../../bench/host/topology.js';
import { USUAL_MESSAGE_BYTES } from '../../bench/plan/usual.js';
import { MINIMAL_ROUNDS } from '../../bench/result/paired-ratio.js';
import type { CellResult, ResultDocument } from '../../bench/result/result.js';
import { ALTERNATIVE, BASELINE, conditions } from '../tables/conditions.js';
import { bytes, count, percent, significant } from '../tables/format.js';
import { coresTotal } from '../tables/ledger.js';
import { bouncedShare, inFlight, predict, roomForPages, transfers } from './model.js';
import type { Model } from './model-parameters.js';
import { gridOf } from './sweep-arms.js';
import { type Point, pointsOf, rateOf } from './sweep-points.js';

export interface Judgement {
  readonly claim: string;
  readonly verdict: 'holds' | 'does not hold' | 'not measurable here';
  /** The numbers that say so, or what is missing and what was seen instead. */
  readonly because: string;
}

const SMALL_MESSAGE = 1024;
/** Rates that are alike. */
const FLAT = 1.25;
/** Of doubling, or of proportionality, this much is enough. */
const LINEAR = 0.8;
/** Both designs move the same. */
const AROUND_ONE = { least: 0.8, most: 1.25 };
const AT_Q_EQUALS_N = { least: 0.9, most: 2.1 };
/** In flight beyond the room for pages by this factor: most of the payload has to bounce. */
const FAR_BEYOND = 2;
const COLLAPSED = 0.5;

const notMeasurable = (claim: string, because: string): Judgement => ({
  claim,
  verdict: 'not measurable here',
  because,
});
const judged = (holds: boolean): Judgement['verdict'] => (holds ? 'holds' : 'does not hold');
const isWithin = (value: number, { least, most }: { least: number; most: number }) => value >= least && value <= most;

/** Rates at several points, as `50 (N=1) 100 (N=2)`. */
const series = (points: readonly Point[], name: 'senders' | 'queues', of: (point: Point) => number) =>
  points.map((point) => `${significant(of(point))} (${name === 'senders' ? 'N' : 'Q'}=${point[name]})`).join(' ');

class Judge {
  readonly #result: ResultDocument;
  readonly #model: Model | null;
  readonly #all: readonly Point[];
  /** 64 KiB messages of the grid. */
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

  /** Have senders, queues and a reading device a CPU each? */
  #isRoomy({ senders, queues, params }: Point): boolean {
    const device = params.device === 'read' ? 1 : 0;
    return senders + queues + device <= this.#result.settings.cpus.length;
  }

  #atQueues(points: readonly Point[], queues: number): Point[] {
    return points.filter((point) => point.queues === queues).sort((a, b) => a.senders - b.senders);
  }

  sendersAndQueues(): Judgement {
    const claim = 'bounce is flat in senders and linear in queues, bounce-pages linear in senders and flat in queues';
    const shown = this.#scaling(this.#usual);
    const roomy = this.#usual.filter((point) => this.#isRoomy(point));
    const [one, two] = [this.#atQueues(roomy, 1), this.#atQueues(roomy, 2)];
    const [first, few] = [one[0], one.find(({ senders }) => senders === 2)];
    const onTwo = two.at(-1);
    const most = one.find(({ senders }) => senders === onTwo?.senders);
    if (!first || !few || !onTwo || !most || most.senders < 4) {
      const cpus = count(this.#result.settings.cpus.length, 'CPU');
      const least = 'it takes CPUs for 4 senders and 2 queues at the least';
      return notMeasurable(claim, `${least}, here are ${cpus}; as it is, ${shown}`);
    }
    const holds =
      rateOf(most.conventional) / rateOf(few.conventional) <= FLAT &&
      rateOf(onTwo.conventional) / rateOf(most.conventional) >= 2 * LINEAR &&
      rateOf(most.alternative) / rateOf(first.alternative) >= (LINEAR * most.senders) / first.senders &&
      rateOf(onTwo.alternative) / rateOf(most.alternative) <= FLAT;
    return { claim, verdict: judged(holds), because: this.#scaling(roomy) };
  }

  /** Rates of both designs by senders on one queue, and by queues with the most senders, Gbit/s. */
  #scaling(points: readonly Point[]): string {
    const one = this.#atQueues(points, 1);
    const most = Math.max(0, ...points.map(({ senders }) => senders));
    const byQueues = points.filter(({ senders }) => senders === most).sort((a, b) => a.queues - b.queues);
    return ([BASELINE, ALTERNATIVE] as const)
      .map((design) => {
        const rate = (point: Point) => rateOf(design === BASELINE ? point.conventional : point.alternative);
        return `${design} ${series(one, 'senders', rate)}, ${series(byQueues, 'queues', rate)} Gbit/s`;
      })
      .join('; ');
  }

  queuesAndRatio(): Judgement {
    const claim = 'the ratio is highest on one queue, and 1 to 2 with as many queues as senders';
    const of = (points: readonly Point[]) => {
      const most = Math.max(0, ...points.filter(({ queues }) => queues > 1).map(({ senders }) => senders));
      return points.filter(({ senders }) => senders === most).sort((a, b) => a.queues - b.queues);
    };
    const text = (points: readonly Point[]) =>
      points.map((point) => `${point.gainText} at N=${point.senders} Q=${point.queues}`).join(', ');
    const roomy = of(this.#usual.filter((point) => this.#isRoomy(point)));
    const equal = roomy.find(({ senders, queues }) => senders === queues);
    if (equal === undefined || roomy[0]!.queues !== 1) {
      const seen = of(this.#usual);
      const asItIs = seen.length === 0 ? 'no cell has several queues' : `as it is, ${text(seen)}`;
      return notMeasurable(claim, `senders and queues share CPUs; ${asItIs}`);
    }
    const gains = roomy.map(({ gain }) => gain);
    const holds = gains[0] === Math.max(...gains) && isWithin(equal.gain, AT_Q_EQUALS_N);
    return { claim, verdict: judged(holds), because: text(roomy) };
  }

  smallMessages(): Judgement {
    const small = this.#grid
      .filter(({ message, queues }) => message <= SMALL_MESSAGE && queues === 1)
      .sort((a, b) => a.message - b.message);
    return this.#aroundOne('the ratio goes to 1 for small messages', small.slice(0, 1), small);
  }

  oneSender(): Judgement {
    const one = this.#usual.filter(({ senders, queues }) => senders === 1 && queues === 1);
    return this.#aroundOne('the ratio is about 1 with one sender, who is the limit', one, one);
  }

  #aroundOne(claim: string, deciding: readonly Point[], shown: readonly Point[]): Judgement {
    if (deciding.length === 0) return notMeasurable(claim, 'no such cell');
    const text = (point: Point) => `${point.gainText} at ${bytes(point.message)}, N=${point.senders}`;
    const holds = deciding.every((point) => isWithin(point.gain, AROUND_ONE));
    return { claim, verdict: judged(holds), because: shown.map(text).join(', ') };
  }

  workingSets(): Judgement {
    const claim = 'rates fall with what is in flight, and beyond the last cache the ratio is that of k';
    const largest = Math.max(0, ...this.#all.map(({ params }) => Number(params.pool)));
    const one = this.#all.filter(
      ({ params, message, alternative }) =>
        Number(params.pool) === largest &&
        Number(params.ackDelayNs ?? 0) === 0 &&
        message === USUAL_MESSAGE_BYTES &&
        bouncedShare(alternative) === 0,
    );
    const byWindow = [...one].sort((a, b) => inFlight(a.alternative) - inFlight(b.alternative));
    const cache = lastLevelCacheBytes(this.#result.machine);
    const beyond = byWindow.at(-1);
    const seen = byWindow
      .map((point) => `${bytes(inFlight(point.alternative))} in flight ${point.gainText}`)
      .join(', ');
    if (this.#model === null || cache === null || beyond === undefined || inFlight(beyond.alternative) <= cache) {
      return notMeasurable(claim, `no window beyond the last cache with room in the pool: ${seen || 'no such cell'}`);
    }
    const kinds = [beyond.conventional, beyond.alternative] as const;
    const [twice, once] = kinds.map((cell) => transfers(cell, this.#model!, this.#result)) as [number, number];
    const limits = kinds.map((cell) => predict(cell, this.#model!, this.#result)?.limit ?? 'nothing known');
    if (limits.some((limit) => limit !== 'memory')) {
      const binding = limits[0] === limits[1] ? limits[0] : limits.join(' and ');
      return notMeasurable(claim, `memory is not what limits these CPUs, by the model it is ${binding}: ${seen}`);
    }
    const near = beyond.gain / (twice / once);
    const falls = rateOf(beyond.conventional) <= rateOf(byWindow[0]!.conventional);
    const holds = falls && isWithin(near, { least: 1 / FLAT, most: FLAT });
    return { claim, verdict: judged(holds), because: `k is ${twice.toFixed(1)} and ${once.toFixed(1)}: ${seen}` };
  }

  room(): Judgement {
    const claim = 'the advantage collapses when more is in flight than pages may take of the pool';
    const hub = this.#all.filter(
      ({ params, message }) => message === USUAL_MESSAGE_BYTES && Number(params.percent ?? 1) > 0,
    );
    const load = ({ alternative }: Point) => inFlight(alternative) / roomForPages(alternative);
    const beyond = hub.filter((point) => load(point) >= FAR_BEYOND);
    const same = (a: Point, b: Point) =>
      ['senders', 'queues', 'window', 'ackDelayNs'].every((name) => a.params[name] === b.params[name]);
    const within = hub.filter((point) => load(point) <= 1 && beyond.some((other) => same(point, other)));
    if (beyond.length === 0 || within.length === 0) {
      const most = Math.max(0, ...hub.map(load));
      return notMeasurable(claim, `what is in flight is at most ${significant(most)} of the room in any cell`);
    }
    const mean = (points: readonly Point[]) => points.reduce((sum, point) => sum + point.gain, 0) / points.length;
    const holds = mean(beyond) - 1 <= COLLAPSED * (mean(within) - 1);
    const ratios = (points: readonly Point[]) => points.map((point) => point.gain.toFixed(2)).join(' ');
    return {
      claim,
      verdict: judged(holds),
      because: `ratio ${ratios(within)} where it fits, ${ratios(beyond)} at ${FAR_BEYOND} times the room and more`,
    };
  }

  cpuTime(): Judgement {
    const claim = 'CPU time per byte improves even where throughput does not';
    const alike = this.#all.filter((point) => point.gain <= AROUND_ONE.most && bouncedShare(point.alternative) === 0);
    const cores = (cell: CellResult) => coresTotal(cell.ledger);
    const both = alike.flatMap(({ conventional, alternative }) => {
      const [from, to] = [cores(conventional), cores(alternative)];
      return from && to ? [to / from] : [];
    });
    if (both.length === 0) return notMeasurable(claim, 'throughput improves in every cell');
    const better = both.filter((share) => share < 1).length;
    const sorted = [...both].sort((a, b) => a - b);
    return {
      claim,
      verdict: judged(better / both.length >= LINEAR),
      because: `in ${better} of ${both.length} cells whose ratio is at most ${AROUND_ONE.most}; bounce-pages takes ${percent(sorted[0]!)} to ${percent(sorted.at(-1)!)} of the cores`,
    };
  }
}

/** In the order of section 8.2; its third is two. Empty unless both designs were measured. */
export function judgements(result: ResultDocument, model: Model | null): { name: string; judgement: Judgement }[] {
  const points = pointsOf(result, conditions(result));
  if (points.length === 0) return [];
  const judge = new Judge(result, model);
  const rounds = Math.min(
    ...points
      .flatMap(({ conventional, alternative }) => [conventional, alternative])
      .map(({ samples }) => samples.length),
  );
  const all = [
    { name: '1', judgement: judge.sendersAndQueues() },
    { name: '2', judgement: judge.queuesAndRatio() },
    { name: '3a', judgement: judge.smallMessages() },
    { name: '3b', judgement: judge.oneSender() },
    { name: '4', judgement: judge.workingSets() },
    { name: '5', judgement: judge.room() },
    { name: '6', judgement: judge.cpuTime() },
  ];
  if (rounds >= MINIMAL_ROUNDS) return all;
  const few = `${count(rounds, 'round')} of at least ${MINIMAL_ROUNDS}; as it is, `;
  return all.map(({ name, judgement: { claim, verdict, because } }) => ({
    name,
    judgement: notMeasurable(claim, verdict === 'not measurable here' ? because : few + because),
  }));
}
