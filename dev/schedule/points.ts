/**
 * Makes scheduling points of what CPUs do to each other: every atomic operation, and so every lock, softirq and
 * doorbell; every mapping and every copy; and, on request, every call of a shared table, or every plain access of a
 * shared column. Functions are replaced in the threads that explore, so that the model does not know of points and no
 * other thread pays for them.
 * There is a point before an atomic operation and one behind it, since the plain accesses on either side may meet those
 * of other CPUs.
 */
import { CopyList } from '../../lib/memory/copy-list.js';
import type { Turns } from './turns.js';
import { unwatched, watched } from './watched-column.js';

type AnyView = new (...args: never[]) => object;
type Table = { readonly prototype: object };
type AnyFunction = (this: unknown, ...args: unknown[]) => unknown;

// The engine's own functions, taken before they are replaced.
const { load, notify, wait } = Atomics;
const OPERATIONS = ['load', 'store', 'add', 'sub', 'and', 'or', 'xor', 'exchange', 'compareExchange'] as const;
const COPY = 32;

export class Points {
  readonly #turns: Turns;
  /** While false, nothing is a scheduling point. */
  active = false;
  /** True while calls of shared tables are scheduling points. */
  tablePoints = false;
  /**
   * Matters after `watchColumns`: while true, views of shared memory that are made are watched even if `active` is
   * false, so that accesses through them become scheduling points later.
   */
  watching = false;
  #list: { now: number } | null = null;

  constructor(turns: Turns) {
    this.#turns = turns;
  }

  /**
   * Makes calls of `tables` points while `tablePoints` is true, and those of `always` at any time, until this thread
   * ends.
   */
  install(tables: readonly Table[], always: readonly Table[] = []): void {
    OPERATIONS.forEach((name, kind) => {
      this.#wrapAtomic(name, kind + 1);
    });
    this.#wrapWait();
    this.#wrapCopyList();
    for (const { prototype } of tables) this.#wrapTable(prototype, false);
    for (const { prototype } of always) this.#wrapTable(prototype, true);
  }

  /** Makes plain accesses points, in views that are made while `active` or `watching`, until this thread ends. */
  watchColumns(): void {
    const pass = (operation: number) => {
      if (this.active) this.#turns.point(operation);
    };
    // All views, since columns of words are also seen as doubles.
    const construct = (type: AnyView, args: unknown[]) => {
      const view = Reflect.construct(type, args) as Int32Array;
      const isShared = view.buffer instanceof SharedArrayBuffer;
      return isShared && (this.watching || this.active) ? watched(view, pass) : view;
    };
    Object.assign(globalThis, {
      Int32Array: new Proxy(Int32Array, { construct }),
      Float64Array: new Proxy(Float64Array, { construct }),
      Uint8Array: new Proxy(Uint8Array, { construct }),
    });
    for (const name of OPERATIONS) this.#unwatchFor(name);
    Object.assign(Atomics, {
      notify: (array: Int32Array, index: number, count?: number) => notify(unwatched(array), index, count),
    });
  }

  /** Runs `work` without points, because it is no part of the machine's work. */
  aside<Result>(work: () => Result): Result {
    const wasActive = this.active;
    this.active = false;
    try {
      return work();
    } finally {
      this.active = wasActive;
    }
  }

  #unwatchFor(name: (typeof OPERATIONS)[number]): void {
    const atomics = Atomics as unknown as Record<string, (array: Int32Array, ...rest: number[]) => number>;
    const operation = atomics[name]!;
    atomics[name] = (array, ...rest) => operation(unwatched(array), ...rest);
  }

  #wrapAtomic(name: (typeof OPERATIONS)[number], kind: number): void {
    const atomics = Atomics as unknown as Record<
      string,
      (array: Int32Array, index: number, ...rest: number[]) => number
    >;
    const operation = atomics[name]!;
    atomics[name] = (array, index, a, b) => {
      if (!this.active) return operation(array, index, a!, b!);
      const address = array.byteOffset + index * array.BYTES_PER_ELEMENT;
      this.#turns.point(address * 2 + kind);
      const result = operation(array, index, a!, b!);
      this.#turns.saw(kind, address, result);
      this.#turns.point();
      return result;
    };
  }

  /** A thread that waits must not sleep while it has the turn. */
  #wrapWait(): void {
    const replacement = (given: Int32Array, index: number, value: number, timeoutMs = Infinity) => {
      const array = unwatched(given);
      if (!this.active) return wait(array, index, value, timeoutMs);
      if (load(array, index) !== value) return 'not-equal';
      const deadline = this.#turns.now + timeoutMs * 1e6;
      while (load(array, index) === value) {
        if (this.#turns.now >= deadline) return 'timed-out';
        this.#turns.wait();
      }
      return 'ok';
    };
    Object.assign(Atomics, { wait: replacement });
  }

  /** Time is the virtual time of the turns. A copy takes none, since its real duration is no part of a schedule. */
  #wrapCopyList(): void {
    const turns = this.#turns;
    const list = { now: 0 };
    this.#list = list;
    const stamp = () => {
      list.now = turns.now;
      return list.now;
    };
    const { run, checksum } = CopyList.prototype;
    const moved = (value: number) => {
      stamp();
      if (!this.active) return;
      turns.saw(COPY, 0, value);
      turns.point();
    };
    Object.defineProperty(CopyList.prototype, 'now', { get: () => list.now });
    Object.assign(CopyList.prototype, {
      clock: stamp,
      ns: () => 0,
      relax: () => {
        if (this.active) turns.wait();
        return stamp();
      },
      run(this: CopyList, kernel: number) {
        run.call(this, kernel);
        moved(this.count);
      },
      checksum(this: CopyList, seed: number) {
        const crc = checksum.call(this, seed);
        moved(crc);
        return crc;
      },
    });
  }

  /** Sets this thread's clock to time 0, for the next machine. */
  resetClock(): void {
    if (this.#list !== null) this.#list.now = 0;
  }

  #wrapTable(prototype: object, always: boolean): void {
    const points = this;
    const passing = (work: AnyFunction): AnyFunction =>
      function (this: unknown, ...args: unknown[]) {
        if (points.active && (always || points.tablePoints)) points.#turns.point();
        return work.apply(this, args);
      };
    for (const [name, property] of Object.entries(Object.getOwnPropertyDescriptors(prototype))) {
      if (name === 'constructor') continue;
      if (typeof property.value === 'function') property.value = passing(property.value as AnyFunction);
      if (property.get !== undefined) property.get = passing(property.get);
      Object.defineProperty(prototype, name, property);
    }
  }
}
