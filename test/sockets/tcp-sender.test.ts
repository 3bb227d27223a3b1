import { constants } from 'node:os';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Region } from '../../lib/memory/region.js';
import { TcpSender } from '../../lib/sockets/tcp-sender.js';
import { Receiver } from './fixtures/receiver.js';

const BYTES = 1 << 20;
const SEND = 'ERR_SOCKET';
const { ECONNREFUSED, ECONNRESET, EPIPE } = constants.errno;

describe('TcpSender', () => {
  it.each([false, true])('delivers the bytes of any range, in order, with zeroCopy %p', async (zeroCopy) => {
    await using receiver = await Receiver.open('tcp');
    using region = Region.create({ bytes: BYTES, lock: 'no' });
    using sender = TcpSender.connect({ address: receiver.address, port: receiver.port, zeroCopy });
    const range = fc.record({ offset: fc.nat(BYTES - 1), length: fc.integer({ min: 1, max: BYTES }) });
    const property = fc.asyncProperty(range, async ({ offset, length }) => {
      const bytes = Math.min(length, BYTES - offset);
      sender.sendAll(region, { offset, bytes });
      const arrived = await receiver.take(bytes);
      expect(arrived.equals(region.view(offset, bytes))).toBe(true);
    });
    await fc.assert(property, { numRuns: 20 });
    const isDone = sender.awaitCompletions(60_000);
    const { sends, completed, copied } = sender.completions();
    expect({ isDone, completed, isUsed: sends > 0 }).toEqual({ isDone: true, completed: sends, isUsed: zeroCopy });
    // For a receiver on the same host Linux copies all that it was to send without a copy.
    expect(copied).toBe(sends);
  });

  it('has all that it took delivered when it is closed, and the region too', async () => {
    await using receiver = await Receiver.open('tcp', true);
    const region = Region.create({ bytes: BYTES, lock: 'no' });
    const expected = Buffer.from(region.view());
    const sender = TcpSender.connect({ address: receiver.address, port: receiver.port, zeroCopy: true });
    const taken = sender.send(region);
    region.close();
    sender.close();
    await receiver.connected();
    receiver.order('read');
    expect((await receiver.take(taken)).equals(expected.subarray(0, taken))).toBe(true);
    await receiver.ended();
  });

  it.each([false, true])(
    'takes 0 bytes while there is no room, with zeroCopy %p, and goes on then',
    async (zeroCopy) => {
      await using receiver = await Receiver.open('tcp', true);
      using region = Region.create({ bytes: BYTES * 32, lock: 'no' });
      const sender = TcpSender.connect({ address: receiver.address, port: receiver.port, zeroCopy });
      await receiver.connected();
      let bytesTaken = -1;
      try {
        sender.sendAll(region, {}, { timeoutMs: 300 });
      } catch (error) {
        expect(error).toMatchObject({ code: 'ERR_TIMED_OUT', details: { bytes: region.bytes } });
        expect((error as Error).message).toMatch(/Linux took \d+ of 33554432 bytes in 300 ms/);
        bytesTaken = (error as { details: { bytesTaken: number } }).details.bytesTaken;
      }
      expect(bytesTaken).toBeGreaterThan(0);
      // Linux tells of room once there is more of it than some bytes.
      for (let some = -1; some !== 0; bytesTaken += some) some = sender.send(region, { offset: bytesTaken });
      expect(sender.awaitRoom(0)).toBe(false);
      const begin = performance.now();
      expect(sender.awaitRoom(50)).toBe(false);
      expect(performance.now() - begin).toBeGreaterThanOrEqual(49);
      if (zeroCopy) expect(sender.awaitCompletions(0)).toBe(false);
      receiver.order('read');
      expect(sender.awaitRoom(60_000)).toBe(true);
      sender.sendAll(region, { offset: bytesTaken }, { timeoutMs: 60_000 });
      expect((await receiver.take(region.bytes)).equals(region.view())).toBe(true);
      sender.close();
    },
  );

  it('throws for a receiver that is not there, and for one that has gone', async () => {
    const receiver = await Receiver.open('tcp');
    const to = { address: receiver.address, port: receiver.port };
    using region = Region.create({ bytes: BYTES, lock: 'no' });
    using sender = TcpSender.connect(to);
    await receiver.connected();
    receiver.order('end');
    await receiver.exit();
    const details = { errno: expect.any(Number), syscall: 'send', bytesTaken: expect.any(Number) };
    const send = () => {
      for (;;) sender.sendAll(region);
    };
    expect(send).toThrow(expect.objectContaining({ code: SEND, details: expect.objectContaining(details) }));
    expect(() => sender.sendAll(region)).toThrow(/0 of 1048576 bytes were taken before/);
    try {
      sender.send(region);
    } catch (error) {
      const { errno } = (error as { details: { errno: number } }).details;
      expect([ECONNRESET, EPIPE]).toContain(errno);
      expect((error as { remedy: string }).remedy).toMatch(/connect again/);
    }
    const refused = expect.objectContaining({ details: expect.objectContaining({ errno: ECONNREFUSED }) });
    expect(() => TcpSender.connect(to)).toThrow(refused);
    expect(() => TcpSender.connect(to)).toThrow(/cannot send to 127\.0\.0\.1 port \d+: .*refused/);
  });
});
