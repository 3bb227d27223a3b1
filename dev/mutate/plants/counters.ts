/** Errors in the choice of copy kernels, and in counts of CPUs. */
import { ofKind, type Plant } from '../plant.js';

const CHOICE = ofKind('copy kernels and counters', [
  {
    name: 'the nearest size is that of the smallest difference',
    file: 'lib/memory/copy-kernel-choice.ts',
    text: 'Math.abs(Math.log(size / bytes))',
    replacement: 'Math.abs(size - bytes)',
    finders: ['test/memory/copy-kernel-choice.test.ts'],
  },
  {
    name: 'time that earlier sizes took is not of the budget',
    file: 'lib/memory/copy-kernel-choice.ts',
    text: 'known.spentMs + cpuMs() - began',
    replacement: 'cpuMs() - began',
    finders: ['test/memory/copy-kernel-choice.test.ts'],
  },
  {
    name: 'a copy kernel is chosen that is as fast as the C library',
    file: 'lib/memory/copy-kernel-choice.ts',
    text: '(index === LIBC ? MARGIN : 1)',
    replacement: '(index === LIBC ? 1 / MARGIN : 1)',
    finders: ['test/memory/copy-kernel-choice.test.ts'],
  },
  {
    name: 'a piece of memory in which all are slow decides',
    file: 'lib/memory/copy-kernel-choice.ts',
    text: 'times[at]! / Math.min(...times)',
    replacement: 'times[at]!',
    finders: ['test/memory/copy-kernel-choice.test.ts'],
  },
  {
    name: 'two that are near to each other are compared no longer',
    file: 'lib/memory/copy-kernel-choice.ts',
    text: 'second < NEAR * best',
    replacement: 'second * NEAR < best',
    finders: ['test/memory/copy-kernel-choice.test.ts'],
  },
  {
    name: 'one that is behind in the first rounds is given up',
    file: 'lib/memory/copy-kernel-choice.ts',
    text: 'const FAR_BEHIND = 1.15;',
    replacement: 'const FAR_BEHIND = 1.02;',
    finders: ['test/memory/copy-kernel-choice.test.ts'],
  },
  {
    name: 'misses are of a byte where a KiB is told',
    file: 'lib/bench/counters/batch-counts.ts',
    text: '(count * KIB) / bytes',
    replacement: 'count / bytes',
    finders: ['test/bench/counters/batch-counts.test.ts'],
  },
  {
    name: 'counters are closed while another has them',
    file: 'lib/bench/counters/batch-counts.ts',
    text: 'if (--this.#lent > 0) return;',
    replacement: 'this.#lent--;',
    finders: ['test/bench/counters/batch-counts.test.ts'],
  },
  {
    name: 'counters that were lent are not given back',
    file: 'lib/bench/counters/batch-counts.ts',
    text: 'if (this.#counters !== null) this.#lender.takeBack();',
    replacement: '',
    finders: ['test/bench/counters/batch-counts.test.ts'],
  },
  {
    name: 'a batch is counted as the first one',
    file: 'lib/bench/counters/batch-counts.ts',
    text: 'batch * length + at',
    replacement: 'at',
    finders: ['test/bench/counters/batch-counts.test.ts'],
  },
  {
    name: 'counts are scaled down where counters took turns',
    file: 'lib/bench/counters/scaled-counts.ts',
    text: 'value / share',
    replacement: 'value * share',
    finders: ['test/bench/counters/scaled-counts.test.ts'],
  },
  {
    name: 'what never ran has counted nothing',
    file: 'lib/bench/counters/scaled-counts.ts',
    text: 'if (!(running > 0)) continue;\n    const share = Math.min(1, running / Math.max(enabled, running));',
    replacement: 'const share = running > 0 ? running / Math.max(enabled, running) : 1;',
    finders: ['test/bench/counters/scaled-counts.test.ts'],
  },
  {
    name: 'the share of time that counters ran is the best one',
    file: 'lib/bench/counters/scaled-counts.ts',
    text: 'ranShare = Math.min(ranShare ?? 1, share)',
    replacement: 'ranShare = Math.max(ranShare ?? 0, share)',
    finders: ['test/bench/counters/scaled-counts.test.ts'],
  },
  {
    name: 'a counter that could not be read has a count below 0',
    file: 'lib/bench/counters/scaled-counts.ts',
    text: '.some((value) => value < 0)',
    replacement: '.every((value) => value < 0)',
    finders: ['test/bench/counters/scaled-counts.test.ts'],
  },
  {
    name: 'a user who may count is told to raise a level that suffices',
    file: 'lib/bench/counters/refusals.ts',
    text: 'paranoid <= USER_MODE_LEVEL',
    replacement: 'paranoid < USER_MODE_LEVEL',
    finders: ['test/bench/counters/refusals.test.ts'],
  },
]);

export const COUNTERS: readonly Plant[] = [...CHOICE];
