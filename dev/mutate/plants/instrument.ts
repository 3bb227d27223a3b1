/** Errors in what is counted, in the laws that control queues, and in how results are made and kept. */
import { ofKind, type Plant } from '../plant.js';

const LEDGER = ofKind('copies booked wrongly', [
  {
    name: 'bounce copies are booked as copies from users',
    file: 'lib/net/bounce-copy.ts',
    text: 'cpu.account(SITE.bounce, payload, IS_TX_LOCKED)',
    replacement: 'cpu.account(SITE.user, payload, IS_TX_LOCKED)',
    finders: ['test/net/bounce-copy.test.ts', 'test/net/bytes.test.ts'],
  },
  {
    name: 'copies of headers are booked as bounce copies',
    file: 'lib/net/bounce-copy.ts',
    text: 'cpu.account(SITE.header, HEADER_BYTES, IS_TX_LOCKED)',
    replacement: 'cpu.account(SITE.bounce, HEADER_BYTES, IS_TX_LOCKED)',
    finders: ['test/net/bounce-copy.test.ts', 'test/net/bytes.test.ts'],
  },
  {
    name: 'copies from users are booked as bounce copies',
    file: 'lib/net/skb-filler.ts',
    text: 'cpu.account(SITE.user, filled)',
    replacement: 'cpu.account(SITE.bounce, filled)',
    finders: ['test/net/skb-filler.test.ts', 'test/net/bytes.test.ts'],
  },
  {
    name: 'the time of copies from users is listed as that of bounce copies',
    file: 'lib/net/skb-filler.ts',
    text: 'from, room, SITE.user)',
    replacement: 'from, room, SITE.bounce)',
    finders: ['test/net/copy-sites.test.ts', 'test/net/skb-filler.test.ts', 'test/net/bytes.test.ts'],
  },
  {
    name: 'copies into memory of one owner are booked as bounce copies',
    file: 'lib/designs/owners/owner-filler.ts',
    text: 'cpu.account(SITE.user, filled)',
    replacement: 'cpu.account(SITE.bounce, filled)',
    finders: ['test/designs/owners', 'test/net/bytes.test.ts'],
  },
  {
    name: 'the time of copies into memory of one owner is listed as that of bounce copies',
    file: 'lib/designs/owners/owner-filler.ts',
    text: 'userOffset + filled, room, SITE.user)',
    replacement: 'userOffset + filled, room, SITE.bounce)',
    finders: ['test/net/copy-sites.test.ts', 'test/designs/owners', 'test/net/bytes.test.ts'],
  },
  {
    name: 'the time of bounce copies of payload is listed as that of headers',
    file: 'lib/net/driver.ts',
    text: 'dma.map(cpu, device, phys, bytes, SITE.bounce)',
    replacement: 'dma.map(cpu, device, phys, bytes, SITE.header)',
    finders: ['test/net/copy-sites.test.ts', 'test/net/driver.test.ts', 'test/net/bytes.test.ts'],
  },
  {
    name: 'the time of copies of headers is listed as that of payload',
    file: 'lib/net/driver.ts',
    text: 'skbs.header(skb), bytes, SITE.header)',
    replacement: 'skbs.header(skb), bytes, SITE.bounce)',
    finders: ['test/net/copy-sites.test.ts', 'test/net/driver.test.ts', 'test/net/bytes.test.ts'],
  },
  {
    name: 'what the device reads is booked as bounce copies',
    file: 'lib/dma/device-engine.ts',
    text: 'cpu.account(SITE.deviceRead, bytes)',
    replacement: 'cpu.account(SITE.bounce, bytes)',
    finders: ['test/dma/device-engine.test.ts', 'test/net/bytes.test.ts'],
  },
]);

