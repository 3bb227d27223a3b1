/** Runs a commander program: parses a command line, and turns every error into one line and an exit code. */
import { Command, CommanderError } from 'commander';
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
    .argument('[name]')
    .action((given: string | undefined) => {
      const commands = program.commands.map((command) => command.name());
      if (given === undefined) throw usageError(`no command given: choose ${commands.join(', ')}`);
      oneOf('command', given, commands, unknownWord);
    });
}

/** Turns commander's message about wrong usage into one line without its prefix. */
function asUsageError(error: CommanderError) {
  const message = error.message.replace(/^error: /, '').replace(/\s*\n\(Did you mean (.+)\?\)/, ': did you mean $1?');
  return usageError(message, { commander: error.code });
}

/**
 * Runs a command line, without the names of node and script. Resolves to what `exitCode` returns after the command, or
 * to the exit code of its error, of which one line goes to stderr. Never rejects.
 */
export async function runProgram(program: Command, args: readonly string[], exitCode: () => number): Promise<number> {
  try {
    await program.parseAsync(args, { from: 'user' });
    return exitCode();
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return EXIT_FINE;
    const known = error instanceof CommanderError ? asUsageError(error) : error;
    process.stderr.write(`${errorLine(known)}\n`);
    return exitCodeOf(known);
  }
}
