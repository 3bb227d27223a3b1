/**
 * Flags of the JavaScript engine for a process that measures. The control plane is many small functions over shared
 * columns. With the default budget the compiler does not inline all of them, as a C compiler would. The flags hold for
 * the process and have to be set before the measured code runs, so a command sets them, and the library does not.
 *
 * A user may give flags too, and some of them make what is measured meaningless: without its optimizing compiler the
 * engine takes many times as long for the control plane, and the copies, which are native, as long as ever.
 */
import { setFlagsFromString } from 'node:v8';
import { Script } from 'node:vm';
import { CopytaxError } from '../../errors.js';

export const ENGINE_FLAGS = [
  '--max-inlined-bytecode-size=1500',
  '--max-inlined-bytecode-size-cumulative=4000',
] as const;

let isSet = false;

/**
 * Sets the flags for the whole process, also for threads that start later. Call it before the code that is to be
 * measured has run: what is compiled already stays as it is. An engine that does not know a flag says so on stderr. Any
 * thread.
 */
export function setEngineFlags(): void {
  for (const flag of ENGINE_FLAGS) setFlagsFromString(flag);
  isSet = true;
}

/** Returns the flags that `setEngineFlags` has set, as this thread knows. */
export function engineFlagsSet(): string[] {
  return isSet ? [...ENGINE_FLAGS] : [];
}

/** A flag that Node was started with: `--no-opt` is `opt`, off. */
interface GivenFlag {
  readonly name: string;
  readonly isOn: boolean;
  readonly value: string | null;
  /** As it was written. */
  readonly text: string;
  readonly from: 'the command line' | 'NODE_OPTIONS';
}

/** What a flag would have to say to be refused. */
type Spoils = (flag: GivenFlag) => boolean;
const whenOn: Spoils = ({ isOn }) => isOn;
const whenOff: Spoils = ({ isOn }) => !isOn;
const below =
  (limit: number): Spoils =>
  ({ value }) =>
    value !== null && Number(value) < limit;
const above =
  (limit: number): Spoils =>
  ({ value }) =>
    value !== null && Number(value) > limit;

/**
 * Flags that keep a hot function of the control plane from being optimized or inlined, in one of V8's versions in
 * Node 20, 22, 24 and 26 at least. Found by timing a loop with each flag of V8 that looks as if it could do that: with
 * these it took from twice to 200 times as long. Limits are V8's defaults.
 */
const SPOILERS: Readonly<Record<string, Spoils>> = {
  jitless: whenOn,
  'lite-mode': whenOn,
  opt: whenOff,
  turbofan: whenOff,
  turboshaft: whenOff,
  turbolev: whenOn,
  'use-ic': whenOff,
  'turbo-inlining': whenOff,
  'turbo-filter': ({ value }) => value !== '*',
  'always-turbofan': whenOn,
  'disable-optimizing-compilers': whenOn,
  'efficiency-mode': whenOn,
  'max-opt': below(3),
  'max-optimized-bytecode-size': below(61_440),
  'max-inlined-bytecode-size-absolute': below(4600),
  'interrupt-budget': above(67_584),
  'invocation-count-for-turbofan': above(3000),
  'concurrent-recompilation-delay': above(0),
  'deopt-every-n-times': above(0),
};
/** Other names of flags. */
const ALIASES: Readonly<Record<string, string>> = { opt: 'turbofan' };
/** Flags of Node that are followed by an argument of any form. */
const WITH_ARGUMENT = ['-e', '-p', '-pe', '--eval', '--print'];

/** Where flags come from; a test replaces it. */
export interface FlagSources {
  /** Flags of the command line; by default those of this process. */
  readonly execArgv?: readonly string[];
  /** Flags of the environment; by default `NODE_OPTIONS`. */
  readonly nodeOptions?: string;
}

/** Splits NODE_OPTIONS as Node does: at spaces outside of double quotes. */
function wordsOf(nodeOptions: string): string[] {
  const words = nodeOptions.match(/(?:"(?:\\.|[^"\\])*"|[^\s"])+/g) ?? [];
  return words.map((word) => word.replace(/"((?:\\.|[^"\\])*)"/g, (_, quoted) => quoted.replace(/\\(.)/g, '$1')));
}