const LAWS = ofKind('a control law changed', [
  {
    name: 'a queue limit falls by what three times the completed objects leave',
    file: 'lib/dma/dynamic-queue-limit.ts',
    text: '2 * (completed - before)',
    replacement: '3 * (completed - before)',
    finders: ['test/dma/dynamic-queue-limit.test.ts', 'test/trace'],
  },
  {
    name: 'a queue limit falls by the largest slack that was seen',
    file: 'lib/dma/dynamic-queue-limit.ts',
    text: 'Math.min(seen, latest)',
    replacement: 'Math.max(seen, latest)',
    finders: ['test/dma/dynamic-queue-limit.test.ts', 'test/trace'],
  },
  {
    name: 'a queue limit rises without the excess of the previous completion',
    file: 'lib/dma/dynamic-queue-limit.ts',
    text: 'cleaner[PREV_QUEUED]!) + prevExcess) >>> 0',
    replacement: 'cleaner[PREV_QUEUED]!)) >>> 0',
    finders: ['test/dma/dynamic-queue-limit.test.ts', 'test/trace'],
  },
  {
    name: 'a queue limit falls one tick early',
    file: 'lib/dma/dynamic-queue-limit.ts',
    text: '<= this.#doubles[HOLD]!) return limit;',
    replacement: '< this.#doubles[HOLD]!) return limit;',
    finders: ['test/dma/dynamic-queue-limit.test.ts', 'test/trace'],
  },
  {
    name: 'the excess is kept after the limit has changed',
    file: 'lib/dma/dynamic-queue-limit.ts',
    text: 'next === limit ? excess : 0',
    replacement: 'excess',
    finders: ['test/dma/dynamic-queue-limit.test.ts', 'test/trace'],
  },
  {
    name: 'byte queue limits hold their slack for two seconds',
    file: 'lib/net/byte-queue-limit.ts',
    text: 'const SLACK_HOLD_NS = 1e9;',
    replacement: 'const SLACK_HOLD_NS = 2e9;',
    finders: ['test/net/byte-queue-limit.test.ts', 'test/net'],
  },
]);

const SIGNALS = ofKind('a signal that is not heeded', [
  {
    name: 'an examination starts after its signal was aborted',
    file: 'lib/bench/doctor/examination.ts',
    text: '    if (signal.aborted) return;\n',
    replacement: '',
    finders: ['test/bench/doctor/examination.test.ts'],
  },
  {
    name: 'a run of its own process goes on after its signal was aborted',
    file: 'lib/bench/runs/fresh-run.ts',
    text: '  if (signal.aborted) stop();\n  else signal',
    replacement: '  signal',
    finders: ['test/bench/runs/fresh-run.test.ts'],
  },
  {
    name: 'rounds go on after the signal was aborted',
    file: 'lib/bench/run/runner.ts',
    text: '    while (!signal.aborted) {\n',
    replacement: '    for (;;) {\n',
    finders: ['test/bench/run/runner.test.ts', 'test/bench/run'],
  },
  {
    name: 'scenarios are opened after the signal was aborted',
    file: 'lib/bench/run/runner.ts',
    text: '      if (signal.aborted) break;\n',
    replacement: '',
    finders: ['test/bench/run/runner.test.ts', 'test/bench/run'],
  },
]);

const FILES = ofKind('a file written in place', [
  {
    name: 'a result file is written in place',
    file: 'lib/bench/files/replace-file.ts',
    text: '    writeDraft(draft, content, statSync(path, { throwIfNoEntry: false }));\n    renameSync(draft, path);\n',
    replacement: "    const file = openSync(path, 'w');\n    writeSync(file, String(content));\n    closeSync(file);\n",
    finders: ['test/bench/files/replace-file.test.ts', 'test/dev/files/json-file.test.ts'],
  },
]);

