import { constants } from 'node:os';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Region } from '../../lib/memory/region.js';
import { UdpSender } from '../../lib/sockets/udp-sender.js';
import { Receiver } from './fixtures/receiver.js';

/** What fits into a receive buffer as Linux has it, also as the smallest datagrams of these tests. */
const MOST = 60_000;

describe('UdpSender', () => {
  it.each([false, true])('sends any range as one datagram, with zeroCopy %p', async (zeroCopy) => {
    await using receiver = await Receiver.open('udp');
    using region = Region.create({ bytes: MOST * 2, lock: 'no' });
    using sender = UdpSender.open({ address: receiver.address, port: receiver.port, zeroCopy });
    const range = fc.record({ offset: fc.nat(MOST), bytes: fc.integer({ min: 1, max: MOST }) });
    const property = fc.asyncProperty(range, async ({ offset, bytes }) => {
      expect(sender.send(region, { offset, bytes })).toBe(bytes);
      const [datagram] = await receiver.datagrams(1);
      expect(datagram!.equals(region.view(offset, bytes))).toBe(true);
    });
    await fc.assert(property, { numRuns: 20 });
    const isDone = sender.awaitCompletions(60_000);
    expect({ isDone, ...sender.completions(), copied: 0 }).toEqual({
      isDone: true,
      sends: zeroCopy ? 20 : 0,
      completed: zeroCopy ? 20 : 0,
      copied: 0,
    });
  });

  it.each([false, true])('has Linux cut what it sends, with zeroCopy %p', async (zeroCopy) => {
    await using receiver = await Receiver.open('udp');
    using region = Region.create({ bytes: MOST * 2, lock: 'no' });
    const range = fc.record({
      offset: fc.nat(MOST),
      bytes: fc.integer({ min: 1, max: MOST }),
      segmentBytes: fc.integer({ min: 1000, max: 16_000 }),
    });
    const property = fc.asyncProperty(range, async ({ offset, bytes, segmentBytes }) => {
      using sender = UdpSender.open({ address: receiver.address, port: receiver.port, segmentBytes, zeroCopy });
      sender.sendAll(region, { offset, bytes });
      const datagrams = await receiver.datagrams(Math.ceil(bytes / segmentBytes));
      const lengths = datagrams.map(({ length }) => length);
      const last = lengths.pop()!;
      expect(lengths.every((length) => length === segmentBytes)).toBe(true);
      expect(last).toBe(bytes - lengths.length * segmentBytes);
      expect(Buffer.concat(datagrams).equals(region.view(offset, bytes))).toBe(true);
      expect(sender.awaitCompletions(60_000)).toBe(true);
    });
    await fc.assert(property, { numRuns: 15 });
  });

  it('takes whole datagrams at once: at most 64, and at most 65507 bytes', async () => {
    await using receiver = await Receiver.open('udp');
    using region = Region.create({ bytes: 2 ** 20, lock: 'no' });
    const to = { address: receiver.address, port: receiver.port };
    using small = UdpSender.open({ ...to, segmentBytes: 100 });
    using large = UdpSender.open({ ...to, segmentBytes: 30_000 });
    expect([small.send(region), large.send(region)]).toEqual([6400, 60_000]);
    expect((await receiver.datagrams(66)).map(({ length }) => length)).toEqual([
      ...new Array(64).fill(100),
      30_000,
      30_000,
    ]);
  });

  it('says what the limit is of a datagram that is too large', () => {
    using region = Region.create({ bytes: 2 ** 20, lock: 'no' });
    using sender = UdpSender.open({ address: '127.0.0.1', port: 9 });
    expect(() => sender.send(region)).toThrow(/at most 65507 bytes, not 1048576.*segmentBytes/);
    expect(() => sender.send(region)).toThrow(expect.objectContaining({ code: 'ERR_OUT_OF_RANGE' }));
  });

  it('tells later that no program listened, and sends on', async () => {
    const receiver = await Receiver.open('udp');
    const to = { address: receiver.address, port: receiver.port };
    receiver.order('end');
    await receiver.exit();
    using region = Region.create({ bytes: 4096, lock: 'no' });
    using sender = UdpSender.open(to);
    expect(sender.send(region)).toBe(4096);
    const { ECONNREFUSED } = constants.errno;
    const refused = { code: 'ERR_SOCKET', details: expect.objectContaining({ errno: ECONNREFUSED, syscall: 'send' }) };
    expect(sender.awaitRoom(60_000)).toBe(true);
    expect(() => sender.send(region)).toThrow(expect.objectContaining(refused));
    expect(sender.send(region)).toBe(4096);
  });
});
