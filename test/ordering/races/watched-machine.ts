/**
 * Machines whose CPUs take turns on one thread while a `RaceDetector` sees every access: plain ones of shared columns,
 * atomic operations, and copies from and to memory, each by the CPU whose turn it is. Functions of the engine are
 * replaced until they are disposed of.
 */
import { unwatched, watched } from '../../../dev/schedule/watched-column.js';
import { CpuRunner } from '../../../lib/machine/build/cpu-runner.js';
import { GrowthWork } from '../../../lib/machine/build/growth.js';
import { CopyList } from '../../../lib/memory/copy-list.js';
import { type Access, RaceDetector } from './race-detector.js';

type Column = Int32Array | Float64Array | Uint8Array;
type Replaced = (this: unknown, ...args: never[]) => unknown;

/** One byte in 64 stands for a copy: copies that share memory, but no bytes, then share no word. */
const STEP_BYTES = 64;
/** Frames of the functions that watch, and those of the model that are of interest. */
const FRAMES = 9;
const UPDATES = ['add', 'sub', 'and', 'or', 'xor', 'exchange', 'compareExchange'] as const;
const NO_CPU = -1;

/** Functions that release a lock, which somewhere before has to be acquired. */
const UNLOCKS = ['unlock', 'AreaLocks.release', 'SocketLocks.bhUnlock'];

/** A race, by the functions whose accesses it is of; or a lock that is released and not held. */
export interface FoundRace {
  /** Such as `write in TxQueue.enqueue, read in TxQueue.isEmpty`, the earlier one first. */
  readonly text: string;
  /** The functions that read plainly. */
  readonly readers: readonly string[];
}

/** Its `stack` is the function of the model that it was made in. */
class Here extends Error {}

/** The function of the model that a stack is in: `Class.method` or `function`. Not as text: that would be slow. */
function functionOf(error: Error, stack: readonly NodeJS.CallSite[]): string {
  if (!(error instanceof Here)) return [String(error), ...stack].join('\n    at ');
  const inModel = stack.filter((frame) => frame.getFileName()?.includes('/lib/'));
  const names = inModel.map((frame) => {
    const type = frame.getTypeName();
    const name = frame.getFunctionName() ?? frame.getMethodName() ?? '?';
    return type === null || type === 'Object' || name.includes('.') ? name : `${type}.${name}`;
  });
  const outer = names.find((name) => !/^(lock|unlock|tryLock|contend|CopyList\.)/.test(name)) ?? names[0] ?? '?';
  return UNLOCKS.includes(names[0] ?? '') ? `${names[0]} from ${outer}` : outer;
}

const nameOf = (where: unknown) => (where instanceof Here ? where.stack! : 'a load');

export class WatchedMachines {
  readonly #undo: (() => void)[] = [];
  readonly #found = new Map<string, FoundRace>();
  readonly #bases = new Map<ArrayBufferLike, string>();
  #detector: RaceDetector | null = null;
  #cpu = NO_CPU;
  /** Accesses that were seen. */
  accesses = 0;

  constructor() {
    const { stackTraceLimit, prepareStackTrace } = Error;
    Object.assign(Error, { stackTraceLimit: FRAMES, prepareStackTrace: functionOf });
    this.#undo.push(() => Object.assign(Error, { stackTraceLimit, prepareStackTrace }));
    this.#watchColumns();
    this.#watchAtomics();
    this.#watchCopies();
    this.#watchSteps();
  }

  /** Begins to watch another machine, with at most this many CPUs. */
  begin(cpus: number): void {
    this.#detector = new RaceDetector(cpus);
    this.#bases.clear();
  }

  /** Runs `work` as this CPU. */
  runOn<Result>(cpu: number, work: () => Result): Result {
    const before = this.#cpu;
    this.#cpu = cpu;
    try {
      return work();
    } finally {
      this.#cpu = before;
    }
  }

