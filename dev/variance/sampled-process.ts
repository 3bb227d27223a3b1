/**
 * A process of the experiment, seen from the one that asks it.
 * Owner: the main thread of the parent; one request at a time.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { withinTime } from '../../lib/bench/run/within-time.js';
import { CopytaxError, type ErrorCode, isErrorCode } from '../../lib/errors.js';
import type { TurnRequest } from './draws.js';
import type { RigSettings } from './rig.js';
import type { SampledReply, Turn } from './turn.js';

const MAIN = fileURLToPath(new URL('./sampled-main.js', import.meta.url));
/** A turn takes half a second, and a start some seconds. Either takes longer on a host without a free CPU. */
const LIMIT_MS = 60_000;

export class SampledProcess {
  readonly #child: ChildProcess;
  readonly #limitMs: number;
  readonly number: number;

  private constructor(number: number, main: string, limitMs: number) {
    this.number = number;
    this.#limitMs = limitMs;
    this.#child = fork(main, { execArgv: [], stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
    this.#child.on('error', () => {}); // each request notices by itself
  }

  /**
   * Starts a process and resolves when it has warmed up. Rejects as `turn` does. `main`, `limitMs`: for tests, another
   * program and another limit.
   */
  static async start(
    number: number,
    settings: RigSettings,
    main: string = MAIN,
    limitMs: number = LIMIT_MS,
  ): Promise<SampledProcess> {
    const started = new SampledProcess(number, main, limitMs);
    try {
      await started.#ask({ settings });
      return started;
    } catch (error) {
      await started.end();
      throw error;
    }
  }

  /**
   * Resolves to what the process sampled. Rejects with ERR_WORKER_DIED when it ends, ERR_TIMED_OUT when it does not
   * reply, and with the code of what failed in it. It must be ended then.
   */
  async turn(turn: TurnRequest): Promise<Turn> {
    return { process: this.number, ...(await this.#ask({ turn })) };
  }

  /** Kills the process, and resolves when its memory is free. Idempotent. */
  async end(): Promise<void> {
    const child = this.#child;
    if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await gone;
  }

  #ask(message: object): Promise<Omit<Turn, 'process'>> {
    const child = this.#child;
    const name = `process ${this.number}`;
    let settle = () => {};
    const reply = new Promise<Omit<Turn, 'process'>>((resolve, reject) => {
      const onMessage = (answer: SampledReply) =>
        'error' in answer ? reject(failureOf(answer, name)) : resolve(answer);
      const onExit = () => reject(new CopytaxError('ERR_WORKER_DIED', `${name} ended`, { process: this.number }));
      const onError = (error: Error) =>
        reject(new CopytaxError('ERR_WORKER_DIED', `${name}: ${error.message}`, { process: this.number }, error));
      child.once('message', onMessage).once('exit', onExit).once('error', onError);
      settle = () => child.off('message', onMessage).off('exit', onExit).off('error', onError);
      if (child.connected) child.send(message, (error) => error && onError(error));
      else onExit();
    });
    return withinTime(reply, this.#limitMs, name).finally(settle);
  }
}

function failureOf(
  { error: { code, message } }: Extract<SampledReply, { error: unknown }>,
  name: string,
): CopytaxError {
  const known: ErrorCode = isErrorCode(code) ? code : 'ERR_WORKER_DIED';
  return new CopytaxError(known, `${name}: ${message}`, { process: name });
}
