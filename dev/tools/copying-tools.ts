/** The runs of `mbw` and of `perf bench mem memcpy`, which copy one array to another. */
import { sizeText } from '../../lib/cli/options/values.js';
import type { CopyKernelName } from '../../lib/memory/copy-kernels.js';
import type { Explanation } from './agreement-file.js';
import { copyRate } from './copies.js';
import { besideKey, besides, CALLOC_OFFSET, type Conditions, copiesOf, type Group } from './plan.js';
import { outputOf } from './programs.js';
import { FIRST_RUNS, mbwRate, perfRate } from './tool-output.js';

const MBW_BLOCK_BYTES = 262_144;
const MIB = 2 ** 20;

const CROSSED =
  'mbw 1 runs its loop where it says MEMCPY, and memcpy where it says DUMB: memcpy of copytax agrees with its DUMB';

/** Runs of `mbw`, at the path `file`. */
export function mbwGroups(file: string, conditions: Conditions): Group[] {
  const { sizes, hugePages } = conditions;
  const tests = [
    { test: '-t0', kind: 'MEMCPY', copyKernel: 'libc' },
    { test: '-t1', kind: 'DUMB', copyKernel: 'portable' },
    { test: '-t2', kind: 'MCBLOCK', copyKernel: 'libc', blockBytes: MBW_BLOCK_BYTES },
  ] as const;
  return sizes.flatMap((bytes) => {
    const keyOf = (test: string) => `mbw ${test} ${sizeText(bytes)}`;
    const dumb = keyOf('-t1');
    const memcpyBesideDumb = besideKey('libc', dumb);
    const crossed: Explanation = { because: CROSSED, pairs: [{ of: dumb, to: memcpyBesideDumb }] };
    return tests.map(({ test, kind, copyKernel, ...block }) => {
      const spec = { copyKernel, bytes, copies: copiesOf(bytes), hugePages, inPage: CALLOC_OFFSET, ...block };
      const key = keyOf(test);
      const runs = String(spec.copies + FIRST_RUNS);
      const args = ['-q', '-a', '-n', runs, test, '-b', String(MBW_BLOCK_BYTES), String(bytes / MIB)];
      const run = { keys: [key], take: () => [mbwRate(outputOf(file, args))] };
      const first = test === '-t2' ? [] : [crossed];
      const group = besides('mbw', run, { kind: `${kind} (${test})`, key, spec, first }, conditions);
      if (test !== '-t1') return group;
      const memcpy = { keys: [memcpyBesideDumb], take: () => [copyRate({ ...spec, copyKernel: 'libc' })] };
      return { ...group, measures: [...group.measures, memcpy] };
    });
  });
}

/** Runs of `perf`, at the path `file`. */
export function perfGroups(file: string, conditions: Conditions): Group[] {
  const { sizes, hugePages, copyKernels } = conditions;
  const functions: readonly (readonly [name: string, copyKernel: CopyKernelName])[] = [
    ['default', 'libc'],
    ...(copyKernels.includes('movsb')
      ? ([
          ['x86-64-unrolled', 'portable'],
          ['x86-64-movsq', 'movsq'],
          ['x86-64-movsb', 'movsb'],
        ] as const)
      : []),
  ];
  return sizes.flatMap((bytes) =>
    functions.map(([name, copyKernel]) => {
      const spec = { copyKernel, bytes, copies: copiesOf(bytes), hugePages, inPage: CALLOC_OFFSET };
      const key = `perf ${name} ${sizeText(bytes)}`;
      const size = ['-s', `${bytes / MIB}MB`, '-l', String(spec.copies)];
      const args = ['bench', '-f', 'simple', 'mem', 'memcpy', ...size, '-f', name];
      const run = { keys: [key], take: () => [perfRate(outputOf(file, args))] };
      return besides('perf', run, { kind: name, key, spec }, conditions);
    }),
  );
}
