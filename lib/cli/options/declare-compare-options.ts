/** The options of `copytax compare` and their help. */
import type { Command } from 'commander';
import { MEASURE_NAMES } from '../../bench/compare/fail-condition.js';
import { BARS_HELP } from './values.js';

const AFTER = `
Groups of runs are compared by the order of their runs, from five a side on; the files of each stand between --:
  copytax compare before/*.json -- after/*.json
Without -- each file is a group; one of \`bench --runs N\` has N runs. Single runs are compared by their intervals, with
what runs vary by beside them: as far as runs of the same host in the files tell, or else 5 %.

--fail-if 'GLOB:MEASURE OP NUMBER' is for builds: 'tx-designs/*:ratio < 0.95'. GLOB is of ids: * stands for any
characters, / among them, and ? for one. OP is <, <=, > or >=. Measures are factors of a group over the base:
  ratio                          of values, such as rates and times
  worse                          of values and costs, by which factor they are worse: 'tx-designs/*:worse > 1.05'
  cost, user-copy, bounce-copy   of CPU time per byte, and of its copies
  ratio-of-ratios                of ratios of two cells: 'tx-designs/bounce-pages:bounce/*:ratio-of-ratios < 0.9'
  worth                          of costs and times in copies of 64 KiB of each machine, across machines
Only a significant difference meets a condition, with its chance corrected for all rows of the condition, so that it
wants few rows, or more runs a side: 5 for 6 rows, 8 for 100. Rows that cannot be told are named; a condition of which
no row can be told fails, and one without any row is wrong usage. Each further group is compared with the base.

Folders, or more than 8 files without --, are a fleet: grouped by the fingerprints of hosts, the largest group the base.
  copytax compare results/ --sql 'SELECT model, median(hot_copy_ns) FROM runs GROUP BY model'
--sql and --parquet need DuckDB: npm install @duckdb/node-api. A file that cannot be read is told, with exit code 1.

Exit codes: 0 compared, 1 failed or a condition is met, 2 wrong usage.`;

const collected = (condition: string, before: readonly string[] = []) => [...before, condition];

/** Adds description, options and help to the command. */
export function addCompareOptions(command: Command): Command {
  return command
    .description('say which numbers of two or more results differ, and which only seem to')
    .argument(
      '[file...]',
      'files that bench --json wrote, with -- between groups of several; the first is the base; or folders',
    )
    .option('--all', 'show all rows, not only those that differ significantly')
    .option('--base <group>', 'compare with this group: its name, or its number from 1')
    .option('--name <list>', 'names of the groups, separated by commas (default: their folders or files)')
    .option('--mode <mode>', 'same (machine) or across (machines); default: by the fingerprints of the hosts')
    .option('--min-effect <share>', 'effects below that count as none: 3% or 0.03 (default: 3%)')
    .option('--strict', 'correct the chances of all rows together, not in small families; wants more runs')
    .option(
      '--fail-if <condition>',
      `exit code 1 if a row meets it, may be repeated; measures: ${MEASURE_NAMES.join(', ')}`,
      collected,
    )
    .option('--email', 'print only a block of at most 15 lines and 76 columns')
    .option('--bars <when>', BARS_HELP)
    .option('--json', 'print JSON: all rows, with chances, families and what is unlike')
    .option('--fleet', 'group all files by their hosts, and name the runs that lie outside')
    .option('--sql <query>', "print what DuckDB finds in the numbers of a fleet; 'tables' lists what there is")
    .option('--parquet <folder>', 'write the numbers of a fleet there, as runs.parquet and numbers.parquet')
    .addHelpText('after', AFTER);
}
