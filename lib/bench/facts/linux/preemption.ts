/**
 * How readily Linux takes a CPU away from its own work: none, voluntary, full, lazy or rt. Sources: the documentation
 * of Linux on kernel parameters (preempt=), and /proc/version, which names how it was compiled.
 */
import type { HostFiles } from '../host-files.js';
import { bootValue } from './boot-tokens.js';

const MODELS = ['none', 'voluntary', 'full', 'lazy'];
const BUILD = '/proc/version';
const NOW = '/sys/kernel/debug/sched/preempt';

/** Linux's own default, by the options that it was compiled with; null where that file is not kept. */
function compiled(files: HostFiles): string | null {
  const config = files.text(`/boot/config-${files.text('/proc/sys/kernel/osrelease')}`);
  const has = (option: string) => config !== null && new RegExp(`^CONFIG_PREEMPT${option}=y$`, 'm').test(config);
  if (has('_RT')) return 'rt';
  if (has('_LAZY')) return 'lazy';
  if (has('_NONE')) return 'none';
  return has('_VOLUNTARY') ? 'voluntary' : has('') ? 'full' : null;
}

/** `tokens`: of the command line. Records why it is not known. */
export function preemption(files: HostFiles, tokens: readonly string[] | null): string | null {
  const version = files.text(BUILD) ?? files.text('/proc/sys/kernel/version');
  // Behind the number of the build: names of hosts and compilers, which stand before it, are no words of this.
  const words = /#\d.*$/m.exec(version ?? '')?.[0].split(/[\s(),]+/) ?? [];
  const isRealTime = words.includes('PREEMPT_RT') || (words.includes('PREEMPT') && words.includes('RT'));
  if (files.text('/sys/kernel/realtime') === '1' || isRealTime) return 'rt';
  const selected = /\((\w+)\)/.exec(files.text(NOW) ?? '')?.[1];
  if (selected !== undefined) return selected;
  if (words.includes('PREEMPT')) return 'full';
  if (words.includes('PREEMPT_LAZY')) return 'lazy';
  const isDynamic = words.includes('PREEMPT_DYNAMIC');
  const asked = isDynamic ? bootValue(tokens, 'preempt') : null;
  const known = (asked !== null && MODELS.includes(asked) ? asked : null) ?? compiled(files);
  if (known !== null) return known;
  if (isDynamic) return files.miss('kernel.preemption', `this Linux can change it, and ${files.reason(NOW)}`);
  if (version === null) return files.miss('kernel.preemption', files.reason(BUILD));
  const reason = words.length === 0 ? 'names no build' : 'leaves open whether it is none or voluntary';
  return files.miss('kernel.preemption', `${BUILD} ${reason}`);
}
