import { spawnSync } from 'node:child_process';
import { describe, expect, it } from '@jest/globals';
import { CLEAN, runFixture } from '../lifecycle/run-fixture.js';

const LIMIT_KIB = 64;
const limited = ['sh', '-c', `ulimit -l ${LIMIT_KIB} && exec "$@"`, 'sh'];
/** Root without the right to lock what it likes, which a limit does not hold for otherwise. */
const unprivileged = ['setpriv', '--inh-caps=-ipc_lock', '--bounding-set=-ipc_lock'];
const prefix = process.getuid?.() === 0 ? [...unprivileged, ...limited] : limited;
const isPossible = spawnSync(prefix[0]!, [...prefix.slice(1), 'true']).status === 0;
if (!isPossible) console.warn(`SKIPPED: this test must be able to run \`${prefix.join(' ')} true\``);

describe('a user who may lock next to nothing', () => {
  (isPossible ? it : it.skip)('runs trials all the same, in memory that is not locked and says so', async () => {
    const { stdout, ...ending } = await runFixture(new URL('./fixtures/unlocked.js', import.meta.url), { prefix });
    expect(ending).toEqual(CLEAN);
    expect(JSON.parse(stdout)).toEqual({ locked: false, limitBytes: LIMIT_KIB * 1024 });
  });
});