/** V8 takes dashes for underscores, one dash for two, and `no` with or without a dash. */
function parsed(text: string, from: GivenFlag['from']): GivenFlag {
  const [, written, value] = /^--?([^=]*)(?:=(.*))?$/s.exec(text)!;
  const name = written!.replaceAll('_', '-');
  const positive = /^no-?(.+)$/.exec(name)?.[1];
  const isOff = positive !== undefined && Object.hasOwn(SPOILERS, positive);
  return { name: isOff ? positive : name, isOn: !isOff, value: value ?? null, text, from };
}

/** The flags in the order in which Node applies them, so that of two with one name the later one counts. */
function givenFlags({ execArgv = process.execArgv, nodeOptions = process.env.NODE_OPTIONS ?? '' }: FlagSources) {
  const of = (words: readonly string[], from: GivenFlag['from']) =>
    words
      .filter((word, at) => word.startsWith('-') && !WITH_ARGUMENT.includes(words[at - 1] ?? ''))
      .map((word) => parsed(word, from));
  return [...of(wordsOf(nodeOptions), 'NODE_OPTIONS'), ...of(execArgv, 'the command line')];
}

/**
 * Returns the flags that Node was started with, as they were written. Values other than numbers are left out: they may
 * be paths or names of the user's.
 */
export function userEngineFlags(sources: FlagSources = {}): string[] {
  return givenFlags(sources).map(({ text }) => text.replace(/=(?!-?\d+(?:\.\d+)?$).*$/s, '=...'));
}

/** Beginnings of flags for debuggers, profilers, traces and checks. */
const SLOWING =
  'inspect cpu-prof heap-prof prof perf- ll-prof interpreted-frames-native-stack predictable single-threaded stress- ' +
  'verify- debug-code force-slow-path trace-opt trace-deopt trace-osr trace-turbo trace-maglev trace-gc trace-event';

/** Returns those of the flags, as they were written, that cost time beside what is measured. */
export function slowingFlags(flags: readonly string[]): string[] {
  const nameOf = (flag: string) => parsed(flag, 'the command line').name;
  return flags.filter((flag) => SLOWING.split(' ').some((beginning) => nameOf(flag).startsWith(beginning)));
}

/** Returns the flags with which a measurement says nothing, each with where it came from. */
function spoilers(sources: FlagSources): GivenFlag[] {
  const last = new Map<string, GivenFlag>();
  for (const flag of givenFlags(sources)) last.set(ALIASES[flag.name] ?? flag.name, flag);
  return [...last.values()].filter((flag) => Object.hasOwn(SPOILERS, flag.name) && SPOILERS[flag.name]!(flag));
}

/**
 * Whether the engine optimizes what runs often: asks V8 itself, because flags can also be set by a call, and those
 * cannot be read back. Null if it does not say.
 */
function isOptimizing(): boolean | null {
  const ask = (): unknown => new Script('%IsTurbofanEnabled()').runInThisContext();
  try {
    return ask() === true; // the user may have allowed this syntax
  } catch {
    setFlagsFromString('--allow-natives-syntax');
  }
  try {
    return ask() === true;
  } catch {
    return null;
  } finally {
    setFlagsFromString('--no-allow-natives-syntax');
  }
}

/**
 * Fails if the engine was told not to optimize what is to be measured. One that does not say whether it optimizes, and
 * has no WebAssembly, may make no code at all.
 * @throws ERR_ENGINE_FLAGS, which names the flags and where they came from
 */
export function requireOptimizer(sources: FlagSources = {}): void {
  const found = spoilers(sources);
  const flags = found.map(({ text }) => text);
  if (found.length > 0) {
    const named = found.map(({ text, from }) => `${text} (from ${from})`).join(' and ');
    const verb = found.length === 1 ? 'keeps' : 'keep';
    const message = `${named} ${verb} the engine from optimizing what is to be measured`;
    throw new CopytaxError('ERR_ENGINE_FLAGS', message, { flags });
  }
  if (!(isOptimizing() ?? 'WebAssembly' in globalThis)) {
    const message =
      'the engine does not optimize what is to be measured: it was told so by a call of v8.setFlagsFromString, ' +
      'or is built without its compiler';
    throw new CopytaxError('ERR_ENGINE_FLAGS', message, { flags });
  }
}
