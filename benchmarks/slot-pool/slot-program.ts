/**
 * The slot allocator in C++ as a process that lives as long as the benchmark: asked for one measurement at a time, so
 * that its samples fall between those of the model. What it reads and writes is described in the program.
 */
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface, type Interface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { CopytaxError } from '../../lib/errors.js';
import { SEGMENT_SLOTS } from '../../lib/units.js';
import type { SlotPlan } from './slot-loop.js';
import type { SlotShape } from './slot-shapes.js';
import type { SlotRun } from './slot-threads.js';

export class SlotProgram {
  readonly #child: ChildProcessByStdio<Writable, Readable, Readable>;
  readonly #lines: Interface;
  #complaint = '';
  #ended = false;

  /** `cpus`: as `SlotThreads` has them. */
  constructor(program: string, cpus: readonly number[]) {
    this.#child = spawn(program, [cpus.join(',')], { stdio: ['pipe', 'pipe', 'pipe'] });
    this.#lines = createInterface({ input: this.#child.stdout });
    // Not when its output ends: what it complained of may come after that.
    this.#child.once('close', () => {
      this.#ended = true;
    });
    this.#child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.#complaint += text;
    });
    // That it did not start, or is gone, is seen when it closes.
    for (const emitter of [this.#child, this.#child.stdin]) emitter.on('error', () => {});
  }

  /** Makes the pool of a shape under a name without spaces; answers how many slots are taken. */
  async open(name: string, { pool }: SlotPlan, { occupied, holes }: SlotShape, seed: number): Promise<number> {
    const hole = holes === 'segments' ? SEGMENT_SLOTS : 1;
    return Number(await this.#ask(`open ${name} ${pool.slots} ${pool.areas} ${hole} ${occupied} ${seed}`));
  }

  async run(name: string, { threads, bytes, warmup, count }: SlotPlan): Promise<SlotRun> {
    const [ns, proof] = (await this.#ask(`run ${name} ${threads} ${bytes} ${warmup} ${count}`)).split(' ').map(Number);
    return { ns: ns!, proof: proof! };
  }

  async close(): Promise<void> {
    this.#lines.close();
    this.#child.kill();
    if (this.#child.exitCode === null && this.#child.signalCode === null) await once(this.#child, 'close');
  }

  /** Rejects with ERR_WORKER_DIED when the program ended instead of answering. */
  #ask(request: string): Promise<string> {
    return new Promise((resolve, reject) => {
      const died = () => new CopytaxError('ERR_WORKER_DIED', `${request}: ${this.#complaint.trim() || 'no answer'}`);
      if (this.#ended) return reject(died());
      const onLine = (line: string) => settle(() => resolve(line));
      const onClose = () => settle(() => reject(died()));
      const settle = (finish: () => void) => {
        this.#lines.off('line', onLine);
        this.#child.off('close', onClose);
        finish();
      };
      this.#lines.on('line', onLine);
      this.#child.on('close', onClose);
      this.#child.stdin.write(`${request}\n`);
    });
  }
}
