/**
 * Probes that tell direction, slot and end of each mapping, as docs/captures.md has them. All instances share them, so
 * they are of a group that is named after this process.
 */
import { nameOf, thisProcess } from './owner.js';
import type { TracingFiles } from './tracing-files.js';
import type { Undoing } from './undoing.js';

/** Definitions after name and group: each of them has to be taken; of several in a row the first that is. */
type Layout = readonly (readonly [kind: string, name: string, definitions: readonly string[]])[];

const UNMAP_ARGUMENTS = 'tlb=%si:x64 size=%dx:u64 dir=%cx:s32 attrs=%r8:x64';
const RETURN = ['r', 'swmapret', ['swiotlb_tbl_map_single tlb=$retval:x64']] as const;

/** By the first Linux that has the arguments in these registers. */
const LAYOUTS: Readonly<Record<'6.1' | '6.12', Layout>> = {
  '6.1': [
    ['p', 'swmap', ['swiotlb_tbl_map_single orig=%si:x64 msize=%dx:u64 asize=%cx:u64 amask=%r8:x32 dir=%r9:s32']],
    RETURN,
    ['p', 'swunmap', [`swiotlb_tbl_unmap_single ${UNMAP_ARGUMENTS}`]],
  ],
  '6.12': [
    ['p', 'swmap', ['swiotlb_tbl_map_single orig=%si:x64 msize=%dx:u64 amask=%cx:x32 dir=%r8:s32 attrs=%r9:x64']],
    RETURN,
    ['p', 'swunmap', [`__swiotlb_tbl_unmap_single ${UNMAP_ARGUMENTS}`, `swiotlb_tbl_unmap_single ${UNMAP_ARGUMENTS}`]],
  ],
};

export type LayoutName = keyof typeof LAYOUTS;

/** What decides which registers the arguments are in. */
export interface ProbedHost {
  /** As `uname -r` prints it. */
  readonly release: string;
  /** As `process.arch`. */
  readonly arch: string;
  /** Whether Linux has events of the group `dma`. */
  readonly hasDmaEvents: boolean;
}

const HUNDREDS = 1000;

/** Returns the layout of a Linux, or why none is known for it. */
export function layoutOf({ release, arch, hasDmaEvents }: ProbedHost): LayoutName | { readonly unknown: string } {
  if (arch !== 'x64') return { unknown: 'arguments of functions are in registers, which are known for x86-64 alone' };
  const [, major, minor] = /^(\d+)\.(\d+)/.exec(release) ?? [];
  const version = Number(major) * HUNDREDS + Number(minor);
  if (hasDmaEvents || version >= 6 * HUNDREDS + 12) return '6.12';
  if (version >= 6 * HUNDREDS + 1 && version < 6 * HUNDREDS + 10) return '6.1';
  return { unknown: `in which registers Linux ${release} has the arguments is known for 6.1 to 6.9, and from 6.12 on` };
}

/** Adds a probe by the first definition that Linux takes. @throws the error of Linux for the last */
function addProbe(files: TracingFiles, path: string, head: string, definitions: readonly string[]): void {
  for (const [at, definition] of definitions.entries()) {
    try {
      files.append(path, `${head} ${definition}`);
      return;
    } catch (error) {
      if (at === definitions.length - 1) throw error;
    }
  }
}

/**
 * Adds the probes of a layout. Nothing records them until an instance enables `events/GROUP`. Returns their group.
 * `undoing` removes them: make the instance after them, so that it is removed before.
 * @throws the error of Linux, which may refuse probes; then none is left
 */
export function addProbes(files: TracingFiles, tracing: string, layout: LayoutName, undoing: Undoing): string {
  const group = nameOf(thisProcess(), '_');
  undoing.add(() => removeProbes(files, tracing, group));
  try {
    for (const [kind, name, definitions] of LAYOUTS[layout]) {
      addProbe(files, `${tracing}/kprobe_events`, `${kind}:${group}/${name}`, definitions);
    }
  } catch (error) {
    removeProbes(files, tracing, group);
    throw error;
  }
  return group;
}

/** Lines of `kprobe_events` and `kprobe_profile` that are of a group. */
function ofGroup(files: TracingFiles, path: string, group: string): string[] {
  return (files.textOrNull(path) ?? '').split('\n').filter((line) => line.includes(group));
}

/** The probes of a group as Linux has them; none where there are none. */
export function probesOf(files: TracingFiles, tracing: string, group: string): string[] {
  return ofGroup(files, `${tracing}/kprobe_events`, group);
}

/** Removes all probes of a group. @throws the error of Linux, EBUSY if an instance still records them */
export function removeProbes(files: TracingFiles, tracing: string, group: string): void {
  for (const line of probesOf(files, tracing, group)) {
    const [, name] = /^\w+:(\S+)/.exec(line) ?? [];
    if (name !== undefined) files.append(`${tracing}/kprobe_events`, `-:${name}`);
  }
}

/**
 * Calls that probes of a group did not see, as Linux counts them. Null where it does not tell, and where others have
 * probes of the same names: it counts by name alone.
 */
export function missedCalls(files: TracingFiles, tracing: string, group: string): number | null {
  const names = new Set(probesOf(files, tracing, group).map((line) => /^\w+:\S+\/(\S+)/.exec(line)?.[1]));
  const rows = (files.textOrNull(`${tracing}/kprobe_profile`) ?? '')
    .split('\n')
    .map((line) => line.trim().split(/\s+/));
  const own = rows.filter(([name]) => names.has(name));
  if (own.length === 0 || own.length !== names.size) return null;
  return own.reduce((sum, [, , misses]) => sum + Number(misses), 0);
}
