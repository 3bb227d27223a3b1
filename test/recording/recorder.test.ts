import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { Recorder, type RecordingPlan } from '../../lib/recording/recorder.js';
import { Undoing } from '../../lib/tracefs/undoing.js';
import { bounceLine, DMA_LINES, PROBE_LINES } from '../support/bounce-lines.js';
import { type FakeHostChoice, fakeHost } from '../support/fake-host.js';
import { FakeTracingFiles, TRACING } from '../support/fake-tracing-files.js';
import { tracingSettings } from '../support/on-fake-host.js';

const BOUNCE = bounceLine('0000:00:01.0', 86);
const EVENTS = [BOUNCE, ...PROBE_LINES, ...DMA_LINES];
const NEVER = new AbortController().signal;

function host(choice: FakeHostChoice = {}, plan: Partial<RecordingPlan> = {}) {
  const root = fakeHost({ events: EVENTS, ...choice });
  const files = new FakeTracingFiles(root);
  const undoing = new Undoing();
  const before = tracingSettings(root);
  const recorder = new Recorder({
    files,
    tracing: TRACING,
    undoing,
    release: choice.release ?? '6.1.0',
    arch: 'x64',
    pairs: true,
    ringBytes: 2 ** 20,
    ...plan,
  });
  const [instance] = readdirSync(join(root, TRACING, 'instances'));
  const read = (file: string) => readFileSync(join(root, TRACING, 'instances', instance!, file), 'utf8');
  const names = () => [...read('trace').matchAll(/[\d.]+: (\w+):/g)].map(([, name]) => name);
  return { root, files, undoing, recorder, read, names, settingsAreAsBefore: () => tracingSettings(root) === before };
}

const record = (recorder: Recorder, ms = 1, signal = NEVER) => recorder.record(ms, signal, () => {});

describe('Recorder', () => {
  it('records attempts and pairs by probes, and leaves no setting behind', async () => {
    const { recorder, undoing, names, read, settingsAreAsBefore } = host({ dma: true, release: '6.12.0' });
    expect(recorder.pairs).toEqual({ by: 'probes', note: null });
    expect(recorder.definitions).toHaveLength(3);
    const recording = await record(recorder);
    expect(recording).toMatchObject({
      ended: 'time',
      before: { nslabs: 32768, used: 481, used_hiwater: 852 },
      after: { used: 481 },
      missedByProbes: null,
    });
    expect([...recording.dropped]).toEqual([]);
    expect(names()).toEqual(['swiotlb_bounced', 'swmap', 'swmapret', 'swunmap']);
    expect([read('tracing_on'), read('events/swiotlb/swiotlb_bounced/enable')]).toEqual(['0\n', '0\n']);
    expect([read('trace_options').includes('nooverwrite'), recorder.clock]).toEqual([true, 'local']);
    expect([undoing.undo(), settingsAreAsBefore()]).toEqual([[], true]);
  });

  it.each<[string, FakeHostChoice, Partial<RecordingPlan>, string, RegExp, number]>([
    ['Linux refuses them', { probes: 'refused' }, {}, 'none', /refuses the probes \(EPERM\)/, 1],
    ['Linux has none', { probes: 'absent' }, {}, 'none', /CONFIG_KPROBE_EVENTS/, 1],
    ['the registers are not known', {}, { release: '5.15.0' }, 'none', /5\.15\.0/, 1],
    ['the CPU is another', {}, { arch: 'arm64' }, 'none', /x86-64/, 1],
    ['it has events of dma instead', { dma: true }, { arch: 'arm64' }, 'dma', /x86-64/, 3],
    ['they are not asked for', { dma: true }, { pairs: false }, 'none', /not asked for/, 1],
  ])('records without probes where %s, and says so', async (_, choice, plan, by, note, events) => {
    const { recorder, undoing, names, settingsAreAsBefore } = host(choice, plan);
    expect(recorder.pairs).toEqual({ by, note: expect.stringMatching(note) });
    expect(recorder.definitions).toEqual([]);
    await record(recorder);
    expect(names()).toHaveLength(events);
    expect([undoing.undo(), settingsAreAsBefore()]).toEqual([[], true]);
  });

  it('ends when the ring is full, and tells what it had no room for', async () => {
    const { recorder, undoing, names } = host({ events: Array(200).fill(BOUNCE) }, { ringBytes: 16384 });
    expect(recorder.ringBytes).toBe(16384);
    const { ended, dropped } = await record(recorder, 3_600_000);
    expect([ended, [...dropped.keys()]]).toEqual(['full', [0]]);
    expect(names().length + dropped.get(0)!).toBe(200);
    undoing.undo();
  });

  it('ends when it is stopped', async () => {
    const { recorder, undoing } = host();
    const stop = new AbortController();
    const { ended } = await recorder.record(3_600_000, stop.signal, () => stop.abort());
    expect(ended).toBe('stopped');
    undoing.undo();
  });

  it('counts calls that probes missed, and leaves those of others alone', async () => {
    const { root, recorder, undoing } = host();
    writeFileSync(join(root, TRACING, 'kprobe_profile'), '  swmap 1 2\n  swmapret 1 3\n  swunmap 1 0\n  other 1 9\n');
    expect((await record(recorder)).missedByProbes).toBe(5);
    undoing.undo();
  });

  it('leaves nothing where an instance is refused', () => {
    const root = fakeHost();
    const files = new FakeTracingFiles(root);
    files.makeFolder = () => {
      throw Object.assign(new Error(), { code: 'EACCES' });
    };
    const undoing = new Undoing();
    const before = tracingSettings(root);
    const plan = { files, tracing: TRACING, undoing, release: '6.1.0', arch: 'x64', pairs: true, ringBytes: 2 ** 20 };
    expect(() => new Recorder(plan)).toThrow(expect.objectContaining({ code: 'EACCES' }));
    expect([undoing.undo(), tracingSettings(root)]).toEqual([[], before]);
  });
});
