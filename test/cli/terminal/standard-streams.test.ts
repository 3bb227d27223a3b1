/** What commands do whose output finds no reader, or no room. */
import { chmodSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { readResult } from '../../../lib/bench/result/result-file.js';
import { copyCells, designCells, resultOf } from '../../report/fixtures/result.js';
import { scratchFolder } from '../../scratch.js';
import { hasFull, shell } from '../fixtures/shell.js';

const ROOT = fileURLToPath(new URL('../../../../', import.meta.url));
const RESULT = join(ROOT, 'benchmarks/results/intel-xeon-2-cpu-kvm.json');
const OTHER = join(ROOT, 'benchmarks/results/amd-epyc-2-cpu-kvm.json');
const TRACES = join(ROOT, 'test/fixtures/oracle');
const TRACE = join(TRACES, readdirSync(TRACES).find((name) => name.endsWith('.gz'))!);
const COPIES = 'bench --quick --rounds 1 --only copy-cost';
const itFull = hasFull ? it : it.skip;

describe('a standard output that is full', () => {
  itFull.each([
    ['copytax --version'],
    ['copytax bench --help'],
    ['copytax machine'],
    ['copytax machine --json'],
    ['copytax fault queued-page-altered'],
    [`copytax verify '${TRACE}'`],
    [`copytax compare '${RESULT}' '${RESULT}'`],
    [`copytax compare '${RESULT}' --sql tables`],
    [`copytax compare --json '${RESULT}' '${RESULT}'`],
    [`copytax plot '${RESULT}' --out "$1"`],
    [`copytax ${COPIES}`],
    ['dev stress --seconds 1 --design bounce --cpus 1'],
    ['dev explore --seeds 1'],
  ])('is one line on stderr and exit code 1 from `%s`', async (command) => {
    const { code, stdout, stderr } = await shell(`${command} > /dev/full`, scratchFolder());
    const lines = stderr.split('\n').filter((line) => /standard output/.test(line));
    expect(lines).toEqual([expect.stringContaining('cannot write the standard output (ENOSPC)')]);
    expect({ code, stdout, hasStack: /^ +at /m.test(stderr) }).toEqual({ code: 1, stdout: '', hasStack: false });
  });
});

describe('a script of the package', () => {
  itFull('says in one line, with exit code 1, that the standard output is full', async () => {
    const program = "const { guardStderr, guardStdout } = require('./streams.cjs'); guardStderr(); guardStdout();";
    const run = (redirected: string) =>
      shell(
        `cd "$1/scripts"; '${process.execPath}' -e "$2" ${redirected}`,
        ROOT,
        `${program} process.stdout.write('a')`,
      );
    expect(await run('> /dev/full')).toEqual({
      code: 1,
      stdout: '',
      stderr: 'copytax: cannot write the standard output (ENOSPC)\n',
    });
    expect(await run('> /dev/full 2>/dev/full')).toEqual({ code: 1, stdout: '', stderr: '' });
  });
});

describe('a standard error that takes nothing', () => {
  const ways: [string, string][] = [
    ['closed', '2>&-'],
    ['a pipe whose reader has left', '2> >(exec true)'],
  ];
  if (hasFull) ways.push(['full', '2>/dev/full']);

  it.each(ways)('and is %s does not change what bench does', async (_what, redirected) => {
    const file = join(scratchFolder(), 'a.json');
    const { code, stdout } = await shell(`copytax ${COPIES} --json "$1" ${redirected}`, file);
    expect(code).toBe(0);
    expect(stdout).toContain('a lower bound of the cost of bouncing');
    expect(readResult(file).complete).toBe(true);
  });

  it.each(ways)('and is %s does not change the exit code of wrong usage', async (_what, redirected) => {
    expect(await shell(`sleep 0.1; copytax bnech ${redirected}`)).toEqual({ code: 2, stdout: '', stderr: '' });
  });

  it.each(ways)('and is %s does not end a search of schedules', async (_what, redirected) => {
    expect(await shell(`dev explore --seeds 2 ${redirected}`)).toMatchObject({
      code: 0,
      stdout: '2 passed, 0 failed\n',
    });
  });
});

describe('a standard output that is read slowly', () => {
  it('gets all of what a command prints that then fails', async () => {
    const command = `copytax compare --json --all '${RESULT}' '${OTHER}' --fail-if '*:ratio < 0.9'`;
    const { code, stdout } = await shell(`set -o pipefail; ${command} | (sleep 1; cat)`);
    expect(stdout.length).toBeGreaterThan(1 << 16);
    expect(() => JSON.parse(stdout)).not.toThrow();
    expect(code).toBe(1);
  });
});

describe('a result', () => {
  it('goes through a pipe to a program, without the report', async () => {
    const { code, stdout, stderr } = await shell(`set -o pipefail; copytax ${COPIES} --json /dev/stdout | cat`);
    expect({ code, complete: JSON.parse(stdout).complete }).toEqual({ code: 0, complete: true });
    expect(stderr).toContain('a lower bound of the cost of bouncing');
  });

  it('goes to a file that is the standard output, whole', async () => {
    const file = join(scratchFolder(), 'a.json');
    expect((await shell(`copytax ${COPIES} --json /dev/stdout > "$1"`, file)).code).toBe(0);
    expect(readResult(file).complete).toBe(true);
  });

  it('goes through the pipe of a process substitution', async () => {
    const file = join(scratchFolder(), 'a.json.gz');
    const { code } = await shell(`copytax ${COPIES} --json >(gzip > "$1"); r=$?; wait $!; exit $r`, file);
    expect(code).toBe(0);
    expect(readResult(file).complete).toBe(true);
  });

  it('goes to the reader of a named pipe, and is refused at once without one', async () => {
    const folder = scratchFolder();
    const piped = `cd "$1"; mkfifo p; cat p > a.json & copytax ${COPIES} --json p; r=$?; wait; exit $r`;
    expect((await shell(piped, folder)).code).toBe(0);
    expect(readResult(join(folder, 'a.json')).complete).toBe(true);
    const { code, stdout, stderr } = await shell(`cd "$1"; copytax ${COPIES} --json p`, folder);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/^copytax: ERR_RESULT_FILE: cannot write p \(ENXIO\)\. Start what reads from it first.*\n$/);
  });
});

