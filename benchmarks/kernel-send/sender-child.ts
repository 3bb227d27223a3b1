/** The process that sends, as the benchmark sees it: started, asked, ended. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { CopytaxError, isErrorCode } from '../../lib/errors.js';
import type { ReplyTo, SenderReply, SenderRequest } from './sender-messages.js';

const file = () => fileURLToPath(new URL('./sender-process.js', import.meta.url));
/** How long it may take to end by itself; then it is killed. */
const PATIENCE_MS = 500;
/** Of what it says when it fails. */
const MOST_SAID = 2000;

/** How `unshare` of util-linux is called; `none`: the process stays in the network namespace of this one. */
export type Apart = 'user' | 'root' | 'none';
const UNSHARE = { user: ['-U', '-r', '-n'], root: ['-n'] } as const;

type RequestOf<Kind extends SenderRequest['kind']> = Extract<SenderRequest, { kind: Kind }>;

/** Owner: the main thread; one request at a time. */
export class SenderChild {
  readonly #process: ChildProcess;
  #said = '';
  /** Why it is gone; null: it is not. */
  #gone: string | null = null;

  constructor(apart: Apart) {
    const node = [process.execPath, '--no-warnings', file()];
    const command = apart === 'none' ? node : ['unshare', ...UNSHARE[apart], ...node];
    this.#process = spawn(command[0]!, command.slice(1), { stdio: ['ignore', 'ignore', 'pipe', 'ipc'] });
    this.#process.stderr!.setEncoding('utf8').on('data', (text: string) => {
      this.#said = `${this.#said}${text}`.slice(0, MOST_SAID);
    });
    this.#process.on('error', (error: NodeJS.ErrnoException) => {
      this.#gone ??= error.code === 'ENOENT' ? `${command[0]} is not installed` : error.message;
    });
    this.#process.on('close', (code, signal) => {
      const [line = ''] = this.#said.split('\n').filter((text) => text !== '');
      this.#gone ??= line === '' ? `it ended with ${signal ?? code}` : line;
    });
  }

  get pid(): number | undefined {
    return this.#process.pid;
  }

  /** Rejects with the error of the process, and with ERR_WORKER_DIED if it is gone. */
  request<Kind extends SenderRequest['kind']>(request: RequestOf<Kind>): Promise<ReplyTo[Kind]> {
    const child = this.#process;
    return new Promise((resolve, reject) => {
      const settle = (finish: () => void) => {
        child.off('message', onMessage).off('error', onGone).off('close', onGone);
        finish();
      };
      const onGone = () => {
        const why = this.#gone ?? 'it has ended';
        settle(() => reject(new CopytaxError('ERR_WORKER_DIED', `the process that sends is gone: ${why}`, { why })));
      };
      const onMessage = (reply: unknown) => {
        const told = reply as SenderReply;
        settle(() => ('error' in told ? reject(errorOf(told.error)) : resolve(told.value as ReplyTo[Kind])));
      };
      if (this.#gone !== null) {
        onGone();
        return;
      }
      child.on('message', onMessage).on('error', onGone).on('close', onGone);
      // What cannot be sent to a process that is about to end is told by its end.
      child.send(request, () => {});
    });
  }

  /** Ends it, by the end of its channel. Idempotent. */
  async close(): Promise<void> {
    const child = this.#process;
    if (this.#gone !== null || child.pid === undefined) return;
    this.#gone = 'it was closed';
    if (child.exitCode !== null || child.signalCode !== null) return;
    // Not 'close': Node does not always emit that once this end of the channel was closed.
    const ended = once(child, 'exit');
    if (child.connected) child.disconnect();
    const timer = setTimeout(() => child.kill('SIGKILL'), PATIENCE_MS);
    try {
      await ended;
    } finally {
      clearTimeout(timer);
    }
  }
}

function errorOf({ code, message }: { code: string; message: string }): CopytaxError {
  return new CopytaxError(isErrorCode(code) ? code : 'ERR_SCENARIO', `the process that sends: ${message}`);
}
