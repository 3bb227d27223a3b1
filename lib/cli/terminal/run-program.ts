/** Runs a commander program: parses a command line, and turns every error into one line and an exit code. */
import { existsSync } from 'node:fs';
import { Command, CommanderError, type Option } from 'commander';
import { oneOf } from '../../limits.js';
import { unknownWord, usageError } from '../options/usage.js';
import { EXIT_FINE, errorLine, exitCodeOf } from './print-error.js';

/** Makes a program that lists its commands if none, or an unknown one, is given. */
export function commandLine(name: string, description: string): Command {
  const program = new Command(name);
  return program
    .description(description)
    .exitOverride()
    .configureOutput({ outputError: () => {} })
    .helpCommand(false)
    .usage('<command> [options]')
    .action(() => {
      throw usageError(`no command given: choose ${commandNames(program).join(', ')}`);
    });
}

const commandNames = (program: Command): string[] => program.commands.map((command) => command.name());

/** `help` and `help COMMAND` as the option that they stand for. */
function withoutHelp(args: readonly string[]): readonly string[] {
  return args[0] === 'help' ? [...args.slice(1, 2), '--help'] : args;
}

/**
 * Leaves out the dashes that pnpm and yarn hand on from `pnpm run bench -- --quick`, where no file may follow them: a
 * command that takes files takes what is behind dashes for files.
 */
function withoutDashes(program: Command, args: readonly string[]): readonly string[] {
  const takesFiles = program.commands.find((one) => one.name() === args[0])?.registeredArguments.length !== 0;
  return takesFiles || args[1] !== '--' ? args : args.toSpliced(1, 1);
}

/** Refuses a first word that is no command, before what follows it is taken for words and options of this program. */
function requireCommand(program: Command, word: string | undefined): void {
  if (word !== undefined && !word.startsWith('-')) oneOf('command', word, commandNames(program), unknownWord);
}

/** Commands that take words print JSON: a file behind --json would be one of the words. */
function refuseJsonFile(program: Command, [name, ...args]: readonly string[]): void {
  const command = program.commands.find((one) => one.name() === name);
  const json = command?.options.find(({ long }) => long === '--json');
  if (json === undefined || takesValue(json)) return;
  const isFile = (arg: string | undefined) => /\.json$/.test(arg ?? '') && !existsSync(arg!);
  const at = args.findIndex((arg, index) => arg.startsWith('--json=') || (arg === '--json' && isFile(args[index + 1])));
  if (at < 0) return;
  throw usageError(
    `--json of ${name} prints to stdout, and takes no file: write \`copytax ${name} ... --json > FILE\``,
  );
}

/** Turns commander's message about wrong usage into one line without its prefix. */
function asUsageError(error: CommanderError) {
  const message = error.message.replace(/^error: /, '').replace(/\s*\n\(Did you mean (.+)\?\)/, ': did you mean $1?');
  return usageError(message, { commander: error.code });
}

const takesValue = ({ required, optional }: Option) => required || optional;

/** Refuses what commander takes: an option for the value of another, and a second value, which replaces the first. */
function refuseLosses(command: Command): void {
  const flags = command.options.flatMap(({ long, short }) => [long, short]);
  for (const option of command.options.filter(takesValue)) {
    // An option that collects its values may be repeated.
    const isOnce = option.parseArg === undefined && !option.variadic;
    let first: string | undefined;
    command.on(`option:${option.name()}`, (value: string | null) => {
      if (value === null && option.optional) return;
      const given = value ?? '';
      if (given === '') throw usageError(`${option.long} has an empty value: leave it out, or name one`);
      if (flags.includes(given)) throw usageError(`${option.long} has no value: '${given}' behind it is an option`);
      if (isOnce && first !== undefined) {
        throw usageError(`${option.long} is given twice, as '${first}' and '${given}': choose one`);
      }
      first = given;
    });
  }
}

/**
 * Runs a command line, without the names of node and script. Resolves to what `exitCode` returns after the command, or
 * to the exit code of its error, of which one line goes to stderr. Never rejects.
 */
export async function runProgram(program: Command, args: readonly string[], exitCode: () => number): Promise<number> {
  for (const command of program.commands) refuseLosses(command);
  try {
    const words = withoutDashes(program, withoutHelp(args));
    requireCommand(program, words[0]);
    refuseJsonFile(program, words);
    await program.parseAsync(words, { from: 'user' });
    return exitCode();
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return EXIT_FINE;
    const known = error instanceof CommanderError ? asUsageError(error) : error;
    process.stderr.write(`${errorLine(known)}\n`);
    return exitCodeOf(known);
  }
}
