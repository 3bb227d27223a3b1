/** The facts of a host as text: in groups, and at the end what is not known of it, with the reasons. Pure. */

import type { CopyKernelFacts } from '../../addon/addon.js';
import type { HostFacts } from '../../bench/facts/host-schema.js';
import type { CounterFacts } from '../../bench/types/environment.js';
import { cacheHeading, cacheRows } from './cache-rows.js';
import { cpuRows } from './cpu-rows.js';
import { gapLines } from './gaps.js';
import { bouncingRows, linuxRows } from './linux-rows.js';
import { memoryRows } from './memory-rows.js';
import { groupLines, type Row } from './rows.js';

/** What no result file holds. */
export interface MachineExtras {
  /** What `swiotlb=` makes Linux do, as one line. */
  readonly swiotlbOption: { readonly text: string };
  /** The performance counters; null if they cannot be asked for, as without the addon. */
  readonly counters?: CounterFacts | null;
  /** Null when the addon did not load. */
  readonly copyKernels: readonly CopyKernelFacts[] | null;
  /** Then completes "the addon is ...": `not built`, `damaged`. */
  readonly addonState?: string;
}

const WIDTH = 80;
const INDENT = '  ';

/** What can be counted. A line for each reason says what cannot, and what to try. */
function counterRows({ counters = null }: MachineExtras): Row[] {
  if (counters === null) return [];
  const { opened, refused } = counters;
  const reasons = [...new Set(refused.map(({ why }) => why))].map((why): Row => {
    const of = refused.filter((other) => other.why === why);
    return ['', `no ${of.map(({ name }) => name).join(', ')}: ${why}; try: ${of[0]!.remedy}`];
  });
  return [['counters', opened.join(' ') || 'none'], ...reasons];
}

function programRows({ fingerprint }: HostFacts, { copyKernels, addonState = 'not built' }: MachineExtras): Row[] {
  const named = (supported: boolean) =>
    (copyKernels ?? []).filter((one) => one.supported === supported).map(({ name }) => name);
  return [
    ['addon', copyKernels === null ? `${addonState}: what only the CPU says is not known` : 'built'],
    ['copy kernels', copyKernels === null ? `unknown: the addon is ${addonState}` : named(true).join(' ')],
    ['not supported', named(false).join(' ')],
    ['fingerprint', fingerprint],
  ];
}

/** Ends with a line end. */
export function machineText(host: HostFacts, extras: MachineExtras): string {
  const groups = [
    { heading: 'CPUs', rows: cpuRows(host) },
    { heading: cacheHeading(host), rows: cacheRows(host) },
    { heading: 'Memory', rows: memoryRows(host) },
    { heading: 'Linux', rows: linuxRows(host) },
    { heading: 'Hypervisor, encryption and bouncing', rows: bouncingRows(host, extras.swiotlbOption.text) },
    { heading: 'This program', rows: [...programRows(host, extras), ...counterRows(extras)] },
  ];
  const gaps = gapLines(host.missing, WIDTH - INDENT.length).map((line) => INDENT + line);
  const lines = [...groups.flatMap(groupLines), ...(gaps.length === 0 ? [] : ['Not known of this host', ...gaps])];
  return `${lines.join('\n').trimEnd()}\n`;
}
