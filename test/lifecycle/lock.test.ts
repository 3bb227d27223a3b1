import { spawnSync } from 'node:child_process';
import { describe, expect, it } from '@jest/globals';
import { CLEAN, lifecycle } from './run-fixture.js';

const LIMIT_KIB = 1024;
const LIMITED = ['sh', '-c', `ulimit -l ${LIMIT_KIB} && exec "$@"`, 'sh'];
/** Root may lock any amount. Without that right, the limit holds for root, too. */
const UNPRIVILEGED = ['setpriv', '--inh-caps=-ipc_lock', '--bounding-set=-ipc_lock'];
const isRoot = process.getuid?.() === 0;
const prefix = isRoot ? [...UNPRIVILEGED, ...LIMITED] : LIMITED;
const limitable = spawnSync(prefix[0]!, [...prefix.slice(1), 'true']).status === 0;

describe('a memlock limit of 1 MiB', () => {
  if (!limitable) console.warn(`SKIPPED: this test must be able to run \`${prefix.join(' ')} true\``);

  (limitable ? it : it.skip)('is reported with errno, limit and remedy, and only "must" throws', async () => {
    const { stdout, ...ending } = await lifecycle('lock-refused', { prefix });
    expect(ending).toMatchObject(CLEAN);
    const { tried, small, must } = JSON.parse(stdout);
    const limitBytes = LIMIT_KIB * 1024;
    expect(tried).toMatchObject({ locked: false, bytes: 4 << 20, refusal: { errno: 12, limitBytes } });
    expect(tried.refusal.remedy).toMatch(/ulimit -l/);
    expect(small).toEqual({ locked: true, refusal: null });
    expect(must).toMatchObject({ code: 'ERR_REGION_LOCK', details: { errno: 12, syscall: 'mlock', limitBytes } });
    expect(must.message).toContain(String(limitBytes));
  });
});
