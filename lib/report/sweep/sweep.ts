/** A sweep as text: each cell beside what the model says of it, the model's parameters, and what is predicted of shapes. */
import type { CellResult, ResultDocument } from '../../bench/result/result.js';
import { KIB } from '../../units.js';
import { type Condition, conditions, designOf, ratioToBaseline } from '../tables/conditions.js';
import {
  bytes,
  count,
  interval,
  percent,
  REPORT_WIDTH,
  ratio,
  roughBytes,
  significant,
  wrap,
} from '../tables/format.js';
import { coresTotal, softirqShare } from '../tables/ledger.js';
import { headOf, shown } from '../tables/params.js';
import { table } from '../tables/table.js';
import { varying } from '../tables/tables.js';
import { packetBytes, predict } from './model.js';
import { isCalibration, type Model, modelOf } from './model-parameters.js';
import { judgements } from './predictions.js';
import { sweepParts } from './sweep-arms.js';

/** Of the longest verdict. */
const VERDICT_WIDTH = 'not measurable here'.length;

/** Do these cells come with those that a model is calibrated by? */
export const isSweep = (cells: readonly CellResult[]): boolean => cells.some(isCalibration);

function row(cell: CellResult, condition: Condition, result: ResultDocument, model: Model | null): string[] {
  const toBaseline = ratioToBaseline(result, condition, cell);
  const cores = coresTotal(cell.ledger);
  const softirq = softirqShare(cell.ledger);
  const packet = packetBytes(cell);
  const prediction = model && predict(cell, model, result);
  return [
    ...[designOf(cell), `${significant(cell.summary.median)} ${interval(cell.summary)}`],
    ...(prediction
      ? [significant(prediction.rate), (cell.summary.median / prediction.rate).toFixed(2), prediction.limit]
      : ['-', '-', '-']),
    ...[toBaseline === null ? '' : ratio(toBaseline), cores === null ? '-' : cores.toFixed(2)],
    ...[softirq === null ? '-' : percent(softirq), packet > 0 ? `${(packet / KIB).toFixed(1)} KiB` : '-'],
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
  'model: Gbit/s that the model of section 8.2 predicts; / model: measured over predicted; limit: which one binds, by it',
  'cores: CPU cores per 100 Gbit/s; softirq: share of bounced bytes copied there; packet: mean payload; ~: not significant',
];

const LIMIT_LINES = [
  'The model is the least of',
  "  senders  N / (u + m'/32 KiB + s/M)",
  '  TX lock  Q G / (p + m + G b), m and b for what bounces only',
  '  memory   B / k, k = 0 where all buffers fit the last-level cache',
  '  CPUs     all of them / (the work above and elsewhere), the one term that 8.2 has not: it has a CPU for each',
  '  ACKs     N window / delay, with a delay; line, device: their rates, where they have one',
  'for N senders, Q queues, messages of M and packets of G bytes. G is what the cell itself was seen to send.',
  'Senders and queues work side by side in it; a sender who runs the queue himself, as one alone does, cannot.',
];

function parametersTable({ parameters }: Model): string {
  const rows = [...parameters].map(([design, cost]) => [
    design,
    ...[cost.userCopy * KIB, cost.page, cost.call, cost.locked].map(significant),
    ...[cost.bounceCopy === null ? '-' : significant(cost.bounceCopy * KIB), significant(cost.elsewhere)],
  ]);
  const head = ['nanoseconds', 'u per KiB', "m' per 32 KiB", 's per call', 'p (+ m) per packet', 'b per KiB'];
  return table([...head, 'elsewhere, per packet'], rows, 1);
}

/** What the limits are made of, and where that was measured. */
function modelLines(model: Model, designs: readonly string[]): string[] {
  const without = designs.filter((design) => !model.parameters.has(design));
  const { parameters, senders, messages, memory } = model;
  const [conventional, alternative] = [parameters.get('bounce'), parameters.get('bounce-pages')];
  const words = [
    `Its costs, measured in the same rounds with ${count(senders, 'sender')}, 1 queue and messages of ${messages.map(bytes).join(' and ')}, which are no rows above.`,
    conventional && alternative
      ? `m, what bounce does more under the lock than bounce-pages, is ${significant(conventional.locked - alternative.locked)} ns.`
      : '',
    memory === null
      ? 'Memory was not measured: nothing is limited by it here.'
      : `${count(memory.cpus, 'CPU')} together copy ${significant(memory.copied)} GB/s beyond the caches; B is ${memory.transfers} times that.`,
    without.length === 0 ? '' : `Of ${without.join(' and ')} nothing could be calibrated.`,
    'How they are parted, and what the model cannot see: docs/design/0070.',
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
        : `${roughBytes(limitBytes)} may be locked (ulimit -l), and with a larger pool nothing would be`;
    return wrap(`Without a pool of ${bytes(size)}: ${why}.`, REPORT_WIDTH, '  ');
  });
}

function judgementLines(result: ResultDocument, model: Model | null): string[] {
  const judged = judgements(result, model);
  if (judged.length === 0) return [];
  const lines = judged.flatMap(({ name, judgement: { claim, verdict, because } }) =>
    wrap(`${claim}: ${because}`, REPORT_WIDTH, ' '.repeat(6), `${name.padEnd(2)}  ${verdict.padEnd(VERDICT_WIDTH)}  `),
  );
  return ['', 'What section 8.2 predicts of the shape', ...lines];
}

/** The lines of a sweep's section. */
export function sweepLines(result: ResultDocument): string[] {
  const model = modelOf(result);
  const left = leftOutLines(result);
  return [
    ...partTables(result, model),
    ...LEGEND,
    ...(left.length === 0 ? [] : ['', ...left]),
    ...(model === null
      ? ['', 'The model was not calibrated: no machine of it sent anything.']
      : modelLines(model, result.settings.designs)),
    ...judgementLines(result, model),
  ];
}
