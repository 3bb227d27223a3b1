/** `copytax verify`: compares what is modelled here with traces of Linux. */
import { significant } from '../../report/tables/format.js';
import { unpackTraceBytes } from '../../trace/format/trace-reader.js';
import { ReplayMemory } from '../../trace/replay/oracle-setup.js';
import { type Difference, shortened, type Verdict } from '../../trace/replay/verdict.js';
import { verifyBytes } from '../../trace/verify.js';
import { EXIT_FAILED, EXIT_FINE, errorLine } from '../terminal/print-error.js';

/** A trace that could not be read or replayed. */
interface Refusal {
  readonly file: string;
  readonly error: string;
}

/** What became of one trace file. */
type FileResult = Verdict | Refusal;

/** Resolves to a refusal if the trace cannot be read or replayed. */
async function verify(file: string, unpacked: Promise<Buffer>, memory: ReplayMemory): Promise<FileResult> {
  try {
    return verifyBytes(file, await unpacked, memory);
  } catch (error) {
    if ((error as { name?: string }).name !== 'CopytaxError') throw error;
    return { file, error: errorLine(error).replace(/^copytax: /, '') };
  }
}

/** Results in the order of the files. The next file is unpacked while one is replayed. */
async function* resultsOf(files: readonly string[]): AsyncGenerator<FileResult> {
  const memory = new ReplayMemory();
  const unpack = (at: number) => {
    const unpacked = at < files.length ? unpackTraceBytes(files[at]!) : Promise.resolve(Buffer.of());
    unpacked.catch(() => {}); // the rejection is handled where it is awaited, which is later
    return unpacked;
  };
  let next = unpack(0);
  for (const [at, file] of files.entries()) {
    const unpacked = next;
    await Promise.allSettled([unpacked]); // at most one file ahead, because a trace may be large
    next = unpack(at + 1);
    yield await verify(file, unpacked, memory);
  }
}

const hasPassed = (result: FileResult): result is Verdict => 'operations' in result && result.difference === null;

function differenceLines({ line, operation, field, expected, actual, segment }: Difference): string[] {
  const side = (value: unknown) => (value === undefined ? 'nothing' : shortened(JSON.stringify(value)));
  return [
    `  line ${line}: ${field} differs in ${operation}`,
    `    Linux:    ${side(expected)}`,
    `    this one: ${side(actual)}`,
    ...(segment === null ? [] : [`    the segment now, in ${segment}`]),
  ];
}

function resultLines(result: FileResult): string[] {
  if ('error' in result) return [`${result.file}: refused`, `  ${result.error}`];
  if (result.difference === null) return [`${result.file}: ${result.operations} operations, all the same`];
  return [`${result.file}: differs`, ...differenceLines(result.difference)];
}

/** Resolves to the exit code: 1 when a trace differs or was refused. */
export async function verifyCommand(files: readonly string[], { json }: { json?: boolean }): Promise<number> {
  const began = performance.now();
  const results: FileResult[] = [];
  for await (const result of resultsOf(files)) {
    results.push(result);
    if (!json) process.stdout.write(`${resultLines(result).join('\n')}\n`);
  }
  const passed = results.filter(hasPassed);
  const counts = { passed: passed.length, failed: results.length - passed.length };
  // Counts traces that were replayed to their end. The time includes reading the files.
  const operations = passed.reduce((sum, verdict) => sum + verdict.operations, 0);
  const seconds = (performance.now() - began) / 1000;
  if (json) process.stdout.write(`${JSON.stringify({ ...counts, operations, seconds, files: results }, null, 1)}\n`);
  else process.stdout.write(`${speedLine(operations, seconds)}\n${counts.passed} passed, ${counts.failed} failed\n`);
  return counts.failed === 0 ? EXIT_FINE : EXIT_FAILED;
}

function speedLine(operations: number, seconds: number): string {
  return `${operations} operations in ${significant(seconds)} s: ${significant(operations / seconds)} a second`;
}
