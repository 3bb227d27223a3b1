/**
 * The command line: commands, options and their help. What a command does is in a file of its own, which is loaded when
 * the command runs, so that no command waits for the libraries of another.
 */
import { FLAVOURS } from '../flavour.js';
import { packageVersion } from '../package-facts.js';
import type { CaptureOptions } from './commands/capture.js';
import type { ExplainOptions } from './commands/explain.js';
import type { FaultOptions } from './commands/fault.js';
import type { ReportArguments } from './commands/report.js';
import type { WatchOptions } from './commands/watch.js';
import { addBenchOptions } from './options/declare-bench-options.js';
import { addCompareOptions } from './options/declare-compare-options.js';
import { addSizeOptions } from './options/declare-size-options.js';
import { withGroupMarks } from './options/file-groups.js';
import type { BenchOptions } from './options/parse-bench-options.js';
import type { CompareOptions } from './options/parse-compare-options.js';
import type { ReplayArguments } from './options/parse-replay-options.js';
import type { SizeArguments } from './options/parse-size-options.js';
import { EXIT_FINE } from './terminal/print-error.js';
import { commandLine, runProgram } from './terminal/run-program.js';

/**
 * Runs a command line, without the names of node and script. Writes to stdout and stderr. Resolves to the exit code and
 * never rejects.
 */
