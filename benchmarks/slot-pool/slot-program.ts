/**
 * The slot allocator in C++, as a process that lives as long as the benchmark. It makes one measurement at a time, so
 * that its samples are taken between those of the model. What it reads and writes is described in the program.
 */
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface, type Interface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { CopytaxError } from '../../lib/errors.js';
import { SEGMENT_SLOTS } from '../../lib/units.js';
import { RemotePulses } from '../shared/pulses.js';
import type { SlotPlan } from './slot-loop.js';
import type { SlotShape } from './slot-shapes.js';
import type { SlotRun } from './slot-threads.js';

export class SlotProgram {
  readonly #pulses: RemotePulses;
  readonly #child: ChildProcessByStdio<Writable, Readable, Readable>;
  readonly #lines: Interface;
  #errorOutput = '';
  #ended = false;

  /** `cpus`: as for `SlotThreads`. */
  constructor(program: string, cpus: readonly number[]) {
    this.#pulses = new RemotePulses(cpus);
    this.#child = spawn(program, [cpus.join(',')], { stdio: ['pipe', 'pipe', 'pipe'] });
    this.#lines = createInterface({ input: this.#child.stdout });
    // Not when its output ends, because its error message may come after that.
    this.#child.once('close', () => {
      this.#ended = true;
    });
    this.#child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.#errorOutput += text;
    });
    // Whether it failed to start, or has ended, is seen when it closes.
    for (const emitter of [this.#child, this.#child.stdin]) emitter.on('error', () => {});
  }

  /** Makes the slot pool of a shape, under a name without spaces; returns how many slots are taken. */
  async open(name: string, { pool }: SlotPlan, { occupied, holes }: SlotShape, seed: number): Promise<number> {
    const hole = holes === 'segments' ? SEGMENT_SLOTS : 1;
    return Number(await this.#request(`open ${name} ${pool.slots} ${pool.areas} ${hole} ${occupied} ${seed}`));
  }

  async run(name: string, { threads, bytes, warmup, count }: SlotPlan): Promise<SlotRun> {
    const request = `run ${name} ${threads} ${bytes} ${warmup} ${count}`;
    return this.#pulses.beside(threads, async () => {
      const [ns, proof] = (await this.#request(request)).split(' ').map(Number);
      return { ns: ns!, proof: proof! };
    });
  }

  async close(): Promise<void> {
    this.#lines.close();
    this.#child.kill();
    if (this.#child.exitCode === null && this.#child.signalCode === null) await once(this.#child, 'close');
  }

  /** Rejects with ERR_WORKER_DIED when the program ends without a reply. */
  #request(request: string): Promise<string> {
    return new Promise((resolve, reject) => {
      const died = () => new CopytaxError('ERR_WORKER_DIED', `${request}: ${this.#errorOutput.trim() || 'no reply'}`);
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
