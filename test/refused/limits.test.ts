import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { copytax } from '../support/run-copytax.js';

const LIMITER = fileURLToPath(new URL('fixtures/no-more-threads.js', import.meta.url));
const NO_MORE_FILES = fileURLToPath(new URL('fixtures/no-more-files.js', import.meta.url));
/** Linux limits the threads of every user but root. */
const asAnother = ['setpriv', '--reuid', '54321', '--regid', '54321', '--clear-groups'];
const prefix = process.getuid?.() === 0 ? asAnother : [];
const [first, ...others] = [...prefix, 'sh', '-c', 'test -r "$0" && command -v prlimit', LIMITER];
const isPossible = spawnSync(first!, others).status === 0;
if (!isPossible) console.warn(`SKIPPED: this test must be able to run \`${first} ${others.join(' ')}\``);

const TX = ['bench', '--quick', '--rounds', '1', '--only', 'tx-designs'];

/** Returns what a Node that does nothing has of addresses, KiB. */
function plainKb(): number {
  const script = "fs.readFileSync('/proc/self/status', 'utf8').match(/VmPeak:\\s+(\\d+)/)[1]";
  return Number(spawnSync(process.execPath, ['-p', script], { encoding: 'utf8' }).stdout);
}

describe('a run that may start no more', () => {
  (isPossible ? it : it.skip)('threads says so in one line, with the remedy', async () => {
    const { code, stderr } = await copytax(TX, { prefix, flags: ['--import', LIMITER] });
    expect(code).toBe(1);
    expect(stderr).toMatch(/^copytax: ERR_NO_THREAD: .*EAGAIN.* Raise the limit on threads .*ulimit -u.*$/m);
    expect(stderr).not.toMatch(/^ +at /m);
  });

  it('files says so in one line, with the remedy', async () => {
    const few = ['bash', '-c', 'ulimit -n 256; exec "$@"', 'bash'];
    const { code, stderr } = await copytax(TX, { prefix: few, flags: ['--import', NO_MORE_FILES] });
    expect(code).toBe(1);
    expect(stderr).toMatch(/^copytax: ERR_NO_THREAD: .*EMFILE.* Raise the limit on open files .*ulimit -n.*$/m);
    expect(stderr).not.toMatch(/^ +at /m);
  });

  it('files for its own modules says so in one line, with the remedy', () => {
    const args = ['-c', 'ulimit -n 24; exec "$@"', 'bash', process.execPath, 'scripts/copytax.cjs', 'machine'];
    const { NODE_OPTIONS: _ofJest, ...env } = process.env;
    const { status, stderr } = spawnSync('bash', args, { env, encoding: 'utf8' });
    expect(status).toBe(1);
    expect(stderr).toMatch(/^copytax: .*EMFILE.* Raise the limit on open files .*ulimit -n.*\n$/);
    expect(stderr).not.toMatch(/EMFILE.*EMFILE/);
  });

  it('addresses for a thread says so in one line, with the remedy', async () => {
    const few = ['sh', '-c', `ulimit -v ${plainKb() + 600 * 1024}; exec "$@"`, 'sh'];
    const { code, stderr } = await copytax(['doctor'], { prefix: few });
    expect(code).toBe(1);
    expect(stderr).toMatch(/^copytax: ERR_NO_THREAD: .* Raise the limit on addresses .*ulimit -v.*$/m);
    expect(stderr).not.toMatch(/^ +at |Fatal/m);
  });

  it('addresses for its own modules says so in one line, with the remedy', () => {
    const few = `ulimit -v ${plainKb() + 60 * 1024}; exec "$@"`;
    const { NODE_OPTIONS: _ofJest, ...env } = process.env;
    const args = ['-c', few, 'sh', process.execPath, 'scripts/copytax.cjs', 'doctor'];
    const { status, stderr } = spawnSync('sh', args, { env, encoding: 'utf8' });
    expect(stderr).toMatch(/^copytax: ERR_NO_THREAD: loading .* Raise the limit on addresses .*ulimit -v.*\n$/);
    expect(status).toBe(1);
  });
});
