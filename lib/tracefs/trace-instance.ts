/**
 * An instance of Linux's tracing: a ring of its own with settings of its own, so that what others trace on the host is
 * not disturbed. Source: Documentation/trace/ftrace.rst of Linux, "Instances".
 */
import { closeSync, constants, openSync } from 'node:fs';
import { nameOf, thisProcess } from './owner.js';
import type { TracingFiles } from './tracing-files.js';
import type { Undoing } from './undoing.js';

/** How often, and with which pauses, the removal of an instance is tried that another process has open. */
const TRIES = 20;
const PAUSE_MS = 10;

/**
 * How lines are to look, whatever the options are that a new instance takes over. Kernels refuse those that they do not
 * know.
 */
const OPTIONS = [
  'context-info',
  'irq-info',
  'record-cmd',
  'noraw',
  'nohex',
  'nobin',
  'nolatency-format',
  'norecord-tgid',
  'nofields',
];

/** Removes an instance, also one whose last reader has just been closed. @throws the error of Linux */
export function removeInstance(files: TracingFiles, path: string): void {
  const pause = new Int32Array(new SharedArrayBuffer(4));
  for (let tries = 1; ; tries++) {
    try {
      files.removeFolder(path);
      return;
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'ENOENT') return;
      if (code !== 'EBUSY' || tries === TRIES) throw error;
      Atomics.wait(pause, 0, 0, PAUSE_MS);
    }
  }
}

/** Main thread only. */
export class TraceInstance {
  readonly path: string;
  readonly #files: TracingFiles;
  readonly #undoing: Undoing;

  /**
   * Makes an instance that records nothing yet. `undoing` removes it. `tracing`: where tracefs is.
   * @throws the error of Linux
   */
  constructor(files: TracingFiles, tracing: string, undoing: Undoing) {
    this.path = `${tracing}/instances/${nameOf(thisProcess())}`;
    this.#files = files;
    this.#undoing = undoing;
    files.makeFolder(this.path);
    undoing.add(() => removeInstance(files, this.path));
    this.set('tracing_on', '0');
    for (const option of OPTIONS) this.trySet('trace_options', option);
    this.#freeWhenKilled();
  }

  /** Numbers of the CPUs that the ring has a part for. @throws the error of Linux */
  get cpus(): readonly number[] {
    const names = this.#files.list(`${this.path}/per_cpu`).filter((name) => /^cpu\d+$/.test(name));
    return names.map((name) => Number(name.slice('cpu'.length)));
  }

  has(file: string): boolean {
    return this.#files.has(`${this.path}/${file}`);
  }

  /** @throws the error of Linux */
  set(file: string, text: string): void {
    this.#files.write(`${this.path}/${file}`, text);
  }

  /** Returns whether Linux took it. */
  trySet(file: string, text: string): boolean {
    try {
      this.set(file, text);
      return true;
    } catch {
      return false;
    }
  }

  text(file: string): string | null {
    return this.#files.textOrNull(`${this.path}/${file}`);
  }

  /** Opens a file for reading without waiting; closed before the instance is removed. @throws the error of Linux */
  open(file: string): number {
    return this.#closed(this.#files.open(`${this.path}/${file}`));
  }

  /**
   * Gives the ring of all CPUs together at most this number of bytes, less where Linux has no more memory. Returns it.
   * @throws the error of Linux, if there is not even room for a page of each CPU
   */
  resize(bytes: number): number {
    const cpus = Math.max(1, this.cpus.length);
    for (let kib = Math.max(4, Math.floor(bytes / cpus / 1024)); ; kib = Math.floor(kib / 2)) {
      try {
        this.set('buffer_size_kb', String(kib));
        return kib * 1024 * cpus;
      } catch (error) {
        if (kib < 8 || (error as NodeJS.ErrnoException).code !== 'ENOMEM') throw error;
      }
    }
  }

  /** As long as this file is open, Linux keeps the ring; it stops and shrinks it when a process that is killed ends. */
  #freeWhenKilled(): void {
    if (!this.has('free_buffer') || !this.trySet('trace_options', 'disable_on_free')) return;
    try {
      this.#closed(openSync(this.#files.at(`${this.path}/free_buffer`), constants.O_WRONLY));
    } catch {
      // The next process of copytax removes the instance anyway.
    }
  }

  #closed(file: number): number {
    this.#undoing.add(() => closeSync(file));
    return file;
  }
}