const FILLED = ofKind('buffers that are not filled', [
  {
    name: 'buffers of users are not filled again in memory that was replaced',
    file: 'lib/machine/run/ram-holder.ts',
    text: "    this.#ram = null;\n    this.#filledFor = '';\n",
    replacement: '    this.#ram = null;\n',
    finders: ['test/machine/run/ram-holder.test.ts', 'test/machine/run'],
  },
  {
    name: 'buffers of users are not filled again for another machine',
    file: 'lib/machine/run/ram-holder.ts',
    text: 'if (this.#filledFor !== filledFor) fillUsers',
    replacement: "if (this.#filledFor === '') fillUsers",
    finders: ['test/machine/run/ram-holder.test.ts', 'test/machine/run'],
  },
]);

const meanOf = (values: string) => `(${values}).reduce((sum, value) => sum + value, 0) / (${values}).length`;
const MEDIANS = ofKind('a mean for a median', [
  {
    name: 'the median over runs is a mean',
    file: 'lib/bench/runs/median-of.ts',
    text: 'median(numbers)',
    replacement: meanOf('numbers'),
    finders: ['test/bench/runs'],
  },
  {
    name: 'the median of a summary is a mean',
    file: 'lib/bench/statistics/statistics.ts',
    text: 'median: median(present(samples))',
    replacement: `median: ${meanOf('present(samples)')}`,
    finders: ['test/bench/statistics'],
  },
  {
    name: 'the medians of records are means',
    file: 'lib/bench/statistics/statistics.ts',
    text: '[name, median(values)]',
    replacement: `[name, ${meanOf('values')}]`,
    finders: ['test/bench/statistics'],
  },
  {
    name: 'the curve through all rounds is of means',
    file: 'lib/bench/statistics/resampled-rounds.ts',
    text: 'median(values.slice(0, rounds))',
    replacement: meanOf('values.slice(0, rounds)'),
    finders: ['test/bench/statistics'],
  },
  {
    name: 'the curves of rounds that were drawn are of means',
    file: 'lib/bench/statistics/resampled-rounds.ts',
    text: 'median(drawn.map((round) => values[round]!))',
    replacement: meanOf('drawn.map((round) => values[round]!)'),
    finders: ['test/bench/statistics'],
  },
  {
    name: 'costs are compared with the mean of the baseline',
    file: 'lib/bench/result/cores.ts',
    text: 'median(both.map(({ other }) => totalOf(other)))',
    replacement: meanOf('both.map(({ other }) => totalOf(other))'),
    finders: ['test/bench/result'],
  },
  {
    name: 'copy kernels are chosen by the smallest time',
    file: 'lib/memory/copy-kernel-choice.ts',
    text: '[values.length >> 2]!',
    replacement: '[0]!',
    finders: ['test/memory/copy-kernel-choice.test.ts'],
  },
  {
    name: 'results of tinybench are summarized by their mean',
    file: 'lib/bench/measure/from-tinybench.ts',
    text: 'median: median(samples)',
    replacement: `median: ${meanOf('samples')}`,
    finders: ['test/bench/measure'],
  },
  {
    name: 'the spread of a copy is over its mean',
    file: 'lib/bench/doctor/observed.ts',
    text: '/ median(copyNs)',
    replacement: `/ (${meanOf('copyNs')})`,
    finders: ['test/bench/doctor'],
  },
  {
    name: 'groups of a fleet have means',
    file: 'lib/bench/fleet/fleet-groups.ts',
    text: 'median([...present(group.columns[key]!)])',
    replacement: meanOf('[...present(group.columns[key]!)]'),
    finders: ['test/bench/fleet'],
  },
  {
    name: 'a group of copies has a mean',
    file: 'lib/bench/compare/copies.ts',
    text: ': median(values);',
    replacement: `: ${meanOf('values')};`,
    finders: ['test/bench/compare'],
  },
  {
    name: 'the middle of a comparison between runs is a mean',
    file: 'lib/bench/compare/run-to-run.ts',
    text: '{ middle: median(logs)',
    replacement: `{ middle: ${meanOf('logs')}`,
    finders: ['test/bench/compare'],
  },
]);

export const INSTRUMENT: readonly Plant[] = [...LEDGER, ...LAWS, ...SIGNALS, ...FILES, ...FILLED, ...MEDIANS];
