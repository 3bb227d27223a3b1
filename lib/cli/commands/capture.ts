/** `copytax capture`: records what Linux bounces on this host, as text that `readCapture` reads. */

import { existsSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { fileError } from '../../bench/files/file-error.js';
import { realFile, replaceFile, requireReplaceable } from '../../bench/files/replace-file.js';
import { CopytaxError } from '../../errors.js';
import { packageVersion } from '../../package-facts.js';
import { DraftFile } from '../../recording/draft-file.js';
import { Recorder, type Recording } from '../../recording/recorder.js';
import { recordingLines } from '../../recording/recording-text.js';
import { highWaterBetween, hostOf, isSidecar, type Sidecar, sidecarOf } from '../../recording/sidecar.js';
import { TraceText } from '../../recording/trace-text.js';
import { writeChunks } from '../../recording/write-chunks.js';
import { type GivenHost, givenHost } from '../../tracefs/given-host.js';
import { removeLeftovers } from '../../tracefs/leftovers.js';
import { nothingShown } from '../../tracefs/missing.js';
import type { TracingFiles } from '../../tracefs/tracing-files.js';
import { Undoing } from '../../tracefs/undoing.js';
import { GIB, MIB } from '../../units.js';
import { usageError } from '../options/usage.js';
import { parseDuration, parseSize } from '../options/values.js';
import { Interrupt } from '../terminal/interrupt.js';
import { EXIT_FINE } from '../terminal/print-error.js';
import { ProgressLine, timeText } from '../terminal/progress.js';

/** The options as commander returns them. */
export interface CaptureOptions {
  readonly json?: boolean;
  readonly maxSize: string;
  readonly out: string;
  readonly pairs: boolean;
  readonly root?: string;
  readonly time: string;
}

/** For `--out`: the capture is written to standard output, and nothing beside it. */
const STDOUT = '-';
const NS_PER_MS = 1e6;
const TIME_NS = { min: NS_PER_MS, max: 3.6e12 };
const SIZE = { min: MIB, max: 8 * GIB };
/** An event takes about half as much room in the ring as its line in the file. */
const RING_SHARE = 0.5;

function say(lines: readonly string[]): void {
  for (const line of lines) process.stderr.write(`copytax: ${line}\n`);
}

/** Whether it is an error that Linux returned, such as EPERM, and none of this program. */
function isOfLinux(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return !(error instanceof CopytaxError) && /^E[A-Z]+$/.test(code ?? '');
}

/** What records, and what it is for Linux to refuse that. */
interface Prepared {
  readonly recorder: Recorder;
  readonly refused: (error: unknown) => unknown;
}

/** Prepares the recording. @throws ERR_TRACING */
function prepared(options: CaptureOptions, host: GivenHost, undoing: Undoing, maxBytes: number): Prepared {
  const { files, finder } = host;
  const tracing = finder.tracing();
  if (typeof tracing !== 'string') throw nothingShown([tracing]);
  say(removeLeftovers(files, tracing));
  const ringBytes = maxBytes * RING_SHARE;
  const release = hostOf(files).kernel;
  const refused = (error: unknown) =>
    isOfLinux(error) ? nothingShown([finder.refusedInstance(tracing, error)]) : error;
  try {
    const plan = { files, tracing, undoing, release, arch: process.arch, pairs: options.pairs, ringBytes };
    return { recorder: new Recorder(plan), refused };
  } catch (error) {
    throw refused(error);
  }
}

/** @throws ERR_RESULT_FILE */
function sidecarFileOf(path: string): string {
  try {
    const file = realFile(sidecarOf(path));
    requireReplaceable(file);
    if (!existsSync(file) || isSidecar(readFileSync(file, 'utf8'))) return file;
    throw Object.assign(new Error(), { code: 'EEXIST' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw fileError(sidecarOf(path), 'write', error);
    const message = `cannot write ${sidecarOf(path)}, which stands beside the capture: there is another JSON`;
    throw new CopytaxError('ERR_RESULT_FILE', message, { path: sidecarOf(path), remedy: 'choose another name' });
  }
}

/** Everything that is told beside the capture. */
function sidecar(
  recorder: Recorder,
  recording: Recording,
  told: Pick<Sidecar, 'name' | 'entries' | 'lost'>,
  files: TracingFiles,
) {
  const { seconds, ended, before, after, missedByProbes } = recording;
  const { by, note } = recorder.pairs;
  return {
    schema: 'copytax.capture/1',
    ...told,
    recorded_by: `copytax ${packageVersion()}`,
    ...hostOf(files),
    trace_clock: recorder.clock,
    seconds,
    ended,
    debugfs_before: before,
    debugfs_after: after,
    hiwater: highWaterBetween(before, after),
    kprobe_definitions: recorder.definitions,
    pairs: by,
    pairs_note: note,
    missed_by_probes: missedByProbes,
  } satisfies Sidecar;
}

/** Where a capture and what stands beside it are written. */
interface CaptureFiles {
  readonly draft: DraftFile;
  readonly sidecarFile: string;
}

/** @throws ERR_RESULT_FILE */
function captureFiles(out: string, undoing: Undoing): CaptureFiles {
  const draft = new DraftFile(out, undoing);
  const sidecarFile = sidecarFileOf(draft.path);
  say(draft.removed.map((name) => `removed ${name}, which a process that was killed had left`));
  return { draft, sidecarFile };
}

/**
 * Resolves to the exit code. The first signal ends the recording, and the capture is written; the second one drops it.
 * Rejects with ERR_USAGE, with ERR_TRACING where the host refuses it, and with ERR_RESULT_FILE.
 */
export async function captureCommand(options: CaptureOptions): Promise<number> {
  const timeMs = parseDuration('--time', options.time, TIME_NS) / NS_PER_MS;
  const maxBytes = parseSize('--max-size', options.maxSize, SIZE);
  const isPrinted = options.out === STDOUT;
  if (isPrinted && options.json) throw usageError('--json and --out - contradict each other: both are standard output');
  const host = givenHost(options.root, process.argv.slice(2));
  const undoing = new Undoing();
  const progress = new ProgressLine(process.stderr);
  const interrupt = new Interrupt(() => process.exit(interrupt.exitCode), process, null);
  const ending = () => (interrupt.signal.aborted ? interrupt.exitCode : EXIT_FINE);
  try {
    const files = isPrinted ? null : captureFiles(options.out, undoing);
    const name = isPrinted ? 'standard output' : options.out;
    const { recorder, refused } = prepared(options, host, undoing, maxBytes);
    const look = (leftMs: number) => progress.update('recording', () => `capture: recording${timeText(leftMs)}`);
    const recorded = async () => {
      const recording = await recorder.record(timeMs, interrupt.signal, look);
      progress.update('writing', () => 'capture: writing');
      const text = new TraceText(name, maxBytes, recording.dropped);
      const chunks = text.read(recorder.open());
      const isWritten = files === null ? await writeChunks(process.stdout, chunks) : await files.draft.write(chunks);
      return { recording, text, isCut: isWritten === false };
    };
    const { recording, text, isCut } = await recorded().catch((error) => Promise.reject(refused(error)));
    progress.clear();
    // Its reader has ended, or it cannot be written, which the guard of the streams tells.
    if (isCut) return ending();
    const summary = text.summary();
    const entries = summary.bounces + summary.others;
    const told = { name: basename(sidecarOf(files?.draft.path ?? name), '.json'), entries, lost: summary.lostEvents };
    const document = sidecar(recorder, recording, told, host.files);
    const json = `${JSON.stringify(document, null, 1)}\n`;
    if (files !== null) replaceSidecar(files, json);
    const sidecarFile = files === null ? null : sidecarOf(options.out);
    const lines = recordingLines({
      file: name,
      sidecarFile,
      sidecar: document,
      summary,
      bouncedBytes: text.bouncedBytes,
    });
    if (isPrinted) say(lines);
    else process.stdout.write(options.json ? json : `${lines.join('\n')}\n`);
    return ending();
  } finally {
    progress.clear();
    say(undoing.undo().map((failure) => `not undone: ${failure}`));
    interrupt.close();
  }
}

/** @throws ERR_RESULT_FILE, which says that the capture is there */
function replaceSidecar({ draft, sidecarFile }: CaptureFiles, json: string): void {
  try {
    replaceFile(sidecarFile, json);
  } catch (error) {
    const { message, details } = fileError(sidecarFile, 'write', error);
    const there = `${message}, which stands beside the capture; the capture itself is written: ${draft.path}`;
    throw new CopytaxError('ERR_RESULT_FILE', there, details, error);
  }
}
