/**
 * A sweep as text: each cell beside the prediction of the model, the costs of the model, and its predictions of the
 * shape.
 */
import type { CellResult, ResultDocument } from '../../bench/result/result.js';
import { KIB } from '../../units.js';
import { coresText, costOf, notGivenLines } from '../costs/costs.js';
import { type Condition, conditions, designOf, ratioToBaseline } from '../tables/conditions.js';
import {
  bytes,
  count,
  measured,
  percent,
  REPORT_WIDTH,
  ratio,
  roughBytes,
  sampleNoun,
  significant,
  wrap,
} from '../tables/format.js';
import { softirqShare } from '../tables/ledger.js';
import { headOf, shown } from '../tables/params.js';
import { tablesOf } from '../tables/specs.js';
import { table } from '../tables/table.js';
import { varying } from '../tables/tables.js';
import { type Model, modelOf, type Parameters } from './model-parameters.js';
import { checkPredictions } from './predictions.js';
import { sweepParts } from './sweep-arms.js';
import { packetBytes, predict } from './throughput-model.js';

/** Length of the longest verdict. */
const VERDICT_WIDTH = 'not measurable here'.length;

/** True if some scenario wants to be shown as a sweep. */
export function isSweep(result: ResultDocument): boolean {
  return result.scenarios.some((scenario) => tablesOf(result, scenario).some(({ kind }) => kind === 'sweep'));
}

function row(cell: CellResult, condition: Condition, result: ResultDocument, model: Model | null): string[] {
  const toBaseline = ratioToBaseline(result, condition, cell);
  const softirq = softirqShare(cell.ledger);
  const packet = packetBytes(cell);
  const prediction = model && predict(cell, model, result);
  return [
    designOf(cell),
    measured(cell.summary),
    ...(prediction
      ? [significant(prediction.rate), (cell.summary.median / prediction.rate).toFixed(2), prediction.limit]
      : ['-', '-', '-']),
    toBaseline === null ? '' : ratio(toBaseline),
    coresText(costOf(cell)),
    softirq === null ? '-' : percent(softirq),
    packet > 0 ? `${(packet / KIB).toFixed(1)} KiB` : '-',
  ];
}

/** One table for the grid and one for each arm: every cell beside the model. */
function partTables(result: ResultDocument, model: Model | null): string[] {
  return sweepParts(conditions(result)).flatMap(({ title, conditions: all }) => {
    const cells = all.flatMap((condition) => condition.cells);
    const names = varying(cells, ['design', 'cpus']);
    const fixed = Object.keys(cells[0]!.params).filter((name) => !names.includes(name) && name !== 'design');
    const rows = all.flatMap((condition) =>
      condition.cells.map((cell) => [
        ...names.map((name) => shown(name, cell.params[name])),
        ...row(cell, condition, result, model),
      ]),
    );
    const head = [
      ...names.map(headOf),
      'design',
      'Gbit/s',
      'model',
      '/ model',
      'limit',
      'x bounce',
      'cores',
      'softirq',
      'packet',
    ];
    const common = fixed.map((name) => `${headOf(name)} ${shown(name, cells[0]!.params[name])}`).join(', ');
    return [...wrap(`By ${title}; ${common}`, REPORT_WIDTH, '  '), table(head, rows, names.length + 1), ''];
  });
}

const LEGEND = [
  'model: Gbit/s that the throughput model of docs/model.md predicts',
  '/ model: measured rate over predicted rate',
  'limit: the limit that is the lowest, according to the model',
  'x bounce: rate in multiples of that of bounce, formed within each round; ~: the difference is not significant',
  'cores: CPU cores per 100 Gbit/s',
  'softirq: share of the bounced bytes that softirqs copied',
  'packet: mean payload of a packet',
];

const LIMIT_LINES = [
  'The model predicts the lowest of these limits, for N senders, Q queues, messages of M and packets of G bytes:',
  "  senders  N / (u + m'/32 KiB + s/M): all senders copy at the same time",
  '  TX lock  Q G / (p + m + G b): each queue transmits one packet at a time; m and b only for payload that bounces',
  '  memory   B / k: memory moves k bytes for a byte of payload; no limit where all buffers fit the last-level cache',
  '  CPUs     all CPUs, divided by all work on a byte',
  '  ACKs     what all senders may have in flight, sent once in each acknowledgement delay',
  '  line     the rate of the line, where there is one',
  '  device   the rate at which a device that reads every byte does so',
  'G is the mean payload that the cell itself sent; no other number below is taken from the cells above.',
  'The model assumes senders and queues overlap; a single sender runs its own queue, so it does not.',
];

