/** Words that options take, each with its meaning as help prints it. */

import type { FreeDispatchName } from '../../designs/design.js';
import { ALL_DESIGN_NAMES, type DesignName, factsOf } from '../../designs/design-table.js';
import type { CompletionMode } from '../../dma/completion-modes.js';
import type { Flavour } from '../../flavour.js';
import type { GrowthMode } from '../../machine/build/choices.js';
import { COPY_KERNEL_NAMES, type CopyKernelName } from '../../memory/copy-kernels.js';
import type { Words } from './option-row.js';

export const DESIGN_WORDS: Words<DesignName> = {
  kind: 'word',
  noun: 'design',
  /** Those of this package, and those that were added until now. */
  get meanings() {
    const meanings = ALL_DESIGN_NAMES.map((name) => [name, factsOf(name).idea]);
    return Object.fromEntries(meanings) as Record<DesignName, string>;
  },
};

export const GROWTH_WORDS: Words<GrowthMode> = {
  kind: 'word',
  noun: 'growth',
  meanings: {
    none: 'it does not grow',
    pools: 'as in Linux since 6.6, by transient slot pools and slot pools that stay',
    'per-mapping': 'as was posted before, by a buffer for each mapping',
  },
};

export const FLAVOUR_WORDS: Words<Flavour> = {
  kind: 'word',
  noun: 'flavour',
  meanings: {
    faithful: 'the designs as posted, with their known defects',
    hardened: 'with the fixes of docs/findings.md',
  },
};

/** What frees the pages of sockets: what the design has for it, or one way for all designs. */
export type FreeDispatchChoice = 'design' | FreeDispatchName;

export const FREE_DISPATCH_WORDS: Words<FreeDispatchChoice> = {
  kind: 'word',
  noun: 'way of freeing',
  meanings: {
    design: 'as the design says',
    'allocator-hook': 'a hook in the page allocator',
    'typed-folio': "the owner of the page's type",
  },
};

/** A copy kernel, the fastest for the size, or what Linux would take on this CPU. */
export type CopyChoice = 'auto' | 'kernel-like' | CopyKernelName;
const named = Object.fromEntries(COPY_KERNEL_NAMES.map((name) => [name, ''])) as Record<CopyKernelName, ''>;

export const COPY_WORDS: Words<CopyChoice> = {
  kind: 'word',
  noun: 'copy kernel',
  meanings: { auto: 'the fastest for the size', 'kernel-like': 'as Linux copies on this CPU', ...named },
};

export const DEVICE_WORDS: Words<CompletionMode> = {
  kind: 'word',
  noun: 'device',
  meanings: {
    retire: 'at the doorbell, unread',
    'line-rate': 'after its time on the line',
    read: 'after a device thread has read every byte',
  },
};

export const COMPLETION_LABELS: Readonly<Record<string, string>> = {
  retire: 'a device that completes at the doorbell',
  'line-rate': 'a device that completes after the time on the line',
  read: 'a device that reads every byte before it completes',
};