  /** The races that were found, each once. */
  get races(): readonly FoundRace[] {
    return [...this.#found.values()];
  }

  /** Puts back what was replaced. */
  [Symbol.dispose](): void {
    for (const undo of this.#undo.reverse()) undo();
  }

  #access(word: string, access: Access): void {
    if (this.#cpu === NO_CPU || this.#detector === null) return;
    this.accesses++;
    const here = access === 'load' ? null : new Here();
    for (const { first, second } of this.#detector.access(this.#cpu, word, access, here)) {
      const [before, after] = [nameOf(first.where), nameOf(here ?? new Here())];
      const text = `${first.access} in ${before}, ${second} in ${after}`;
      const readers = [...(first.access === 'read' ? [before] : []), ...(second === 'read' ? [after] : [])];
      if (!this.#found.has(text)) this.#found.set(text, { text, readers });
    }
  }

  /** Another 0 in a word that is 0 already: an error where it is a lock that is released. */
  #requireHeld(where: string): void {
    if (this.#cpu === NO_CPU || !UNLOCKS.some((name) => where.startsWith(`${name} from `))) return;
    const text = `${where}: the lock is not held`;
    this.#found.set(text, { text, readers: [] });
  }

  #wordOf(buffer: ArrayBufferLike, byte: number): string {
    if (!this.#bases.has(buffer)) this.#bases.set(buffer, `${this.#bases.size}`);
    return `${this.#bases.get(buffer)}:${byte}`;
  }

  #replace(holder: object, name: string, replacement: (before: Replaced) => Replaced): void {
    const before = Reflect.get(holder, name) as Replaced | undefined;
    if (before === undefined) return;
    Reflect.set(holder, name, replacement(before));
    this.#undo.push(() => Reflect.set(holder, name, before));
  }

  #watchSteps(): void {
    const asCpu = (cpu: number, work: () => unknown) => this.runOn(cpu, work);
    for (const { prototype } of [CpuRunner, GrowthWork] as { prototype: object }[]) {
      for (const name of ['step', 'exitSenders']) {
        const turnOf = (before: Replaced): Replaced =>
          function (this: unknown, ...args) {
            return asCpu((this as CpuRunner).cpu.id, () => before.apply(this, args));
          };
        this.#replace(prototype, name, turnOf);
      }
    }
  }

  #watchColumns(): void {
    const construct = (type: new (...args: never[]) => object, args: never[]) => {
      const view = Reflect.construct(type, args) as Column;
      if (!(view.buffer instanceof SharedArrayBuffer)) return view;
      // The number is that of a byte, twice, and odd for a store.
      return watched(view, (operation) => {
        this.#access(this.#wordOf(view.buffer, (operation >> 1) - 8), operation % 2 === 1 ? 'write' : 'read');
      });
    };
    for (const name of ['Int32Array', 'Float64Array', 'Uint8Array']) {
      const type = Reflect.get(globalThis, name) as object;
      Reflect.set(globalThis, name, new Proxy(type, { construct: construct as never }));
      this.#undo.push(() => Reflect.set(globalThis, name, type));
    }
  }

  #watchAtomics(): void {
    const watch = (name: string, accessOf: (result: unknown, args: readonly unknown[]) => Access) => {
      this.#replace(Atomics, name, (before) => (...args: never[]) => {
        const [column, index, ...rest] = args as unknown as [Int32Array, number, ...never[]];
        const bare = unwatched(column);
        // Entered first, so that what it acquires is known; whether an exchange fails is known from the word.
        const access = accessOf(bare[index], rest);
        if (bare.buffer instanceof SharedArrayBuffer) {
          this.#access(this.#wordOf(bare.buffer, bare.byteOffset + index * bare.BYTES_PER_ELEMENT), access);
        }
        return before.call(Atomics, bare as never, index as never, ...rest);
      });
    };
    watch('load', () => 'load');
    watch('store', (before, [value]) => {
      if (value === 0 && before === 0) this.#requireHeld(new Here().stack!);
      return 'store';
    });
    for (const name of UPDATES) {
      watch(name, (value, [expected]) => (name === 'compareExchange' && value !== expected ? 'load' : 'update'));
    }
    for (const name of ['notify', 'wait']) {
      this.#replace(
        Atomics,
        name,
        (before) =>
          (column: never, ...rest: never[]) =>
            before.call(Atomics, unwatched(column) as never, ...rest),
      );
    }
  }

  #watchCopies(): void {
    const enter = (region: number, offset: number, bytes: number, access: Access) => {
      const first = Math.ceil(offset / STEP_BYTES) * STEP_BYTES;
      for (let at = first; at < offset + bytes; at += STEP_BYTES) this.#access(`region ${region}:${at}`, access);
    };
    const { prototype } = CopyList;
    const push = prototype.push;
    this.#replace(
      prototype,
      'push',
      () =>
        function (this: unknown, ...args) {
          const [toRegion, to, fromRegion, from, bytes] = args as unknown as number[];
          enter(fromRegion!, from!, bytes!, 'read');
          enter(toRegion!, to!, bytes!, 'write');
          return push.apply(this as CopyList, args as never);
        },
    );
    this.#replace(
      prototype,
      'pushSource',
      () =>
        function (this: unknown, ...args) {
          const [region, offset, bytes, site] = args as unknown as [number, number, number, number];
          enter(region, offset, bytes, 'read');
          return push.call(this as CopyList, region, 0, region, offset, bytes, site);
        },
    );
  }
}
