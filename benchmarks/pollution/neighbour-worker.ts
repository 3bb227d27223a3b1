/** A thread on another CPU: a victim that runs beside the sender, or a device that reads what was bounced. */
import { parentPort, workerData } from 'node:worker_threads';
import { median } from 'simple-statistics';
import { pinIfAllowed } from '../../lib/bench/host/pinning.js';
import { Region } from '../../lib/memory/region.js';
import { readAll } from './bounces.js';
import { STATE } from './neighbour-state.js';
import { Victim } from './victim.js';

export interface NeighbourThread {
  /** CPU of the host to run on. */
  readonly hostCpu: number;
  /** Id of the region of slots. */
  readonly slots: number;
  /** Working sets of the victims, bytes. */
  readonly workingSets: readonly number[];
  /** One word: a `STATE`. */
  readonly state: SharedArrayBuffer;
}

export interface WalkRequest {
  readonly kind: 'walk';
  readonly workingSet: number;
  /** The victim runs so long before its time is taken: what is in the caches is then what the sender leaves there. */
  readonly settleMs: number;
  readonly measureMs: number;
}

export interface ReadRequest {
  readonly kind: 'read';
  readonly offset: number;
  readonly packets: number;
}

export interface NeighbourReply {
  /** Of a load of the victim, the median of its stretches; of all packets that were read. Null: no time was taken. */
  readonly ns: number | null;
}

/** Loads between two readings of the clock. An interrupt, or a CPU that was taken away, is in one of them only. */
const LOADS = 1024;
const MAX_TIMES = 1 << 14;

if (parentPort !== null) serve(parentPort, workerData as NeighbourThread);

function serve(port: NonNullable<typeof parentPort>, { hostCpu, slots, workingSets, state }: NeighbourThread): void {
  pinIfAllowed(hostCpu);
  const read = Region.attach(slots);
  const victims = new Map<number, Victim>();
  const word = new Int32Array(state);
  port.on('message', (asked: WalkRequest | ReadRequest) => {
    if (asked.kind === 'read') {
      port.postMessage({ ns: readNs(read, asked) } satisfies NeighbourReply);
      return;
    }
    for (const bytes of workingSets) if (!victims.has(bytes)) victims.set(bytes, new Victim(bytes));
    const victim = victims.get(asked.workingSet)!;
    victim.touch();
    Atomics.store(word, 0, STATE.walking);
    const ns = walkNs(victim, asked);
    Atomics.store(word, 0, STATE.done);
    port.postMessage({ ns } satisfies NeighbourReply);
  });
}

function readNs(slots: Region, { offset, packets }: ReadRequest): number {
  const begin = performance.now();
  readAll(slots, offset, packets);
  return (performance.now() - begin) * 1e6;
}

function walkNs(victim: Victim, { settleMs, measureMs }: WalkRequest): number | null {
  const begin = performance.now();
  const times: number[] = [];
  let now = begin;
  while (now < begin + settleMs + measureMs && times.length < MAX_TIMES) {
    const before = now;
    victim.walk(LOADS);
    now = performance.now();
    if (before >= begin + settleMs) times.push(now - before);
  }
  return times.length === 0 ? null : (median(times) * 1e6) / LOADS;
}