function parametersTable({ parameters }: Model): string {
  const rows = [...parameters].map(([design, cost]) => [
    design,
    significant(cost.userCopy * KIB),
    significant(cost.page),
    significant(cost.call),
    significant(cost.locked),
    cost.bounceCopy === null ? '-' : significant(cost.bounceCopy * KIB),
    significant(cost.elsewhere),
  ]);
  const head = ['nanoseconds', 'u per KiB', "m' per 32 KiB", 's per call', 'p (+ m) per packet', 'b per KiB'];
  return table([...head, 'elsewhere, per packet'], rows, 1);
}

function lockWork(conventional: Parameters, alternative: Parameters): string {
  return `${significant(conventional.locked - alternative.locked)} ns`;
}

/** The limits, the costs that they are made of, and where these were measured. */
function modelLines(model: Model, designs: readonly string[]): string[] {
  const without = designs.filter((design) => !model.parameters.has(design));
  const { parameters, senders, messages, memory } = model;
  const [conventional, alternative] = [parameters.get('bounce'), parameters.get('bounce-pages')];
  const words = [
    `Its costs, measured in the same rounds with ${count(senders, 'sender')}, 1 queue and messages of`,
    `${messages.map(bytes).join(' and ')}, which stand in no table.`,
    conventional && alternative
      ? `m, the work under the lock that bounce does on top of bounce-pages, is ${lockWork(conventional, alternative)}.`
      : '',
    memory === null
      ? 'Memory bandwidth was not measured, so nothing here is limited by it.'
      : `${count(memory.cpus, 'CPU')} together copy ${significant(memory.copied)} GB/s beyond the caches;`,
    memory === null ? '' : `B is ${memory.transfers} times that.`,
    without.length === 0 ? '' : `The model could not be calibrated for ${without.join(' and ')}.`,
    'How these costs are measured, and what the model cannot see: docs/model.md.',
  ];
  return [
    '',
    ...LIMIT_LINES,
    '',
    ...wrap(words.filter((part) => part !== '').join(' '), REPORT_WIDTH),
    parametersTable(model),
  ];
}

function leftOutLines({ settings }: ResultDocument): string[] {
  return settings.poolsLeftOut.flatMap(({ bytes: size, limit, limitBytes }) => {
    const why =
      limit === 'memory'
        ? `a quarter of the memory that is available is ${roughBytes(limitBytes)}`
        : `${roughBytes(limitBytes)} may be locked (ulimit -l), and no memory with a larger slot pool would be locked`;
    return wrap(`A slot pool of ${bytes(size)} was left out: ${why}.`, REPORT_WIDTH, '  ');
  });
}

function predictionLines(result: ResultDocument, model: Model | null): string[] {
  const checks = checkPredictions(result, model);
  if (checks.length === 0) return [];
  const lines = checks.flatMap(({ name, check: { claim, verdict, because } }) =>
    wrap(`${claim}: ${because}`, REPORT_WIDTH, ' '.repeat(6), `${name.padEnd(2)}  ${verdict.padEnd(VERDICT_WIDTH)}  `),
  );
  return ['', 'What the model predicts of the shape, and whether it holds here', ...lines];
}

/** The lines of a sweep's section. */
export function sweepLines(result: ResultDocument): string[] {
  const model = modelOf(result);
  const left = leftOutLines(result);
  const cells = conditions(result).flatMap((condition) => condition.cells);
  const notGiven = notGivenLines(cells, result.settings.cpus.length, sampleNoun(result));
  return [
    ...partTables(result, model),
    ...LEGEND,
    ...notGiven.flatMap((line) => wrap(line, REPORT_WIDTH, '  ')),
    ...(left.length === 0 ? [] : ['', ...left]),
    ...(model === null
      ? ['', 'The model was not calibrated: no calibration cell sent anything.']
      : modelLines(model, result.settings.designs)),
    ...predictionLines(result, model),
  ];
}
