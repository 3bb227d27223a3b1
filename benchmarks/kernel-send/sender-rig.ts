/**
 * Sends through this host's Linux, and copies the same memory beside it: the source in the same state, the destination
 * walked over twice the message, because the page allocator of Linux hands out first what was freed last. That is an
 * assumption: where Linux writes to cannot be seen from here.
 */
import { addon } from '../../lib/addon/addon.js';
import { guarded } from '../../lib/addon/native-error.js';
import type { TimedSendSpec } from '../../lib/addon/network-addon.js';
import { type TimedCopyOptions, timedCopy } from '../../lib/memory/copy.js';
import { copyKernelIndex } from '../../lib/memory/copy-kernels.js';
import { Region } from '../../lib/memory/region.js';
import { MIB } from '../../lib/units.js';
import { pulsed } from '../shared/pulses.js';
import { type SendEnds, UDP_AT_ONCE } from './send-ends.js';
import { isOfVeth, isWithoutCopy, type State, sendPlan, type Way } from './send-shapes.js';
import type { SendRequest, SentTimes } from './sender-messages.js';

const AT_ONCE = { tcp: MIB, udp: UDP_AT_ONCE } as const;
const CALLS: Readonly<Record<Way, number>> = { tcp: 0, sendfile: 1, splice: 2, udp: 0, 'udp-zerocopy': 0 };
/** Two messages of the largest size. */
const TO_BYTES = 2 * MIB;
const LINE = 64;
/** For a profile, this many samples in one: between two of them, a profile sees this program instead. */
const PROFILED_REPEATS = 16;

const stepOf = (bytes: number) => Math.ceil(bytes / LINE) * LINE;

type CallTimes = Pick<SentTimes, 'sendNs' | 'receiveNs' | 'completionNs' | 'copyNs'>;

/** Owner: the sending process; one sample at a time. */
export class SenderRig {
  readonly #ends: SendEnds;
  readonly #source: Region;
  readonly #to: Region;
  readonly #times = new Float64Array(5);
  readonly #copyNs = new Float64Array(2);
  /** Where the next message of an aged source is. */
  #at = 0;

  constructor(ends: SendEnds, source: Region) {
    this.#ends = ends;
    this.#source = source;
    this.#to = Region.create({ bytes: TO_BYTES });
  }

  sample({ point, beginNs, sendsOnly = false }: SendRequest): SentTimes {
    const { way, message } = point;
    const { messages, repeats: planned } = sendPlan(message);
    const repeats = sendsOnly ? PROFILED_REPEATS * planned : planned;
    while (Number(process.hrtime.bigint()) < beginNs);
    const began = performance.now();
    const before = this.#ends.completionsOf(way);
    const { calls, pulseNs } = pulsed(() => ({
      calls: Array.from({ length: repeats }, () => this.#once(point, messages, sendsOnly)),
    }));
    const after = this.#ends.completionsOf(way);
    const told = (after.completed - before.completed) >>> 0;
    return {
      sendNs: median(calls.map(({ sendNs }) => sendNs)),
      receiveNs: median(calls.map(({ receiveNs }) => receiveNs)),
      completionNs: median(calls.map(({ completionNs }) => completionNs)),
      copyNs: median(calls.map(({ copyNs }) => copyNs)),
      copiedShare: way === 'udp-zerocopy' && told > 0 ? ((after.copied - before.copied) >>> 0) / told : null,
      durationMs: performance.now() - began,
      pulseNs,
    };
  }

  /** Returns what a message took in one call, and a copy in another. */
  #once({ way, message, state }: SendRequest['point'], messages: number, sendsOnly: boolean): CallTimes {
    const walked = messages * stepOf(message);
    const span = state === 'hot' ? message : walked;
    const flush = state === 'flushed';
    const offset = state === 'aged' ? this.#next(walked) : 0;
    this.#send(way, { bytes: message, messages, offset, span, flush });
    const [sendNs, receiveNs, completionNs] = [...this.#times].map((ns) => ns / messages) as [number, number, number];
    const copyNs = sendsOnly ? 0 : this.#copy(message, messages, state);
    return { sendNs, receiveNs, completionNs, copyNs };
  }

  #send(way: Way, walk: Pick<TimedSendSpec, 'bytes' | 'messages' | 'offset' | 'span' | 'flush'>): void {
    const isFile = way === 'sendfile' || way === 'splice';
    const spec: TimedSendSpec = {
      ...walk,
      socket: this.#ends.socketOf(way),
      call: CALLS[way],
      region: isFile ? 0 : this.#source.id,
      file: isFile ? this.#ends.file : 0,
      mostAtOnce: isOfVeth(way) ? AT_ONCE.udp : AT_ONCE.tcp,
      toRegion: 0,
      toOffset: 0,
      toSpan: 0,
    };
    guarded(() => addon().timedSend(spec, this.#times));
  }

  /** The first of two batches makes the instructions warm, as they are where message follows message. */
  #copy(message: number, messages: number, state: State): number {
    const walked = 2 * messages * stepOf(message);
    const copies: TimedCopyOptions = {
      copyKernel: copyKernelIndex('kernel-like'),
      bytes: message,
      batch: messages,
      srcRegion: this.#source.id,
      srcOffset: state === 'aged' ? this.#next(walked) : 0,
      srcSpan: state === 'hot' ? message : walked,
      flushSource: state === 'flushed',
      dstRegion: this.#to.id,
      dstSpan: Math.min(2 * stepOf(message), TO_BYTES),
    };
    return timedCopy(copies, 2, this.#copyNs)[1]! / messages;
  }

  /** Returns where the next `bytes` are, and goes on; from the begin again where they do not fit. */
  #next(bytes: number): number {
    if (this.#at + bytes > this.#source.bytes) this.#at = 0;
    const at = this.#at;
    this.#at += bytes;
    return at;
  }
}

const median = (values: readonly number[]) => values.toSorted((a, b) => a - b)[values.length >> 1]!;

/** What Linux's control plane took of a message: what is not the copy, which only some ways make. */
export function controlNsOf(way: Way, { sendNs, completionNs, copyNs }: Omit<CallTimes, 'receiveNs'>): number {
  return sendNs + completionNs - (isWithoutCopy(way) ? 0 : copyNs);
}
