import { spawnSync } from 'node:child_process';
import { describe, expect, it } from '@jest/globals';
import { CLEAN, runFixture } from '../lifecycle/run-fixture.js';

const LIMIT_KIB = 64;
const limited = ['sh', '-c', `ulimit -l ${LIMIT_KIB} && exec "$@"`, 'sh'];
/** Root without the right to lock any memory: otherwise no limit applies to root. */
const unprivileged = ['setpriv', '--inh-caps=-ipc_lock', '--bounding-set=-ipc_lock'];
const prefix = process.getuid?.() === 0 ? [...unprivileged, ...limited] : limited;
const isPossible = spawnSync(prefix[0]!, [...prefix.slice(1), 'true']).status === 0;
if (!isPossible) console.warn(`SKIPPED: this test must be able to run \`${prefix.join(' ')} true\``);

describe('a process that may lock hardly any memory', () => {
  (isPossible ? it : it.skip)('runs trials all the same, in memory that is not locked, and says so', async () => {
    const { stdout, ...exit } = await runFixture(new URL('./fixtures/unlocked.js', import.meta.url), { prefix });
    expect(exit).toEqual(CLEAN);
    expect(JSON.parse(stdout)).toEqual({ locked: false, limitBytes: LIMIT_KIB * 1024 });
  });
});
