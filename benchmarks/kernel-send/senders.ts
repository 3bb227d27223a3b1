/**
 * The processes that send, one for each sender: which way of getting a network namespace this host allows, what they
 * can do there, and several of them at the same time.
 */
import { CopytaxError, isCopytaxError } from '../../lib/errors.js';
import { namespaceRefusal } from '../../lib/sockets/namespace-refusal.js';
import { networkNamespace } from './send-ends.js';
import type { Point } from './send-shapes.js';
import { type Apart, SenderChild } from './sender-child.js';
import type { Gap, Opened, SentTimes } from './sender-messages.js';

/** What this host allows, found out by a process that tries. */
export interface Allowed extends Omit<Opened, 'isApart'> {
  /** How processes get a network namespace. */
  readonly apart: Apart;
}

/** Of the process that only tries; smallest that it can send from. */
const TRIED_BYTES = 65536;
/** From asking several processes to send until they begin: all have the request by then. */
const BEGIN_AFTER_NS = 1e6;

const isRoot = () => process.getuid?.() === 0;

const APART = 'a network namespace, and with it UDP over veth';

/** Of a network namespace in which nothing can be sent. */
function downGap([first]: readonly Gap[]): Gap {
  const reason = `nothing can be sent in it (${first?.reason ?? 'Linux does not say why'})`;
  return { what: APART, reason, remedy: 'give the container CAP_NET_ADMIN within its own user namespace' };
}

/** `said`: by the program that did not start. */
function gapOf(said: string): Gap {
  const refusal = namespaceRefusal();
  if (refusal !== null) return { what: APART, reason: refusal.why, remedy: refusal.remedy };
  return { what: APART, reason: said, remedy: 'try it again, or look at what `unshare -Urn true` says' };
}

async function tried(apart: Apart, cpu: number): Promise<Opened> {
  const child = new SenderChild(apart);
  try {
    return await child.request<'open'>({ ...OPEN, cpu, parentNamespace: networkNamespace(), sourceBytes: TRIED_BYTES });
  } finally {
    await child.close();
  }
}

const OPEN = { kind: 'open' } as const;

/** Finds out what this host allows: a namespace by a new user namespace, as root without one, or none. */
export async function allowedHere(cpu: number, tryOne: typeof tried = tried): Promise<Allowed> {
  let refusal: Gap | undefined;
  for (const apart of isRoot() ? (['user', 'root'] as const) : (['user'] as const)) {
    try {
      const { isApart, ...rest } = await tryOne(apart, cpu);
      // In one whose loopback interface stays down even TCP is refused, which the one of the host may have.
      if (isApart && rest.ways.length > 0) return { apart, ...rest };
      refusal ??= isApart ? downGap(rest.gaps) : gapOf('/proc does not tell which network namespace a process has');
    } catch (error) {
      if (!isCopytaxError(error, 'ERR_WORKER_DIED')) throw error;
      refusal ??= gapOf(reasonIn(error.message));
    }
  }
  const { ways, gaps } = await tryOne('none', cpu);
  const measured = 'all else is measured over the loopback interface of this host';
  const gap = { ...refusal!, reason: `${refusal!.reason}; ${measured}` };
  return { apart: 'none', ways, gaps: [gap, ...gaps] };
}

const reasonIn = (message: string) => message.slice(message.indexOf(': ') + 2);

/** Owner: the main thread. */
export class Senders {
  readonly #apart: Apart;
  readonly #cpus: readonly number[];
  readonly #sourceBytes: number;
  #children: SenderChild[] = [];

  /** `cpus`: of the host, one for each sender. */
  constructor(apart: Apart, cpus: readonly number[], sourceBytes: number) {
    this.#apart = apart;
    this.#cpus = cpus;
    this.#sourceBytes = sourceBytes;
  }

  /** The processes, by number. */
  get pids(): readonly (number | undefined)[] {
    return this.#children.map(({ pid }) => pid);
  }

  /** Starts the processes. Rejects with the reason of `signal`, and with what one of them rejects with. */
  async open(signal?: AbortSignal): Promise<void> {
    const parentNamespace = networkNamespace();
    const sourceBytes = this.#sourceBytes;
    this.#children = this.#cpus.map(() => new SenderChild(this.#apart));
    const open = this.#children.map((child, at) =>
      child.request<'open'>({ ...OPEN, cpu: this.#cpus[at]!, parentNamespace, sourceBytes }),
    );
    const all = await settledUnless(signal, Promise.all(open));
    if (this.#apart !== 'none' && all.some(({ isApart }) => !isApart)) {
      throw new CopytaxError('ERR_SCENARIO', 'a process that sends has no network namespace of its own any more');
    }
  }

  /** Resolves to what each sender measured, all at the same time. */
  async send({ senders, ...point }: Point, sendsOnly = false): Promise<SentTimes[]> {
    const beginNs = senders === 1 ? 0 : Number(process.hrtime.bigint()) + BEGIN_AFTER_NS;
    const children = this.#children.slice(0, senders);
    return Promise.all(children.map((child) => child.request<'send'>({ kind: 'send', point, beginNs, sendsOnly })));
  }

  /** Idempotent; also after a failure of `open`. */
  async close(): Promise<void> {
    await Promise.all(this.#children.splice(0).map((child) => child.close()));
  }
}

/** What `work` resolves to, unless the signal comes first. */
async function settledUnless<Result>(signal: AbortSignal | undefined, work: Promise<Result>): Promise<Result> {
  if (signal === undefined) return work;
  signal.throwIfAborted();
  let stop = () => {};
  const aborted = new Promise<never>((_resolve, reject) => {
    stop = () => reject(signal.reason);
    signal.addEventListener('abort', stop, { once: true });
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', stop);
    work.catch(() => {});
  }
}
