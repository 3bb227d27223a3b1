/** What the benchmark and the processes that send for it tell each other. */
import type { Point, Way } from './send-shapes.js';

/** Something that this host does not allow: one line each. */
export interface Gap {
  /** As in "UDP over veth". */
  readonly what: string;
  readonly reason: string;
  /** One clause, without a full stop. */
  readonly remedy: string;
}

export interface OpenRequest {
  readonly kind: 'open';
  /** Of the asking process, as `/proc/self/ns/net` has it: no interface of that one is touched. Null: not known. */
  readonly parentNamespace: string | null;
  /** CPU of the host to run on. */
  readonly cpu: number;
  /** Memory that messages come from. */
  readonly sourceBytes: number;
}

export interface SendRequest {
  readonly kind: 'send';
  readonly point: Omit<Point, 'senders'>;
  /** When to begin, nanoseconds of CLOCK_MONOTONIC, so that several senders do at the same time. */
  readonly beginNs: number;
  /** Nothing is copied beside it: for a profile. */
  readonly sendsOnly?: boolean;
}

/** Sends `bytes` once, to a receiver that reads. */
export interface CheckRequest {
  readonly kind: 'check';
  readonly way: Way;
  readonly bytes: number;
}

export type SenderRequest = OpenRequest | SendRequest | CheckRequest;

export interface Opened {
  /** The process has a network namespace of its own. */
  readonly isApart: boolean;
  readonly ways: readonly Way[];
  readonly gaps: readonly Gap[];
}

/** Times of a message, nanoseconds: the medians over all native calls of the means within each. */
export interface SentTimes {
  readonly sendNs: number;
  readonly receiveNs: number;
  readonly completionNs: number;
  /** Of a copy made beside it; 0 where none was. */
  readonly copyNs: number;
  /** Of the sends without a copy that Linux has told of, those that it copied after all; null: not such a way. */
  readonly copiedShare: number | null;
  /** Of the sample, until its end. */
  readonly durationMs: number;
  /** See `pulsed` of benchmarks/shared. */
  readonly pulseNs: number;
}

export interface Checked {
  readonly sentChecksum: number;
  readonly receivedChecksum: number;
  readonly receivedBytes: number;
}

/** Which reply a request gets. */
export interface ReplyTo {
  readonly open: Opened;
  readonly send: SentTimes;
  readonly check: Checked;
}

export type SenderReply =
  | { readonly value: ReplyTo[keyof ReplyTo] }
  | { readonly error: { readonly code: string; readonly message: string } };
