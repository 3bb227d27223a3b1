import { describe, expect, it } from '@jest/globals';
import {
  COMPLETION_LABELS,
  COPY_WORDS,
  DESIGN_WORDS,
  DEVICE_WORDS,
  FLAVOUR_WORDS,
  FREE_DISPATCH_WORDS,
  GROWTH_WORDS,
} from '../../../lib/bench/plan/option-words.js';
import { FREE_DISPATCHES } from '../../../lib/designs/design.js';
import { DESIGN_NAMES, DESIGNS } from '../../../lib/designs/designs.js';
import { COMPLETION_MODES } from '../../../lib/dma/completion-modes.js';
import { FLAVOURS } from '../../../lib/flavour.js';
import { GROWTH_MODES } from '../../../lib/machine/build/choices.js';
import { COPY_KERNEL_NAMES } from '../../../lib/memory/copy-kernels.js';

describe('the words of an option', () => {
  it.each([
    ['designs', DESIGN_WORDS, DESIGN_NAMES],
    ['ways of growing', GROWTH_WORDS, GROWTH_MODES],
    ['flavours', FLAVOUR_WORDS, FLAVOURS],
    ['ways of freeing', FREE_DISPATCH_WORDS, ['design', ...FREE_DISPATCHES]],
    ['copy kernels', COPY_WORDS, ['auto', 'kernel-like', ...COPY_KERNEL_NAMES]],
    ['completion modes', DEVICE_WORDS, COMPLETION_MODES],
  ] as const)('are all %s that there are, in their order', (_name, words, known) => {
    expect(Object.keys(words.meanings)).toEqual(known);
  });

  it('explain a design as it describes itself', () => {
    for (const name of DESIGN_NAMES) expect(DESIGN_WORDS.meanings[name]).toBe(DESIGNS[name].idea);
  });

  it('have a label for every completion mode', () => {
    expect(Object.keys(COMPLETION_LABELS)).toEqual(COMPLETION_MODES);
    expect(COMPLETION_LABELS['line-rate']).toMatch(/time on the line/);
    expect(COMPLETION_LABELS.read).toMatch(/reads every byte/);
  });
});
