/** The scenario, with a short run of its cells. No test depends on a speed. */
import { describe, expect, it } from '@jest/globals';
import { kernelSend, sampleOf, sourceBytes } from '../../../benchmarks/kernel-send/kernel-send.js';
import { tablesOf } from '../../../benchmarks/kernel-send/send-tables.js';
import type { SentTimes } from '../../../benchmarks/kernel-send/sender-messages.js';
import { addon } from '../../../lib/addon/addon.js';
import { hostFacts } from '../../../lib/bench/host/host-facts.js';
import { defaultSettings } from '../../../lib/bench/plan/settings.js';
import { withCells } from '../fixtures/opened.js';

const NEVER = new AbortController().signal;
const host = hostFacts();
const cpus = addon().affinity().slice(0, 2);
const settings = { ...defaultSettings('quick', cpus, 1), scenarios: ['kernel-send'] };
const legendOf = (tables: ReturnType<typeof tablesOf>) =>
  tables.flatMap((table) => (table.kind === 'linux-sends' ? table.legend : [])).join('\n');

describe('kernelSend', () => {
  it('measures all cells that this host allows, and says what it leaves out', async () => {
    const scenario = await kernelSend(settings, { host });
    const { cells, ratios, crossings, tables } = scenario;
    const ids = cells.map(({ id }) => id);
    for (const { of, to } of ratios) expect(ids).toEqual(expect.arrayContaining([of, to]));
    for (const point of crossings!.flatMap(({ points }) => points)) {
      expect(ids).toEqual(expect.arrayContaining([point.of, point.to]));
    }
    if (ratios.length === 0) console.warn(`SKIPPED sends over veth: ${legendOf(tables as never)}`);
    else expect(crossings!.map(({ points }) => points.length)).toEqual([4, 4]);
    await withCells(scenario, cells, async () => {
      await scenario.renew?.(NEVER);
      for (const cell of cells) {
        const { value, durationMs, ledger, pulseNs } = await cell.sample(NEVER);
        expect({ id: cell.id, isValue: value! > 0 && Number.isFinite(value), durationMs: durationMs > 0 }).toEqual({
          id: cell.id,
          isValue: true,
          durationMs: true,
        });
        expect(value).toBeCloseTo(ledger!.sendNs! + ledger!.completionNs!, 6);
        expect({ copied: ledger!.copiedShare === undefined, pulses: pulseNs!.length }).toEqual({
          copied: cell.params.way !== 'udp-zerocopy',
          pulses: 1,
        });
      }
    });
  });

  it('sends from several processes at the same time, and checks copies by a profile where allowed', async () => {
    const scenario = await kernelSend({ ...settings, effort: 'default' }, { host });
    const legend = legendOf(scenario.tables as never);
    expect(legend).toMatch(/Check: a profile finds Linux copying in [\d.]+ %|Left out: a profile of Linux/);
    const wanted = scenario.cells.filter(
      ({ params }) => params.message === 65536 && params.state === (params.senders === 1 ? 'aged' : 'hot'),
    );
    if (!wanted.some(({ params }) => params.senders === 2)) console.warn(`SKIPPED several senders: ${legend}`);
    await withCells(scenario, wanted, async () => {
      for (const cell of wanted) {
        const { value, pulseNs } = await cell.sample(NEVER);
        expect(value).toBeGreaterThan(0);
        expect(pulseNs).toHaveLength(Number(cell.params.senders));
      }
    });
  });
});

describe('sampleOf()', () => {
  const times: SentTimes = {
    sendNs: 700,
    receiveNs: 50,
    completionNs: 20,
    copyNs: 100,
    copiedShare: null,
    durationMs: 3,
    pulseNs: 2,
  };

  it('takes the copy off what Linux takes, per 64 KiB, for ways that copy', () => {
    const { value, ledger } = sampleOf({ way: 'tcp', message: 16384 }, [times]);
    expect({ value, control: ledger!.controlNsPer64K }).toEqual({ value: 720, control: 4 * 620 });
    const zeroCopy = sampleOf({ way: 'udp-zerocopy', message: 65536 }, [{ ...times, copiedShare: 0.5 }]);
    expect(zeroCopy.ledger).toMatchObject({ controlNsPer64K: 720, copiedShare: 0.5 });
  });

  it('has means of several senders, and the time of the slowest', () => {
    const other = { ...times, sendNs: 900, durationMs: 5, pulseNs: 3 };
    const { value, durationMs, pulseNs } = sampleOf({ way: 'udp', message: 65536 }, [times, other]);
    expect({ value, durationMs, pulseNs }).toEqual({ value: 820, durationMs: 5, pulseNs: [2, 3] });
  });
});

describe('the source of a sender', () => {
  it('outgrows the last-level cache, and is left out where memory is short', () => {
    const bytes = sourceBytes(host, [cpus[0]!], 2 ** 40);
    if (bytes !== null) expect(bytes).toBeGreaterThanOrEqual(8 << 20);
    expect(sourceBytes(host, [cpus[0]!], 1 << 20)).toBeNull();
  });
});

describe('the legend of kernel-send', () => {
  it('says where it was measured, and what is left out with its reason and its remedy', () => {
    const gap = { what: 'UDP', reason: 'it is refused', remedy: 'allow it' };
    expect(legendOf(tablesOf(true, [gap]))).toContain('Left out: UDP, because it is refused; to have it: allow it.');
    expect(legendOf(tablesOf(true, []))).toContain('in network namespaces that the run made');
    expect(legendOf(tablesOf(false, []))).toContain('over the loopback interface of this host');
  });
});
