/** Runs the built command as a user does, on a simulated Linux. No test here depends on a speed. */
import { type ChildProcess, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { readCapture } from '../../../lib/capture/capture-reader.js';
import { layoutOf } from '../../../lib/tracefs/probes.js';
import { scratchFolder } from '../../scratch.js';
import { bounceLine, PROBE_LINES } from '../../support/bounce-lines.js';
import { type FakeHostChoice, fakeHost } from '../../support/fake-host.js';
import { TRACING } from '../../support/fake-tracing-files.js';
import { onFakeHost, tracingSettings } from '../../support/on-fake-host.js';

const EVENTS = [bounceLine('0000:00:01.0', 1500), bounceLine('0000:00:01.0', 60), ...PROBE_LINES];
/** On other architectures the registers of probes are not known. */
const HAS_PROBES = typeof layoutOf({ release: '6.1.0', arch: process.arch, hasDmaEvents: false }) === 'string';

function host(choice: FakeHostChoice = {}) {
  const root = fakeHost({ events: EVENTS, ...choice });
  const folder = scratchFolder();
  const before = tracingSettings(root);
  const file = join(folder, 'c.trace.gz');
  return { root, folder, file, files: () => readdirSync(folder), isAsBefore: () => tracingSettings(root) === before };
}

/** Does something once, as soon as the recording is under way. */
function whileRecording(act: (child: ChildProcess) => void): (child: ChildProcess, said: string) => void {
  let isDone = false;
  return (child, said) => {
    if (isDone || !said.includes('recording')) return;
    isDone = true;
    act(child);
  };
}

async function sizesIn(file: string) {
  const sizes: number[] = [];
  const summary = await readCapture(file, ({ kind, size }) => {
    if (kind === 'bounce') sizes.push(size);
  });
  return { sizes, summary };
}

/** Starts a command where a folder is a disk of 64 KiB with an old capture, and prints what is there afterwards. */
const onSmallDisk = (folder: string) => [
  'unshare',
  '--mount',
  'sh',
  '-c',
  `mount -t tmpfs -o size=64k none ${folder} && cd ${folder} && printf old > c.trace.gz && "$@"
  code=$?; for file in $(ls -A); do echo "$file:$(cat $file)"; done; exit $code`,
  'sh',
];

const [unshare, ...mounting] = [...onSmallDisk(scratchFolder()), 'true'];
const itOnSmallDisk = spawnSync(unshare!, mounting).status === 0 ? it : it.skip;

describe('copytax capture', () => {
  it('writes a capture that is read, and what stands beside it, and leaves no trace', async () => {
    const { root, file, files, isAsBefore } = host();
    const { code, stdout, stderr } = await onFakeHost(root, ['capture', '-o', file, '--time', '50ms']);
    expect({ code, errors: stderr.replace(/^copytax: capture: .*\n/gm, '') }).toEqual({ code: 0, errors: '' });
    expect([files(), isAsBefore()]).toEqual([['c.json', 'c.trace.gz'], true]);
    const { sizes, summary } = await sizesIn(file);
    expect(sizes).toEqual([1500, 60]);
    expect(summary).toMatchObject({ others: HAS_PROBES ? PROBE_LINES.length : 0, unparsedLines: 0, lostEvents: 0 });
    const sidecar = JSON.parse(readFileSync(join(file, '../c.json'), 'utf8'));
    expect(sidecar).toMatchObject({
      schema: 'copytax.capture/1',
      name: 'c',
      kernel: '6.1.0-57',
      cmdline: 'quiet swiotlb=force',
      cpus: 2,
      memory: '1952784 kB',
      ended: 'time',
      debugfs_before: { nslabs: 32768, used: 481, used_hiwater: 852 },
      debugfs_after: { nslabs: 32768, used: 481, used_hiwater: 852 },
      hiwater: null,
      pairs: HAS_PROBES ? 'probes' : 'none',
      entries: 2 + summary.others,
      lost: 0,
    });
    expect(stdout).toContain(`${file}: 2 attempts to bounce 1.56 kB`);
  });

  it('prints what stands beside the capture as JSON, and leaves out pairs', async () => {
    const { root, folder } = host();
    const words = ['capture', '-o', join(folder, 'c.trace'), '--time', '20ms', '--json', '--no-pairs'];
    const { code, stdout } = await onFakeHost(root, words);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toEqual(JSON.parse(readFileSync(join(folder, 'c.json'), 'utf8')));
    expect(JSON.parse(stdout)).toMatchObject({ pairs: 'none', pairs_note: 'they were not asked for', entries: 2 });
    expect(readFileSync(join(folder, 'c.trace'), 'utf8')).toMatch(/^# tracer: nop\n/);
  });

  it('says that probes are refused, and records without them', async () => {
    const { root, file } = host({ probes: 'refused' });
    const { code, stdout } = await onFakeHost(root, ['capture', '-o', file, '--time', '20ms']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/ends of mappings: not told, because (Linux refuses the probes \(EPERM\)|arguments of)/);
  });

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGQUIT', 131],
  ] as const)('ends the recording at %s, writes what it has, and leaves no trace', async (signal, expected) => {
    const { root, file, files, isAsBefore } = host();
    const act = whileRecording((child) => child.kill(signal));
    const { code, stdout } = await onFakeHost(root, ['capture', '-o', file, '--time', '1000s'], act);
    expect({ code, files: files(), isAsBefore: isAsBefore() }).toEqual({
      code: expected,
      files: ['c.json', 'c.trace.gz'],
      isAsBefore: true,
    });
    expect(stdout).toContain('when it was stopped');
    expect((await sizesIn(file)).sizes).toEqual([1500, 60]);
  });

  it('drops the capture at a second signal, and leaves neither a draft nor a setting', async () => {
    const { root, file, files, isAsBefore } = host();
    const act = whileRecording((child) => ['SIGINT', 'SIGTERM'].map((signal) => child.kill(signal as NodeJS.Signals)));
    const { code } = await onFakeHost(root, ['capture', '-o', file, '--time', '1000s'], act);
    const drafts = files().filter((name) => name.endsWith('.tmp'));
    // Linux does not keep the order of two signals.
    expect([130, 143]).toContain(code);
    expect({ drafts, isAsBefore: isAsBefore() }).toEqual({ drafts: [], isAsBefore: true });
  });

  it('leaves what a killed one has left to the next, which removes it and says so', async () => {
    const { root, folder, file, isAsBefore } = host();
    const act = whileRecording((child) => child.kill('SIGKILL'));
    const { signal } = await onFakeHost(root, ['capture', '-o', file, '--time', '1000s'], act);
    const [left] = readdirSync(join(root, TRACING, 'instances'));
    expect([signal, left, isAsBefore()]).toEqual(['SIGKILL', expect.stringMatching(/^copytax-/), false]);
    const draft = join(folder, `.${left}.capture.tmp`);
    writeFileSync(draft, '');
    const { code, stderr } = await onFakeHost(root, ['capture', '-o', file, '--time', '20ms']);
    expect({ code, isAsBefore: isAsBefore(), files: readdirSync(folder) }).toEqual({
      code: 0,
      isAsBefore: true,
      files: ['c.json', 'c.trace.gz'],
    });
    const removed = [draft, `${TRACING}/instances/${left}`, ...(HAS_PROBES ? ['the probes copytax_'] : [])];
    for (const what of removed) expect(stderr).toContain(`copytax: removed ${what}`);
  });

  itOnSmallDisk('leaves an old capture as it is, and no trace, where the disk is full', async () => {
    // Sizes differ, so that gzip does not make little of them.
    const many = Array.from({ length: 20_000 }, (_, at) => bounceLine('a', (at * 7919 * 7919) % 1e9));
    const { root, folder, isAsBefore } = host({ events: many });
    const words = ['capture', '-o', join(folder, 'c.trace.gz'), '--time', '20ms'];
    const { code, stdout, stderr } = await onFakeHost(root, words, () => {}, onSmallDisk(folder));
    expect({ code, stdout, isAsBefore: isAsBefore() }).toEqual({
      code: 1,
      stdout: 'c.trace.gz:old\n',
      isAsBefore: true,
    });
    expect(stderr).toMatch(/^copytax: ERR_RESULT_FILE: cannot write .*c\.trace\.gz \(ENOSPC\)\. .*\n$/m);
  });

  it('says that the capture is written where what stands beside it is not', async () => {
    const { root, folder, file, files, isAsBefore } = host();
    const act = whileRecording((child) => {
      mkdirSync(join(folder, 'c.json'));
      child.kill('SIGINT');
    });
    const { code, stderr } = await onFakeHost(root, ['capture', '-o', file, '--time', '1000s'], act);
    expect([code, files(), isAsBefore()]).toEqual([1, ['c.json', 'c.trace.gz'], true]);
    expect(stderr).toContain(
      `c.json (EISDIR), which stands beside the capture; the capture itself is written: ${file}`,
    );
    expect((await sizesIn(file)).sizes).toEqual([1500, 60]);
  });

  it('prints the capture for --out -, reports on stderr, and makes no file', async () => {
    const { root, file, isAsBefore } = host();
    const { code, stdout, stderr } = await onFakeHost(root, ['capture', '-o', '-', '--time', '20ms']);
    expect([code, existsSync('-'), existsSync('-.json'), isAsBefore()]).toEqual([0, false, false, true]);
    writeFileSync(join(file, '../printed'), stdout);
    expect((await sizesIn(join(file, '../printed'))).sizes).toEqual([1500, 60]);
    expect(stderr).toContain('copytax: standard output: 2 attempts to bounce 1.56 kB');
    expect(stderr).toContain('replay it with `--pool 32768 --start-used 481`');
  });

  it('ends at a full ring, and tells in the capture what was lost', async () => {
    const many = Array(20_000).fill(bounceLine('a', 1));
    const { root, file } = host({ events: many });
    const words = ['capture', '-o', file, '--max-size', '1M', '--time', '1000s'];
    const { code, stdout } = await onFakeHost(root, words);
    const { sizes, summary } = await sizesIn(file);
    expect([code, sizes.length + summary.lostEvents]).toEqual([0, 20_000]);
    expect(sizes.length).toBeGreaterThan(0);
    expect(stdout).toMatch(/when the memory for events was full.*\n(.*\n)*lost: \d+ events/);
  });

  it('names what is missing, and makes no file', async () => {
    const { root, file, files } = host({ tracefs: false });
    const { code, stderr } = await onFakeHost(root, ['capture', '-o', file]);
    expect({ code, files: files() }).toEqual({ code: 1, files: [] });
    expect(stderr).toMatch(/^copytax: ERR_TRACING: events are not shown, because nothing is mounted at .*\n$/);
  });

  it('says what Linux refuses in the midst of it, and leaves no trace', async () => {
    const { root, file, files, isAsBefore } = host({ refused: 'tracing_on 1' });
    const { code, stderr } = await onFakeHost(root, ['capture', '-o', file]);
    expect({ code, files: files(), isAsBefore: isAsBefore() }).toEqual({ code: 1, files: [], isAsBefore: true });
    expect(stderr).toMatch(/^copytax: ERR_TRACING: events are not shown, because .* \(EIO\)\. .*\n$/m);
  });

  it('replaces no JSON that stands where its own has to, unless that is of a capture', async () => {
    const { root, folder, file, isAsBefore } = host();
    writeFileSync(join(folder, 'c.json'), '{"schema": "of others"}');
    const { code, stderr } = await onFakeHost(root, ['capture', '-o', file, '--time', '20ms']);
    expect([code, readdirSync(folder), isAsBefore()]).toEqual([1, ['c.json'], true]);
    expect(stderr).toMatch(/^copytax: ERR_RESULT_FILE: .*c\.json, .*\n$/);
    writeFileSync(join(folder, 'c.json'), '{"debugfs_before": {}}');
    expect((await onFakeHost(root, ['capture', '-o', file, '--time', '20ms'])).code).toBe(0);
  });

  it.each([
    [['--out', '-', '--json'], '--json and --out - contradict each other'],
    [['--time', '0'], '--time 0 is out of range'],
    [['--max-size', '1K'], '--max-size 1K is out of range'],
    [['--max-size', 'all'], "--max-size 'all' is not a size"],
  ])('refuses %j', async (args, message) => {
    const { root, file, files, isAsBefore } = host();
    const { code, stderr } = await onFakeHost(root, ['capture', ...(args.includes('-') ? [] : ['-o', file]), ...args]);
    expect({ code, files: files(), isAsBefore: isAsBefore() }).toEqual({ code: 2, files: [], isAsBefore: true });
    expect(stderr).toContain(`ERR_USAGE: ${message}`);
  });

  it.each([
    ['/nowhere/c.trace', 'ENOENT'],
    ['/dev/null', 'ENOTSUP'],
    ['/', 'EISDIR'],
  ])('refuses to write %s before it changes anything', async (out, reason) => {
    const { root, isAsBefore } = host();
    const { code, stderr } = await onFakeHost(root, ['capture', '-o', out]);
    expect([code, isAsBefore()]).toEqual([1, true]);
    expect(stderr).toMatch(new RegExp(`^copytax: ERR_RESULT_FILE: cannot write .* \\(${reason}\\)\\. .*\\n$`));
  });
});
