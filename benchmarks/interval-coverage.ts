/**
 * How often do intervals hold the true median? Simulates runs whose truth is known, and prints for several rules the
 * share of the runs whose interval holds it, and how wide it is in the mean, as Markdown. It takes a few minutes.
 *
 *   node dist/benchmarks/interval-coverage.js [--runs N] [--rounds 8,12,20,30,60]
 *
 * Rules: `exact ranks`: the order statistics of the sign test; `interpolated`: those of Hettmansperger and Sheather,
 * for independent rounds; `this package`: `medianInterval`; `bias corrected`: the same, with an autocorrelation that is
 * corrected for few rounds by (1 + 4 r) / n; `batches`: interpolated, of the medians of batches of ∛n rounds;
 * `bootstrap`: expanded percentiles, of a tenth of the runs.
 */
import { parseArgs } from 'node:util';
import { median } from 'simple-statistics';
import { pairedRatio } from '../lib/bench/statistics/paired-ratio.js';
import { intervalOf, resampledRounds } from '../lib/bench/statistics/resampled-rounds.js';
import { inflationOf, rankAutocorrelation } from '../lib/bench/statistics/serial-dependence.js';
import { medianInterval, rankConfidence } from '../lib/bench/statistics/statistics.js';
import { random, seedFor } from '../lib/random.js';
import { coverageOf, DEPENDENT, type Ends, INDEPENDENT, type RoundSource } from './shared/simulated-rounds.js';

const SEED = 1;
const BOOTSTRAP_SHARE = 0.1;
/** How much the noise of one sample moves the logarithm of a rate. */
const SCALE = 0.1;
const TRUE_RATIO = 2;

type Rule = (samples: readonly number[]) => Ends;

function exactRanks(samples: readonly number[]): Ends {
  const sorted = Float64Array.from(samples).sort();
  let rank = 1;
  while (rankConfidence(rank + 1, sorted.length) >= 0.95) rank++;
  return { low: sorted[rank - 1]!, high: sorted[sorted.length - rank]! };
}

function biasCorrected(samples: readonly number[]): Ends {
  const found = rankAutocorrelation(samples);
  return medianInterval(samples, inflationOf(found + (1 + 4 * found) / samples.length));
}

function batches(samples: readonly number[]): Ends {
  const size = Math.max(2, Math.round(Math.cbrt(samples.length)));
  const whole = Math.floor(samples.length / size);
  const medians = Array.from({ length: whole }, (_, at) => median(samples.slice(at * size, (at + 1) * size)));
  return medianInterval(medians, 1);
}

function bootstrap(samples: readonly number[]): Ends {
  const { middle, others, tail } = resampledRounds([samples], SEED)!;
  return intervalOf(
    middle[0]!,
    others.map(([value]) => value!),
    tail,
  );
}

const RULES: readonly { name: string; rule: Rule; share: number }[] = [
  { name: 'exact ranks', rule: exactRanks, share: 1 },
  { name: 'interpolated', rule: (samples) => medianInterval(samples, 1), share: 1 },
  { name: 'this package', rule: (samples) => medianInterval(samples), share: 1 },
  { name: 'bias corrected', rule: biasCorrected, share: 1 },
  { name: 'batches', rule: batches, share: 1 },
  { name: 'bootstrap', rule: bootstrap, share: BOOTSTRAP_SHARE },
];

/** Two cells in the same weather, which cancels out; the source is the noise of the cell above the line. */
function ratioInterval(source: RoundSource, noise: readonly number[], next: () => number): Ends {
  const weather = DEPENDENT.at(-1)!
    .rounds(noise.length, next)
    .map((level) => Math.exp(level));
  const of = noise.map((value, at) => TRUE_RATIO * weather[at]! * Math.exp(SCALE * (value - source.trueMedian)));
  const { low, high } = pairedRatio(of, weather)!;
  const toNoise = (ratio: number) => Math.log(ratio / TRUE_RATIO) / SCALE + source.trueMedian;
  return { low: toNoise(low), high: toNoise(high) };
}

function row(source: RoundSource, count: number, runs: number): string[] {
  const coverages = RULES.map(({ rule, share }) =>
    coverageOf(source, count, Math.ceil(runs * share), random(seedFor(SEED, `${source.name} ${count}`)), rule),
  );
  const reference = coverages[1]!.meanWidth;
  const next = random(seedFor(SEED, 'weather'));
  const ratio = coverageOf(source, count, runs, random(seedFor(SEED, `${source.name} ${count} ratio`)), (noise) =>
    ratioInterval(source, noise, next),
  );
  const text = (coverage: { covered: number; meanWidth: number }) =>
    `${(100 * coverage.covered).toFixed(1)} / ${(coverage.meanWidth / reference).toFixed(2)}`;
  return [source.name, ...coverages.map(text), text(ratio)];
}

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '4000' },
    rounds: { type: 'string', default: '8,12,20,30,60' },
  },
});
const runs = Number(values.runs);
const line = (cells: readonly string[]) => console.log(`| ${cells.join(' | ')} |`);
for (const count of values.rounds.split(',').map(Number)) {
  console.log(`\n${count} rounds, ${runs} runs: coverage in % / mean width in multiples of interpolated\n`);
  line(['rounds are', ...RULES.map(({ name }) => name), 'ratio']);
  line(new Array(RULES.length + 2).fill('---'));
  for (const source of [...INDEPENDENT, ...DEPENDENT]) line(row(source, count, runs));
}
