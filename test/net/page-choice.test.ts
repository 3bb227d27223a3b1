import { describe, expect, it } from '@jest/globals';
import { NO_DEVICE } from '../../lib/device/device-table.js';
import type { LearnedDevices } from '../../lib/net/learned-device.js';
import { LearnedSource, OneSource } from '../../lib/net/page-choice.js';
import type { PageSource } from '../../lib/page/page-source.js';
import { testCpu } from '../smp/fixtures/cpus.js';

const source = (name: string) => ({ name }) as unknown as PageSource;

describe('OneSource', () => {
  it('is the same source for every socket, and no task drops a page for it', () => {
    const only = source('only');
    const choice = new OneSource(only);
    expect({ sourceForOf0: choice.sourceFor(0), sourceForOf9: choice.sourceFor(9) }).toEqual({
      sourceForOf0: only,
      sourceForOf9: only,
    });
    expect({ isStrict: choice.isStrict, isPublic: choice.isPublic(0) }).toEqual({ isStrict: false, isPublic: true });
  });
});

describe('LearnedSource', () => {
  const cpu = testCpu();
  const [ordinary, first, second] = [source('ordinary'), source('of device 1'), source('of device 2')];
  const known = [NO_DEVICE, 1, 2];
  const choiceOf = (flavour: LearnedDevices['flavour']) => {
    const learned = {
      flavour,
      usable: (asking: unknown, socket: number) => (asking === cpu ? known[socket] : undefined),
      isPrivate: (socket: number) => socket === 2,
    };
    return new LearnedSource(cpu, learned as unknown as LearnedDevices, ordinary, [first, second]);
  };

  it('chooses pages of the device that a socket knows, and ordinary ones when it knows none', () => {
    const choice = choiceOf('hardened');
    expect([0, 1, 2].map((socket) => choice.sourceFor(socket))).toEqual([ordinary, first, second]);
    expect([0, 1, 2].map((socket) => choice.isPublic(socket))).toEqual([true, true, false]);
  });

  it('follows what the socket knows at the time', () => {
    const choice = choiceOf('hardened');
    known[1] = NO_DEVICE;
    expect(choice.sourceFor(1)).toBe(ordinary);
    known[1] = 1;
    expect(choice.sourceFor(1)).toBe(first);
  });

  it('is strict in the hardened flavour only', () => {
    expect([choiceOf('hardened').isStrict, choiceOf('faithful').isStrict]).toEqual([true, false]);
  });
});
