/**
 * Writes benchmarks/data/softirq-evidence.json: what captures of Linux tell of mappings that softirqs made, besides
 * their share. Which locks were held, which task ran the softirq, and how many slots were in use at most.
 *
 *   node scripts/softirq-evidence.mjs CAPTURE.trace.gz...
 *
 * The captures are those of docs/captures.md, as text of ftrace with five flags; beside each lies CAPTURE.json, which
 * says how many slots were in use before, and at most. With stack traces, it is told which functions led to a mapping.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { gunzipSync } from 'node:zlib';

const TARGET = new URL('../benchmarks/data/softirq-evidence.json', import.meta.url);
const EVENT = /^\s*(.+)-\d+\s+\[\d+\]\s+(\S{5})\s+[\d.]+: swiotlb_bounced: dev_name: (\S+) .* size=(\d+) \w+$/;
/** Sizes of receive buffers, which are mapped in softirq whatever senders do: of e1000, and of virtio-net. */
const RECEIVED = new Set([1522, 1536]);
/** Ethernet, IPv4, and TCP without options, as the driver of e1000 maps them. */
const STREAM_HEADER = 54;
/** Where a softirq transmits: behind an acknowledgement, a completion or a timer of a socket, or for a queue. */
const CAUSES = ['tcp_v4_rcv', 'tcp_tsq_handler', 'tcp_write_timer', 'tcp_delack_timer', 'net_tx_action'];

/** The events of a capture, with the functions of their stack traces, if it has them. */
function eventsOf(file) {
  const events = [];
  for (const line of gunzipSync(readFileSync(file)).toString().split('\n')) {
    const [, task, flags, device, size] = EVENT.exec(line) ?? [];
    if (task !== undefined) events.push({ task, flags, device, size: Number(size), calls: [] });
    else if (line.startsWith(' => ')) events.at(-1)?.calls.push(line.slice(4).trim());
  }
  return events;
}

function counted(names) {
  const counts = {};
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1;
  return Object.fromEntries(Object.entries(counts).sort(([a], [b]) => (a < b ? -1 : 1)));
}

const depthOf = ({ flags }) => (flags[3] === '.' ? '0' : flags[3]);
const taskOf = ({ task }) => task.replace(/\/.*/, '');

/** Median of the payload bytes of packets of streams; null where no header of a stream is told by its size. */
function medianPayload(sent) {
  const packets = [];
  for (const { size } of sent) {
    if (size === STREAM_HEADER) packets.push(0);
    else if (packets.length > 0) packets[packets.length - 1] += size;
  }
  const filled = packets.filter((bytes) => bytes > 0).sort((a, b) => a - b);
  return filled[filled.length >> 1] ?? null;
}

function evidenceOf(file) {
  const sidecar = JSON.parse(readFileSync(file.replace(/\.trace\.gz$/, '.json'), 'utf8'));
  const all = eventsOf(file);
  // The loads are of one network device each: the one with most of the mappings.
  const [device] = Object.entries(counted(all.map((event) => event.device))).sort(([, a], [, b]) => b - a)[0];
  const sent = all.filter((event) => event.device === device && !RECEIVED.has(event.size));
  const inSoftirq = sent.filter(({ flags }) => flags[2] === 's');
  const inProcess = sent.filter(({ flags }) => flags[2] === '.');
  const traced = inSoftirq.filter(({ calls }) => calls.length > 0);
  const causeOf = (event) => `${CAUSES.find((one) => event.calls.includes(one)) ?? 'other'}, ${depthOf(event)}`;
  return {
    capture: basename(file, '.trace.gz'),
    command: sidecar.command_in_guest ?? null,
    kernel: sidecar.kernel,
    cpus: sidecar.cpus,
    maps: sent.length,
    softirqMaps: inSoftirq.length,
    medianPayloadBytes: medianPayload(sent),
    softirqTasks: counted(inSoftirq.map(taskOf)),
    processDepths: counted(inProcess.map(depthOf)),
    softirqDepths: counted(inSoftirq.map(depthOf)),
    ...(traced.length > 0 && { softirqCauses: counted(traced.map(causeOf)) }),
    slotsBefore: sidecar.debugfs_before.used,
    slotsPeak: sidecar.hiwater,
    slotsPolledPeak: sidecar.used_polled_max,
  };
}

const captures = process.argv.slice(2).map(evidenceOf);
const origin =
  'From captures of QEMU guests whose CPUs are emulated (TCG); e1000 through the user network of QEMU. Mappings to ' +
  'the device, by context. Depths: spinlocks and other reasons not to preempt at the mapping. Causes: function, depth.';
const lines = captures.map((one) => `    ${JSON.stringify(one)}`);
writeFileSync(TARGET, `{\n  "origin": ${JSON.stringify(origin)},\n  "captures": [\n${lines.join(',\n')}\n  ]\n}\n`);
