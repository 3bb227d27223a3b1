import { describe, expect, it } from '@jest/globals';
import { CLEAN, lifecycle } from './run-fixture.js';

describe('the life of a region, each in a process of its own', () => {
  it.each([
    ['create, attach, close, close twice, use after close', 'close'],
    ['workers go first, politely, impolitely or terminated while they copy', 'worker-first'],
    ['the main thread closes first', 'main-first'],
    ['workers leave their regions open and nothing piles up', 'workers-leak-nothing'],
    ['workers are terminated inside native calls', 'terminate-anywhere'],
    ['posting the buffer', 'transfer'],
    ['a script moves the memory away', 'moved-away'],
    ['the addon is loaded twice in one thread', 'loaded-twice'],
  ])('%s', async (_, name) => {
    expect(await lifecycle(name)).toMatchObject(CLEAN);
  });

  it('garbage collection, with a live view and without', async () => {
    expect(await lifecycle('garbage', { flags: ['--expose-gc'] })).toMatchObject(CLEAN);
  });

  it.each(['natural end', 'exit call', 'exit call with a worker copying', 'signal'])(
    'the process ends with regions open: %s',
    async (act) => {
      expect(await lifecycle('leave-open', { args: [act] })).toMatchObject(CLEAN);
    },
  );
});
