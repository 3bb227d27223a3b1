/**
 * What does this host's own Linux take to send what the machine sends? The costs of the transmit designs hold the
 * control plane of this package; this is the other one: TCP over loopback with a receiver on the same CPU that throws
 * away what comes, UDP to a virtual device of a network namespace of its own, with and without MSG_ZEROCOPY, and files
 * in the page cache by sendfile and splice. Beside each send stands what its copy alone costs, so that the rest is
 * Linux's control plane.
 */
import type { HostFacts } from '../../lib/bench/facts/host-schema.js';
import { lastLevelCacheBytesOrUsual } from '../../lib/bench/facts/memory/last-level-cache.js';
import { availableMemory } from '../../lib/bench/host/available-memory.js';
import type { Cell, RatioSpec, Sample, Scenario, ScenarioContext } from '../../lib/bench/plan/scenario.js';
import { cellId } from '../../lib/bench/plan/scenario.js';
import type { BenchSettings } from '../../lib/bench/plan/settings.js';
import { GIB, KIB, MIB } from '../../lib/units.js';
import { NO_CHECK, profileCheck } from './profile-check.js';
import { hasAllPoints, type Point, points, sizesOf } from './send-shapes.js';
import { tablesOf } from './send-tables.js';
import type { Gap, SentTimes } from './sender-messages.js';
import { controlNsOf } from './sender-rig.js';
import { allowedHere, Senders } from './senders.js';

const NAME = 'kernel-send';
/** What the messages of a call take at most, twice: copies beside them walk over two batches. */
const LEAST_SOURCE_BYTES = 8 * MIB;
const MOST_SOURCE_BYTES = GIB;
/** An aged source is this often as large as the last-level cache. */
const LLC_MULTIPLE = 2;
/** Part of the memory that is available that the sources of all senders may take, with a file as large as each. */
const MEMORY_SHARE = 1 / 4;

const idOf = ({ way, state, senders, message }: Point) => cellId([NAME, way, state], { senders, message });

/** Returns the sample of what all senders measured: means over them. */
export function sampleOf({ way, message }: Pick<Point, 'way' | 'message'>, all: readonly SentTimes[]): Sample {
  const per = (of: (times: SentTimes) => number) => all.reduce((sum, times) => sum + of(times), 0) / all.length;
  const [sendNs, receiveNs] = [per((times) => times.sendNs), per((times) => times.receiveNs)];
  const [completionNs, copyNs] = [per((times) => times.completionNs), per((times) => times.copyNs)];
  const control = controlNsOf(way, { sendNs, completionNs, copyNs });
  const told = all.flatMap(({ copiedShare }) => copiedShare ?? []);
  const copied = told.length === 0 ? {} : { copiedShare: told.reduce((sum, share) => sum + share, 0) / told.length };
  return {
    value: sendNs + completionNs,
    durationMs: Math.max(...all.map(({ durationMs }) => durationMs)),
    pulseNs: all.map(({ pulseNs }) => pulseNs),
    ledger: {
      sendNs,
      receiveNs,
      completionNs,
      copyNs,
      controlNsPer64K: (control * 64 * KIB) / message,
      ...copied,
    },
  };
}

function sendCell(point: Point, senders: Senders): Cell {
  return {
    id: idOf(point),
    params: { ...point },
    unit: 'ns',
    higherIsBetter: false,
    batch: 1,
    sample: async () => sampleOf(point, await senders.send(point)),
  };
}

const zeroCopyPairs = (all: readonly Point[]) =>
  all.filter(({ way }) => way === 'udp-zerocopy').map((of) => ({ of, to: { ...of, way: 'udp' } satisfies Point }));

function ratiosOf(all: readonly Point[]): RatioSpec[] {
  return zeroCopyPairs(all).map(({ of, to }) => ({
    id: cellId([NAME, 'udp-zerocopy:udp', of.state], { senders: of.senders, message: of.message }),
    of: idOf(of),
    to: idOf(to),
  }));
}

