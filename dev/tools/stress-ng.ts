/**
 * The runs of `stress-ng`, whose figures are not of copies alone. The program tool_loops stands between: it does what
 * stress-ng counts, which has to agree with stress-ng, and the plain copy of that, which has to agree with copytax.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sizeText } from '../../lib/cli/options/values.js';
import type { Explanation } from './agreement-file.js';
import { type CopySpec, copyRate } from './copies.js';
import { besideKey, CALLOC_OFFSET, COPIES, type Conditions, copiesOf, type Group, type Measure } from './plan.js';
import { outputOf } from './programs.js';
import { loopRates, MOVED_BUFFER_BYTES, memoryRates, movesRate, streamRate } from './tool-output.js';

const STRESS_SECONDS = 1;
/** A shorter run of `--stream` prints no rates. */
const STREAM_SECONDS = 5;

const COUNTS_MOVES =
  'more than half of what it counts moves within one buffer, which the cache holds: a program that does the same ' +
  'agrees, and so does copytax with the copies of that program';
const COUNTS_TWICE = 'it counts each byte twice, when it is read and when it is written: half of its rate agrees';
const COUNTS_LOOPS =
  'it counts what its loops read and what they write, and three of the four compute: a program with the same loops ' +
  'agrees, and so does copytax with the plain copy of that program';
const COUNTS_READS = 'it only reads: a program that does agrees, and so does copytax with the copy of that program';
const COUNTS_WRITES = 'it only writes: a program that does agrees, and so does copytax with the copy of that program';
const WITH_HUGE_PAGES = ', both on huge pages, which Linux gives to stress-ng';

/** Runs of `stress-ng`, at the path `file`. */
export function stressGroups(file: string, conditions: Conditions): Group[] {
  const { hugePages, folder, loops } = conditions;
  const bytes = Math.max(...conditions.sizes);
  const size = sizeText(bytes);

  function yaml(args: readonly string[], seconds: number): string {
    const metrics = join(folder, 'metrics.yaml');
    const fixed = ['--timeout', String(seconds), '--metrics', '--yaml', metrics, '--temp-path', folder];
    outputOf(file, [...args, ...fixed]);
    return readFileSync(metrics, 'utf8');
  }
  /** What tool_loops measures, on small and on huge pages; nothing where there is no compiler. */
  function loopMeasures(mode: string, ofBytes: number, names: readonly string[]): Measure[] {
    if (loops === null) return [];
    return ['', ' --huge'].map((huge) => ({
      keys: names.map((name) => `loops ${mode}${huge} ${name}`),
      take: () => {
        const args = [mode, '--bytes', String(ofBytes), ...(huge === '' ? [] : [huge.trim()])];
        return Object.values(loopRates(outputOf(loops, args), names));
      },
    }));
  }
  /** The explanation by tool_loops, on small pages and on huge ones. */
  function throughLoops(mode: string, because: string, ofLoop: string, of: string, copy: string): Explanation[] {
    return ['', ' --huge'].map((huge) => ({
      because: huge === '' ? because : `${because}${WITH_HUGE_PAGES}`,
      pairs: [
        { of, to: `loops ${mode}${huge} ${ofLoop}` },
        { of: `loops ${mode}${huge} copy`, to: huge === '' ? copy : `${copy}, huge pages` },
      ],
    }));
  }
  /** A copy of copytax on both kinds of pages. */
  function copyMeasures(key: string, spec: CopySpec): Measure[] {
    const huge = { ...spec, hugePages: 'thp' } as const;
    return [
      { keys: [key], take: () => [copyRate(spec)] },
      { keys: [`${key}, huge pages`], take: () => [copyRate(huge)] },
    ];
  }

  const tool = 'stress-ng';
  const shared = { hugePages, inPage: CALLOC_OFFSET };
  const moves = 'stress-ng --memcpy';
  const moved = { copyKernel: 'libc', bytes: MOVED_BUFFER_BYTES, copies: COPIES.max, ...shared } as const;
  const movedKey = besideKey('libc', moves);
  const long = { copyKernel: 'portable', bytes, copies: copiesOf(bytes), ...shared } as const;
  const stream = `stress-ng --stream ${size}`;
  const streamKey = besideKey('portable', stream);
  const [reads, writes] = [`stress-ng --memrate reads ${size}`, `stress-ng --memrate writes ${size}`];
  const rateKey = besideKey('portable', `stress-ng --memrate ${size}`);
  const { bytes: movedBytes } = moved;
  const half: Explanation = { because: COUNTS_TWICE, pairs: [{ of: `half of ${stream}`, to: streamKey }] };
  const row = { tool, bytes, copyKernel: 'portable' };
  return [
    {
      tool,
      measures: [
        {
          keys: [moves],
          take: () => [movesRate(yaml(['--memcpy', '1', '--memcpy-method', 'libc'], STRESS_SECONDS))],
        },
        ...loopMeasures('moves', movedBytes, ['all', 'copy']),
        ...copyMeasures(movedKey, moved),
      ],
      comparisons: [
        {
          tool,
          kind: '--memcpy',
          bytes: movedBytes,
          copyKernel: 'libc',
          of: moves,
          to: movedKey,
          explanations: throughLoops('moves', COUNTS_MOVES, 'all', moves, movedKey),
        },
      ],
    },
    {
      tool,
      measures: [
        {
          keys: [stream, `half of ${stream}`],
          take: () => {
            const args = ['--stream', '1', '--stream-l3-size', `${bytes / 4}b`];
            const rate = streamRate(yaml(args, STREAM_SECONDS));
            return [rate, rate / 2];
          },
        },
        ...loopMeasures('stream', bytes, ['all', 'copy']),
        ...copyMeasures(streamKey, long),
      ],
      comparisons: [
        {
          ...row,
          kind: '--stream',
          of: stream,
          to: streamKey,
          explanations: [half, ...throughLoops('stream', COUNTS_LOOPS, 'all', stream, streamKey)],
        },
      ],
    },
    {
      tool,
      measures: [
        {
          keys: [reads, writes],
          take: () => {
            // Evicted before each pass: what caches keep of one for the next differs from loop to loop.
            const args = ['--memrate', '1', '--memrate-flush', '--memrate-bytes', `${bytes}b`];
            const { read, write } = memoryRates(yaml(args, STRESS_SECONDS));
            return [read, write];
          },
        },
        ...loopMeasures('rates', bytes, ['read', 'write', 'copy']),
        ...copyMeasures(rateKey, long),
      ],
      comparisons: [
        {
          ...row,
          kind: '--memrate, read128',
          of: reads,
          to: rateKey,
          explanations: throughLoops('rates', COUNTS_READS, 'read', reads, rateKey),
        },
        {
          ...row,
          kind: '--memrate, write128',
          of: writes,
          to: rateKey,
          explanations: throughLoops('rates', COUNTS_WRITES, 'write', writes, rateKey),
        },
      ],
    },
  ];
}
