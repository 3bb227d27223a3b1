/** The tables that queries see: columns with their types, what they mean, and their values. Pure. */
import type { Fleet, FleetRow, FleetRun } from '../fleet.js';

export type ColumnValue = string | number | boolean | null | readonly string[];

export interface RunColumn {
  readonly name: string;
  readonly type: 'VARCHAR' | 'INTEGER' | 'BIGINT' | 'DOUBLE' | 'BOOLEAN' | 'TIMESTAMP' | 'VARCHAR[]';
  readonly help: string;
  readonly of: (run: FleetRun, outliers: ReadonlySet<string>) => ColumnValue;
}

const text = (name: string, help: string, of: RunColumn['of']): RunColumn => ({ name, type: 'VARCHAR', help, of });
const nanoseconds = (name: string, help: string, of: RunColumn['of']): RunColumn => ({
  name,
  type: 'DOUBLE',
  help,
  of,
});

const guestOf = ({ machine: { encryption } }: FleetRun) => encryption.guest;

export const RUN_COLUMNS: readonly RunColumn[] = [
  text('source', 'path of the file; after # the number of the run if it holds several', ({ source }) => source),
  text('fingerprint', 'of the host; null: it is not identified', ({ machine }) => machine.fingerprint),
  {
    name: 'outlier',
    type: 'BOOLEAN',
    help: 'whether it lies outside its group',
    of: ({ source }, outliers) => outliers.has(source),
  },
  { name: 'created', type: 'TIMESTAMP', help: 'when it was taken, UTC', of: ({ created }) => created },
  { name: 'complete', type: 'BOOLEAN', help: 'whether it ran to its end', of: ({ complete }) => complete },
  text('version', 'of copytax', ({ version }) => version),
  text('commit', 'of copytax', ({ commit }) => commit),
  text('node', 'version of Node', ({ node }) => node),
  text('copy_kernel', 'copy kernel of the run', ({ copyKernel }) => copyKernel),
  text('cpus', 'the measuring CPUs, separated by commas', ({ cpus }) => cpus.join(',')),
  nanoseconds('distance_low_ns', 'cache line between the measuring CPUs', ({ distance }) => distance?.low ?? null),
  nanoseconds('distance_high_ns', 'the same, the largest', ({ distance }) => distance?.high ?? null),
  nanoseconds('hot_copy_ns', 'copy of 64 KiB between caches', ({ copies }) => copies?.hotNs ?? null),
  nanoseconds('flushed_copy_ns', 'the same, flushed from caches', ({ copies }) => copies?.coldNs ?? null),
  text('arch', 'as Node names it', ({ machine }) => machine.arch),
  text('vendor', 'of the CPU', ({ machine }) => machine.cpu.vendor),
  text('model', 'of the CPU', ({ machine }) => machine.cpu.model),
  { name: 'family', type: 'INTEGER', help: 'of the CPU', of: ({ machine }) => machine.cpu.family },
  { name: 'model_number', type: 'INTEGER', help: 'of the CPU', of: ({ machine }) => machine.cpu.modelNumber },
  { name: 'stepping', type: 'INTEGER', help: 'of the CPU', of: ({ machine }) => machine.cpu.stepping },
  text('microcode', 'revision', ({ machine }) => machine.cpu.microcode),
  {
    name: 'cpus_online',
    type: 'INTEGER',
    help: 'CPUs that Linux runs',
    of: ({ machine }) => machine.cpu.online?.length ?? null,
  },
  { name: 'memory_bytes', type: 'BIGINT', help: 'MemTotal', of: ({ machine }) => machine.memory.totalBytes },
  text('governor', 'of the frequency', ({ machine }) => machine.cpu.governor),
  text('hypervisor', 'null: none, or not known', ({ machine }) => machine.hypervisor.vendor),
  text('guest', 'kind of confidential guest', guestOf),
  text('linux', 'version of Linux', ({ machine }) => machine.kernel.release),
  { name: 'warnings', type: 'VARCHAR[]', help: 'codes of its warnings', of: ({ warnings }) => [...new Set(warnings)] },
];

interface NumberColumn {
  readonly name: string;
  readonly type: string;
  readonly help: string;
}

/** Columns of `numbers` besides those of rows. */
export const NUMBER_COLUMNS: readonly NumberColumn[] = [
  { name: 'source', type: 'VARCHAR', help: 'as in runs' },
  { name: 'kind', type: 'VARCHAR', help: 'value, ratio, cost, user copy, bounce copy, worth (in copies)' },
  { name: 'scenario', type: 'VARCHAR', help: 'what was measured' },
  { name: 'line', type: 'VARCHAR', help: 'the id without sizes and counts' },
  { name: 'id', type: 'VARCHAR', help: 'of the cell or of the ratio' },
  { name: 'params', type: 'MAP(VARCHAR, VARCHAR)', help: "parameters of the cell: params['size']" },
  { name: 'unit', type: 'VARCHAR', help: 'empty for a ratio' },
  { name: 'higher_is_better', type: 'BOOLEAN', help: 'null for a ratio' },
  { name: 'median', type: 'DOUBLE', help: 'of the rounds of the run' },
  { name: 'spread', type: 'DOUBLE', help: 'of its logarithm by its interval; null: it has none' },
];

/** Returns the parameters of a row as words. */
export function paramsOf({ params }: FleetRow): [string, string][] {
  return Object.entries(JSON.parse(params) as Record<string, unknown>).map(([name, value]) => [
    name,
    typeof value === 'string' ? value : JSON.stringify(value),
  ]);
}

/** Returns what `--sql tables` prints: tables, columns, types, and what they mean. */
export function tablesText(): string {
  const lines = (columns: readonly NumberColumn[]) =>
    columns.map(({ name, type, help }) => `  ${name.padEnd(17)} ${type.padEnd(22)} ${help}`);
  return [
    'runs: one row for each run',
    ...lines(RUN_COLUMNS),
    '',
    'numbers: one row for each number of a run',
    ...lines(NUMBER_COLUMNS),
    '',
  ].join('\n');
}

/** Number of numbers of all runs. */
export function numberCount({ runs }: Fleet): number {
  return runs.reduce((sum, { rows }) => sum + rows.length, 0);
}
