import { describe, expect, it } from '@jest/globals';
import { CLEAN, lifecycle } from './run-fixture.js';

/** Each case is a process of its own. */
describe('a region', () => {
  it.each([
    ['can be closed twice, and refuses use after that', 'close'],
    [
      'stays intact when workers close it, leave it open, or are terminated in a copy, before the main thread ends',
      'worker-first',
    ],
    ['outlives its closing by the main thread while a worker copies', 'main-first'],
    ['is freed when its worker ends without closing it', 'workers-leak-nothing'],
    ['survives workers that are terminated inside native calls', 'terminate-anywhere'],
    ['keeps its buffer when a script posts it', 'transfer'],
    ['causes no fault when a script moves its memory away', 'moved-away'],
    ['is shared by two copies of the addon in one thread', 'loaded-twice'],
  ])('%s', async (_, name) => {
    expect(await lifecycle(name)).toMatchObject(CLEAN);
  });

  it.each([
    ['random bytes', null],
    ['zlib', { foreign: 0 }],
    ['socket', { foreign: 0 }],
    ['socket with a lease', { foreign: 0, zeros: 0, own: 2 ** 26 }],
    ['file write', { foreign: 0, short: 0 }],
    ['file read', { short: 0 }],
  ])('may be closed while Node has its bytes in flight (%s): no fault, and no bytes of another', async (act, told) => {
    const { stdout, ...ending } = await lifecycle('close-in-flight', { args: [act] });
    expect(ending).toMatchObject(CLEAN);
    if (told === null) expect(stdout).toBe('null\n');
    else expect(JSON.parse(stdout)).toMatchObject(told);
  });

  it('is collected as garbage only without a live view', async () => {
    expect(await lifecycle('garbage', { flags: ['--expose-gc'] })).toMatchObject(CLEAN);
  });

  it.each(['natural end', 'exit call', 'exit call with a worker copying', 'signal'])(
    'may be open when the process ends by: %s',
    async (act) => {
      expect(await lifecycle('leave-open', { args: [act] })).toMatchObject(CLEAN);
    },
  );
});