describe('a run that measured nothing', () => {
  it.each([
    ['INT', 130],
    ['TERM', 143],
    ['HUP', 129],
  ])('because of SIG%s leaves a result that is there as it is', async (signal, expected) => {
    const file = join(scratchFolder(), 'a.json');
    const before = JSON.stringify(resultOf(designCells(), copyCells()));
    writeFileSync(file, before);
    chmodSync(file, 0o600);
    const { ino } = statSync(file);
    // At the first line of progress nothing is measured yet.
    const stop = `exec 3< <(exec 2>&1 >/dev/null
        exec '${process.execPath}' "$2" bench --quick --only tx-designs --json "$1")
      p=$!; read -r line <&3; kill -${signal} $p; cat <&3; wait $p`;
    const main = fileURLToPath(new URL('../../../lib/cli/main.js', import.meta.url));
    expect((await shell(stop, file, main)).code).toBe(expected);
    expect(readFileSync(file, 'utf8')).toBe(before);
    expect(statSync(file)).toMatchObject({ ino, mode: 0o100600 });
  });
});

describe('a picture that does not fit on the disk', () => {
  it('is not there in part, and the remedy is for that', async () => {
    const folder = scratchFolder();
    const { code, stderr } = await shell(`ulimit -f 4; copytax plot '${RESULT}' --out "$1"`, folder);
    expect(code).toBe(1);
    expect(stderr).toMatch(/\(EFBIG\)\. Raise the limit on the size of files/);
    expect(readdirSync(folder)).toEqual([]);
  });
});