/** From which size on MSG_ZEROCOPY costs less, for each state of the source and number of senders. */
function crossingsOf(all: readonly Point[], sizes: readonly number[]) {
  const pairs = zeroCopyPairs(all);
  const first = pairs.filter(({ of }) => of.message === sizes[0]);
  return first.map(({ of: { state, senders } }) => ({
    id: cellId([NAME, 'udp-zerocopy:udp', state], { senders }),
    of: `MSG_ZEROCOPY on this Linux${senders > 1 ? `, ${senders} senders` : ''}`,
    to: `a copy, ${state}`,
    points: pairs
      .filter(({ of }) => of.state === state && of.senders === senders)
      .map(({ of, to }) => ({ bytes: of.message, of: idOf(of), to: idOf(to) })),
  }));
}

/** Bytes that each sender sends from; null where there is no memory for an aged source. */
export function sourceBytes(host: HostFacts, cpus: readonly number[], availableBytes: number): number | null {
  const wanted = Math.max(LLC_MULTIPLE * lastLevelCacheBytesOrUsual(host, cpus), LEAST_SOURCE_BYTES);
  const room = (MEMORY_SHARE * availableBytes) / (2 * cpus.length);
  return wanted <= Math.min(room, MOST_SOURCE_BYTES) ? wanted : null;
}

/** Whether programs may evict lines from caches on this architecture. */
const mayFlush = ({ arch }: Pick<HostFacts, 'arch'>) => arch === 'x64' || arch === 'arm64';

function ownGaps(host: HostFacts, hasAged: boolean, cpus: readonly number[]): Gap[] {
  const noFlush = {
    what: 'flushed sources',
    reason: `programs cannot evict lines from caches on ${host.arch}`,
    remedy: 'read the column aged instead',
  };
  const noAged = {
    what: 'aged sources',
    reason: 'a source that outgrows the last-level cache takes too much of the memory that is available',
    remedy: 'end other programs, or raise the memory limit of the container',
  };
  const one = { what: 'several senders', reason: 'this run has one CPU', remedy: 'name more with --cpus' };
  return [...(mayFlush(host) ? [] : [noFlush]), ...(hasAged ? [] : [noAged]), ...(cpus.length > 1 ? [] : [one])];
}

export async function kernelSend(settings: BenchSettings, { host }: ScenarioContext): Promise<Scenario> {
  const isWhole = hasAllPoints(settings);
  const allowed = await allowedHere(settings.cpus[0]!);
  const wanted = points(settings, mayFlush(host)).filter(({ way }) => allowed.ways.includes(way));
  const cpus = settings.cpus.slice(0, Math.max(1, ...wanted.map(({ senders }) => senders)));
  const agedBytes = isWhole ? sourceBytes(host, cpus, availableMemory()) : null;
  const all = wanted.filter(({ state }) => state !== 'aged' || agedBytes !== null);
  const senders = new Senders(allowed.apart, cpus, agedBytes ?? LEAST_SOURCE_BYTES);
  const check = isWhole ? await profileCheck(allowed, cpus[0]!) : NO_CHECK;
  const gaps = [...allowed.gaps, ...(isWhole ? ownGaps(host, agedBytes !== null, settings.cpus) : []), ...check.gaps];
  return {
    name: NAME,
    question: "what does this host's own Linux take to send, and which part of it is the copy?",
    cells: all.map((point) => sendCell(point, senders)),
    ratios: ratiosOf(all),
    crossings: crossingsOf(all, sizesOf(settings)),
    tables: tablesOf(allowed.apart !== 'none', gaps, check.lines),
    sampledLedger: ['controlNsPer64K'],
    weight: 0.4,
    open: (signal) => senders.open(signal),
    renew: async (signal) => {
      await senders.close();
      await senders.open(signal);
    },
    close: () => senders.close(),
  };
}
