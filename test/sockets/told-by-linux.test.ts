/** What senders make of what Linux tells them, on calls of the addon that a test plays: no host tells all of it. */
import { constants } from 'node:os';
import { describe, expect, it, jest } from '@jest/globals';
import * as real from '../../lib/addon/addon.js';
import { Region } from '../../lib/memory/region.js';
import { MIB } from '../../lib/units.js';

const played = {
  ...real.addon(),
  socketConnect: () => 7,
  socketClose: () => {},
  socketSend: (_handle: number, _region: number, _offset: number, bytes: number) => bytes,
  socketAwaitRoom: (_handle: number, _timeoutMs: number) => true,
  socketCompletions: (_handle: number) => ({ sends: 0, completed: 0, copied: 0 }),
};
jest.unstable_mockModule('../../lib/addon/addon.js', () => ({ ...real, addon: () => played }));
const { TcpSender } = await import('../../lib/sockets/tcp-sender.js');
const { UdpSender } = await import('../../lib/sockets/udp-sender.js');

const TO = { address: '127.0.0.1', port: 9 };

describe('a sender', () => {
  it('counts sends, completions and copies by a counter each, also past 2^32', () => {
    using sender = TcpSender.connect({ ...TO, zeroCopy: true });
    const told = [
      { sends: 2 ** 32 - 1, completed: 2 ** 32 - 3, copied: 2 },
      { sends: 5, completed: 3, copied: 2 },
    ];
    const calls = jest.spyOn(played, 'socketCompletions').mockImplementation(() => told.shift()!);
    expect(sender.completions()).toEqual({ sends: 2 ** 32 - 1, completed: 2 ** 32 - 3, copied: 2 });
    expect(sender.completions()).toEqual({ sends: 2 ** 32 + 5, completed: 2 ** 32 + 3, copied: 2 });
    calls.mockRestore();
  });

  it.each([
    [true, MIB],
    [false, 3 * MIB],
  ])('offers Linux at most 1 MiB in a call if it sends without a copy: with zeroCopy %p', (zeroCopy, bytes) => {
    using region = Region.create({ bytes: 3 * MIB, lock: 'no' });
    using sender = TcpSender.connect({ ...TO, zeroCopy });
    expect(sender.send(region)).toBe(bytes);
  });

  it('waits for room as long as it was told to, all waits together', () => {
    using region = Region.create({ bytes: 4096, lock: 'no' });
    using sender = TcpSender.connect(TO);
    let nowMs = 0;
    const waits: number[] = [];
    const clock = jest.spyOn(performance, 'now').mockImplementation(() => nowMs);
    const sends = jest.spyOn(played, 'socketSend').mockReturnValue(0);
    const rooms = jest.spyOn(played, 'socketAwaitRoom').mockImplementation((_handle, timeoutMs) => {
      waits.push(timeoutMs);
      nowMs += 100;
      return waits.length < 10;
    });
    try {
      const details = { bytesTaken: 0, timeoutMs: 300 };
      expect(() => sender.sendAll(region, {}, { timeoutMs: 300 })).toThrow(
        expect.objectContaining({ code: 'ERR_TIMED_OUT', details: expect.objectContaining(details) }),
      );
    } finally {
      for (const spy of [clock, sends, rooms]) spy.mockRestore();
    }
    expect(waits).toEqual([300, 200, 100]);
  });

  it.each([
    ['EMSGSIZE', true],
    ['EINVAL', true],
    ['ENOBUFS', false],
  ] as const)('says that segments do not fit the interface where Linux says %s: %p', (name, isTold) => {
    using region = Region.create({ bytes: 4096, lock: 'no' });
    using sender = UdpSender.open({ ...TO, segmentBytes: 4000 });
    const sends = jest.spyOn(played, 'socketSend').mockImplementation(() => {
      const details = { errno: constants.errno[name], syscall: 'send' };
      throw Object.assign(new Error('cannot send'), { code: 'ERR_SOCKET', details });
    });
    let message = '';
    try {
      sender.send(region);
    } catch (error) {
      ({ message } = error as Error);
    } finally {
      sends.mockRestore();
    }
    expect(message).toBe(isTold ? 'segments of 4000 bytes do not fit the interface: cannot send' : 'cannot send');
  });
});
