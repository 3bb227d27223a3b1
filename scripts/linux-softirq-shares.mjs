/**
 * Writes benchmarks/data/linux-softirq-shares.json: in which context Linux mapped, from counts that were captured in
 * guests.
 *
 *   node scripts/linux-softirq-shares.mjs context-histograms.json
 *
 * An entry of the input, named GUEST/h-DEVICE-LOAD or, with a network that is slower than the guest, GUEST/hs-LOAD, is
 * { kernel, cpus, cmd, thr, tx: [maps, share of maps in softirq, share of bytes in softirq, bytes] }.
 */
import { readFileSync, writeFileSync } from 'node:fs';

const TARGET = new URL('../benchmarks/data/linux-softirq-shares.json', import.meta.url);

/** What limits the senders of a run; null when they do not send to a network. */
function regimeOf(device, load, isShaped) {
  if (load.endsWith('applim')) return 'app-limited';
  if (load.endsWith('paced')) return 'paced';
  if (load.startsWith('udp')) return 'datagrams';
  if (!load.startsWith('tcp')) return null;
  if (isShaped) return 'slow-network';
  return device === 'e1000' ? 'small-queues' : 'cpu-limited';
}

function runOf([name, { kernel, cpus, cmd, thr, tx }]) {
  const [, kind, rest] = /\/(hs?)-(.*)$/.exec(name);
  const isShaped = kind === 'hs';
  const [, device, load] = isShaped ? [null, 'virtio-net', rest] : /^([^-]+)-?(.*)$/.exec(rest);
  const regime = regimeOf(device, load, isShaped);
  const [maps, mapShare, byteShare, bytes] = tx;
  const named = device === 'vnet' ? 'virtio-net' : device;
  const streams = Number(/ -P (\d+)/.exec(cmd)?.[1] ?? 1);
  return {
    regime,
    device: named,
    kernel,
    cpus,
    streams,
    command: cmd,
    throughput: thr,
    maps,
    mapShare,
    bytes,
    byteShare,
  };
}

const entries = Object.entries(JSON.parse(readFileSync(process.argv[2], 'utf8')));
const runs = entries.map(runOf).filter(({ regime }) => regime !== null);
const origin =
  'Counts of mappings to the device by context, from histogram triggers on a probe of the map function, in QEMU ' +
  'guests whose CPUs are emulated (TCG), swiotlb=force. slow-network: 60 Mbit/s behind the device.';
const lines = runs.map((run) => `    ${JSON.stringify(run)}`);
writeFileSync(TARGET, `{\n  "origin": ${JSON.stringify(origin)},\n  "runs": [\n${lines.join(',\n')}\n  ]\n}\n`);