export async function run(args: readonly string[]): Promise<number> {
  let exitCode = EXIT_FINE;
  const program = commandLine(
    'copytax',
    'Prices the copies that bounce buffering puts on the transmit path, on the host that it runs on.',
  ).version(packageVersion());
  addBenchOptions(program.command('bench').copyInheritedSettings(program)).action(async (options: BenchOptions) => {
    const { benchCommand } = await import('./commands/bench.js');
    exitCode = await benchCommand(options);
  });
  program
    .command('build')
    .description('compile the native addon on this host, for platforms that the package has no binary for')
    .action(async () => {
      const { buildCommand } = await import('./commands/build.js');
      exitCode = buildCommand();
    });
  program
    .command('capture')
    .description(
      'record what Linux bounces on this host as a capture, with ends of mappings where it allows probes; needs root ' +
        'and tracefs, leaves the tracing of others alone, and undoes what it has set; docs/captures.md tells more',
    )
    .requiredOption(
      '-o, --out <file>',
      "the capture, gzipped if it ends in .gz, and beside it NAME.json, which tells of the host; '-': printed, alone",
    )
    .option('--time <time>', 'for how long', '10s')
    .option('--max-size <size>', 'of the text; half as much memory holds the events meanwhile', '256M')
    .option('--no-pairs', 'only what begins to bounce: neither slots nor ends of mappings')
    .option('--json', 'print JSON: what NAME.json has')
    .option('--root <folder>', 'where /sys and /proc of the host are, as in a container (default: /)')
    .action(async (options: CaptureOptions) => {
      const { captureCommand } = await import('./commands/capture.js');
      exitCode = await captureCommand(options);
    });
  addCompareOptions(program.command('compare').copyInheritedSettings(program)).action(
    async (files: string[], options: CompareOptions) => {
      const { compareCommand } = await import('./commands/compare.js');
      exitCode = await compareCommand(files, options);
    },
  );
  program
    .command('doctor')
    .description(
      'show on this host what goes wrong without each guard of the instrument, and say whether the host is quiet, ' +
        'noisy or unusable for measuring; takes about 10 s, exit code 1 if it is unusable',
    )
    .option('--json [file]', 'print JSON, or write it there and print the report')
    .action(async (options: { json?: string | boolean }) => {
      const { doctorCommand } = await import('./commands/doctor.js');
      exitCode = await doctorCommand(options);
    });
  program
    .command('explain')
    .description(
      'tell what a message of Linux about bounce buffers means ("swiotlb buffer is full" and the like), what ' +
        'helps against it and what cannot; exit code 1 if no line was understood',
    )
    .argument(
      '[log...]',
      'a message in quotes, or a file such as the output of dmesg, plain or gzipped (default: stdin)',
    )
    .option('--json', 'print JSON: an array of messages')
    .action(async (given: string[], options: ExplainOptions) => {
      const { explainCommand } = await import('./commands/explain.js');
      exitCode = await explainCommand(given, options);
    });
  program
    .command('fault')
    .description('inject faults into small machines and show how the posted patch and the hardened version cope')
    .argument('[name...]', 'names of faults (default: all)')
    .option('--flavour <flavour>', `only in this flavour: ${FLAVOURS.join(', ')}`)
    .option('--design <design>', 'on this design, or on all of each fault (default: the one that it is about)')
    .option('--json', 'print JSON')
    .action(async (names: string[], options: FaultOptions) => {
      const { faultCommand } = await import('./commands/fault.js');
      exitCode = await faultCommand(names, options);
    });
  program
    .command('machine')
    .description('print the facts of this host that decide what copies cost')
    .option('--measure', 'measure at what sizes memory gets slower, too: takes a second and needs the addon')
    .option('--json [file]', 'print JSON, or write it there and print the report')
    .action(async (options: { json?: string | boolean; measure?: boolean }) => {
      const { machineCommand } = await import('./commands/machine.js');
      machineCommand(options);
    });
  program
    .command('plot')
    .description('draw the pictures of a result file as SVG: another name of `copytax report --svg`')
    .argument('<result>', 'file that bench --json wrote')
    .requiredOption('--out <folder>', 'folder for the pictures, created if it is missing')
    .action(async (file: string, options: { out: string }) => {
      const { plotCommand } = await import('./commands/plot.js');
      process.stdout.write(await plotCommand(file, options));
    });
  program
    .command('replay')
    .description(
      'replay a capture of what a running Linux bounced: who bounced how much, what its copies cost on this host, ' +
        'what each design would give back, and how full the slot pool was',
    )
    .argument('<capture>', "text of ftrace, trace-cmd report or perf script, plain or gzipped; '-' is standard input")
    .option(
      '--pool <slots[,areas]>',
      'the slot pool, as after swiotlb= (default: as noted beside the capture, or 32768)',
    )
    .option('--start-used <slots>', 'slots in use before (default: as noted beside the capture, or 0)')
    .option(
      '--hold <time>',
      'where no end is told: how long mappings are held, or DEVICE=TIME; may be repeated (default: 1ms)',
      (text: string, all: readonly string[] | undefined) => [...(all ?? []), text],
    )
    .option('--receive <sizes>', 'where no direction is told: sizes of receive buffers, bytes, separated by commas')
    .option('--pace <pace>', "'recorded', at the times of the capture, or 'fast' (default: fast)")
    .option('--copy <kernel>', 'copy kernel (default: kernel-like, as Linux copies on this CPU)')
    .option('--svg <folder>', 'draw the slots in use over time, into this folder')
    .option('--json [file]', 'print JSON, or write it there and print the report')
    .action(async (capture: string, options: ReplayArguments) => {
      const { replayCommand } = await import('./commands/replay.js');
      exitCode = await replayCommand(capture, options);
    });
  program
    .command('report')
    .description(
      'make one page of results, of up to eight machines side by side, with replays and sizes of slot pools: HTML ' +
        'that needs no network and no JavaScript, with tables, pictures and the data in it',
    )
    .argument('<result...>', 'files that bench --json, replay --json or size --json wrote, plain or gzipped')
    .option('-o, --out <file>', 'the page')
    .option('--svg <folder>', 'draw the pictures as SVG into this folder, created if it is missing')
    .action(async (files: string[], options: ReportArguments) => {
      const { reportCommand } = await import('./commands/report.js');
      process.stdout.write(await reportCommand(files, options));
    });
  addSizeOptions(program.command('size').copyInheritedSettings(program)).action(
    async (captures: string[], options: SizeArguments) => {
      const { sizeCommand } = await import('./commands/size.js');
      exitCode = await sizeCommand(captures, options);
    },
  );
  program
    .command('verify')
    .description('replay traces of the real code of Linux and compare every decision')
    .argument('<trace...>', 'oracle traces of any known format, JSON Lines, plain or gzipped')
    .option('--json', 'print JSON')
    .action(async (files: string[], options: { json?: boolean }) => {
      const { verifyCommand } = await import('./commands/verify.js');
      exitCode = await verifyCommand(files, options);
    });
  program
    .command('watch')
    .description(
      'show how full the slot pools of this host are and what it bounces for which device, interval by interval; ' +
        'needs root, debugfs and tracefs, and says how to get what is missing',
    )
    .option('--interval <time>', 'how often', '1s')
    .option('--count <n>', 'end after this many intervals (default: when it is stopped)')
    .option('--plain', 'a line for each interval, for logs (default where stdout is no terminal)')
    .option('--json', 'print JSON: an object for each interval, on a line')
    .option('--root <folder>', 'where /sys of the host is, as in a container (default: /)')
    .action(async (options: WatchOptions) => {
      const { watchCommand } = await import('./commands/watch.js');
      exitCode = await watchCommand(options);
    });
  return runProgram(program, args[0] === 'compare' ? withGroupMarks(args) : args, () => exitCode);
}
