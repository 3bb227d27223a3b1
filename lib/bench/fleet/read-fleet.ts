/**
 * Reads the files of a fleet, on several threads if there are many. A file that cannot be read is no reason to lose the
 * others: it is kept as a failure.
 */
import { availableParallelism } from 'node:os';
import { startThread } from '../../threads.js';
import { type Fleet, FleetCollector } from './fleet.js';
import { type Posted, type PostedRow, Reducer } from './reduce-result.js';

const threadFile = () => new URL('./read-worker.js', import.meta.url);

/** More threads than that wait for the disk and for the thread that collects. */
const MOST_THREADS = 4;
/** A thread takes as long to start as a few files to read. */
const FILES_PER_THREAD = 16;
/** Files that a thread knows of: it does not wait for the next one. */
const AHEAD = 2;
/** MiB for objects that die young, which are nearly all: the default lets them take much more. */
const YOUNG_MIB = 32;

export interface ReadOptions {
  /** Default: one for each CPU that the process may use, at most four, fewer for few files. */
  readonly threads?: number;
  /** Called after each file. */
  readonly onFile?: (done: number, files: number) => void;
}

function threadsFor(files: number): number {
  return Math.min(MOST_THREADS, availableParallelism(), Math.floor(files / FILES_PER_THREAD));
}

/** What is known of one file, and the rows of the thread that read it. */
interface Outcome {
  readonly posted: Posted;
  readonly rows: readonly PostedRow[];
}

function collected(paths: readonly string[], outcomes: readonly Outcome[]): Fleet {
  const collector = new FleetCollector();
  for (const [at, { posted, rows }] of outcomes.entries()) {
    if ('file' in posted) collector.add(paths[at]!, posted.file, rows);
    else collector.fail(posted.failure);
  }
  return collector.fleet();
}

function readHere(paths: readonly string[], onFile: ReadOptions['onFile']): Outcome[] {
  const reducer = new Reducer();
  const rows: PostedRow[] = [];
  return paths.map((path, at) => {
    const posted = reducer.reduce(path);
    if ('file' in posted) rows.push(...posted.file.newRows);
    onFile?.(at + 1, paths.length);
    return { posted, rows };
  });
}

/** Resolves when no file is left. A thread that ends takes the file that it was reading with it, and no other. */
class Threads {
  readonly #paths: readonly string[];
  readonly #onFile: ReadOptions['onFile'];
  readonly #outcomes: Outcome[] = [];
  /** Next file that no thread knows of, and files of threads that have ended. */
  #next = 0;
  readonly #again: number[] = [];
  #done = 0;

  constructor(paths: readonly string[], onFile: ReadOptions['onFile']) {
    this.#paths = paths;
    this.#onFile = onFile;
  }

  async read(threads: number): Promise<Outcome[]> {
    await Promise.all(Array.from({ length: threads }, () => this.#column()));
    return this.#outcomes;
  }

  #take(): number | undefined {
    return this.#again.shift() ?? (this.#next < this.#paths.length ? this.#next++ : undefined);
  }

  #keep(at: number, outcome: Outcome): void {
    this.#outcomes[at] = outcome;
    this.#onFile?.(++this.#done, this.#paths.length);
  }

  /** One thread after the other, until no file is left. */
  async #column(): Promise<void> {
    while (this.#again.length > 0 || this.#next < this.#paths.length) await this.#thread();
  }

  #thread(): Promise<void> {
    const worker = startThread(threadFile(), { resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MIB } });
    const asked: number[] = [];
    const rows: PostedRow[] = [];
    return new Promise((resolve) => {
      let death: Error | null = null;
      const end = () => void worker.terminate();
      const ask = () => {
        const at = this.#take();
        if (at === undefined) return;
        asked.push(at);
        worker.postMessage(this.#paths[at]!);
      };
      worker.on('message', (posted: Posted) => {
        if ('file' in posted) rows.push(...posted.file.newRows);
        this.#keep(asked.shift()!, { posted, rows });
        if (death === null) ask();
        if (asked.length === 0) end();
      });
      worker.on('error', (error) => {
        death = error;
      });
      // Not at the error, which may arrive before what the thread has posted until then.
      worker.on('exit', () => {
        const at = asked.shift();
        this.#again.push(...asked);
        if (at !== undefined) this.#keep(at, { posted: { failure: lostFile(this.#paths[at]!, death) }, rows });
        resolve();
      });
      for (let at = 0; at < AHEAD; at++) ask();
      if (asked.length === 0) end();
    });
  }
}

function lostFile(source: string, death: Error | null) {
  const why = death?.message ?? 'nothing says why';
  return { source, code: 'ERR_WORKER_DIED', message: `the thread that read ${source} has ended: ${why}` };
}

/** Reads files of results. Never rejects for what is wrong with a file: it is among the failures of the fleet. */
export async function readFleet(paths: readonly string[], options: ReadOptions = {}): Promise<Fleet> {
  const threads = options.threads ?? threadsFor(paths.length);
  const outcomes =
    threads <= 1 ? readHere(paths, options.onFile) : await new Threads(paths, options.onFile).read(threads);
  return collected(paths, outcomes);
}
