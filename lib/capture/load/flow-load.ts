/**
 * Mappings of flows without a capture: streams that send as fast as the device takes it. What is assumed: packets
 * of up to 64 KiB begin at random times (Poisson) in flows at random; each is a header and fragments of at most 32 KiB,
 * cut where blocks of the page fragment end; the device holds a packet for a fixed time; a flow has at most its send
 * buffer in the device, and waits otherwise. Each flow sends on one CPU. Pure: a seed decides everything.
 */
import { outOfRange, within } from '../../limits.js';
import { random, randomInt, seedFor } from '../../random.js';
import { KIB } from '../../units.js';
import { EndHeap } from './end-heap.js';
import type { PoolLoad } from './pool-load.js';

/** The largest packet that a stream hands to a device. */
export const PACKET_BYTES = 64 * KIB;
/** A block of the page fragment that senders fill. */
const FRAG_BYTES = 32 * KIB;
/** Ethernet, IP and TCP headers, with the header of virtio. */
const HEADER_BYTES = 86;
const MOST_FLOWS = 1e6;

/** Flows that send. */
export interface FlowInput {
  /** How many flows there are, 1 to a million. */
  readonly flows: number;
  /** Bytes that each may have unacknowledged, such as the last number of tcp_wmem; at least a packet of 1 KiB. */
  readonly sendBufferBytes: number;
  /** Of all flows together. */
  readonly bitsPerSecond: number;
  /** How long the device holds a packet, nanoseconds. Default: 1 ms. */
  readonly holdNs?: number;
  /** CPUs that send. */
  readonly cpus: number;
  /** Mappings of a pass. Default: 50,000. */
  readonly mappings?: number;
}

/** What the numbers of flows amount to. */
export interface FlowFacts {
  /** Bytes of a packet. */
  readonly packetBytes: number;
  /** Bytes in the device at a time, on average. */
  readonly inDeviceBytes: number;
  /** Of all send buffers, which is what waits if the device stalls, and what bounce pages are wanted for. */
  readonly allBufferBytes: number;
  /** False if the send buffers allow less than the rate. */
  readonly reachesRate: boolean;
}

export const DEFAULT_FLOW_HOLD_NS = 1e6;
const DEFAULT_MAPPINGS = 50_000;

/** @throws ERR_OUT_OF_RANGE for numbers that are no flows */
export function flowFacts({ flows, sendBufferBytes, bitsPerSecond, holdNs, cpus, mappings }: FlowInput): FlowFacts {
  within('flows', flows, 1, MOST_FLOWS);
  within('sendBufferBytes', sendBufferBytes, KIB, 2 ** 40);
  within('cpus', cpus, 1, 2 ** 16);
  within('mappings', mappings ?? DEFAULT_MAPPINGS, 1, 1e7);
  const positive = (name: string, value: number) => {
    if (!(value > 0) || value > 1e18) throw outOfRange(`${name} must be a number above 0, not ${value}`);
  };
  positive('bitsPerSecond', bitsPerSecond);
  const hold = holdNs ?? DEFAULT_FLOW_HOLD_NS;
  positive('holdNs', hold);
  const packetBytes = Math.min(PACKET_BYTES, sendBufferBytes);
  const byRate = (bitsPerSecond / 8e9) * hold;
  const allBufferBytes = flows * sendBufferBytes;
  const inDevice = flows * Math.floor(sendBufferBytes / packetBytes) * packetBytes;
  return {
    packetBytes,
    inDeviceBytes: Math.min(byRate, inDevice),
    allBufferBytes,
    reachesRate: byRate <= inDevice,
  };
}

/** Draws the mappings of flows. @throws ERR_OUT_OF_RANGE for numbers that are no flows */
export function flowLoad(input: FlowInput, seed: number): PoolLoad {
  const { packetBytes } = flowFacts(input);
  const { flows, sendBufferBytes, bitsPerSecond, cpus } = input;
  const holdNs = input.holdNs ?? DEFAULT_FLOW_HOLD_NS;
  const entries = input.mappings ?? DEFAULT_MAPPINGS;
  const next = random(seedFor(seed, 'flows'));
  const load = {
    name: flows === 1 ? 'one flow' : `${flows} flows`,
    entries,
    timeNs: new Float64Array(entries),
    bytes: new Uint32Array(entries),
    offset: new Uint16Array(entries),
    cpu: new Uint16Array(entries),
    heldNs: new Float64Array(entries).fill(holdNs),
    device: new Uint16Array(entries),
    devices: [null],
    payload: new Uint8Array(entries),
  };
  const gapNs = (packetBytes * 8e9) / bitsPerSecond;
  const inDevice = new Map<number, number>();
  const ends = new EndHeap();
  let nowNs = 0;
  let at = 0;
  const put = (size: number, cpu: number, payload: number) => {
    if (at === entries) return;
    load.timeNs[at] = nowNs;
    load.bytes[at] = size;
    load.cpu[at] = cpu;
    load.payload[at] = payload;
    at++;
  };
  const expire = () => {
    while (ends.firstNs <= nowNs) {
      const flow = ends.pop();
      const left = inDevice.get(flow)! - packetBytes;
      if (left === 0) inDevice.delete(flow);
      else inDevice.set(flow, left);
    }
  };
  const hasRoom = (flow: number) => (inDevice.get(flow) ?? 0) + packetBytes <= sendBufferBytes;
  const flowWithRoom = (): number | null => {
    const first = randomInt(next, flows);
    for (let step = 0; step < flows; step++) {
      const flow = (first + step) % flows;
      if (hasRoom(flow)) return flow;
      // Only flows in the device can be without room.
      if (step > inDevice.size) break;
    }
    return null;
  };
  while (at < entries) {
    nowNs += -Math.log(1 - next()) * gapNs;
    expire();
    let flow = flowWithRoom();
    while (flow === null) {
      nowNs = ends.firstNs;
      expire();
      flow = flowWithRoom();
    }
    inDevice.set(flow, (inDevice.get(flow) ?? 0) + packetBytes);
    ends.push(nowNs + holdNs, flow);
    const cpu = flow % cpus;
    put(HEADER_BYTES, cpu, 0);
    let room = FRAG_BYTES - randomInt(next, FRAG_BYTES);
    for (let left = packetBytes; left > 0; room = FRAG_BYTES) {
      const size = Math.min(left, room);
      put(size, cpu, 1);
      left -= size;
    }
  }
  return load;
}
