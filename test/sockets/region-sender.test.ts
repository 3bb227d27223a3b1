import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { inspect } from 'node:util';
import { Worker } from 'node:worker_threads';
import { describe, expect, it } from '@jest/globals';
import { Region } from '../../lib/memory/region.js';
import { TcpSender } from '../../lib/sockets/tcp-sender.js';
import { UdpSender } from '../../lib/sockets/udp-sender.js';
import { Receiver } from './fixtures/receiver.js';

const TO = { address: '127.0.0.1', port: 9 };
const openSockets = () => {
  return readdirSync('/proc/self/fd').length;
};
const thrownBy = (call: () => unknown) => {
  try {
    call();
  } catch (error) {
    return (error as { code: string }).code;
  }
  return null;
};
const any = <T>(value: unknown) => value as T;

describe('a sender', () => {
  it('sends in a worker thread, with which it is closed', async () => {
    await using receiver = await Receiver.open('tcp');
    using region = Region.create({ bytes: 2 ** 20, lock: 'no' });
    const url = new URL('fixtures/sending-worker.js', import.meta.url);
    const run = async () => {
      const worker = new Worker(url, { workerData: { region: region.id, port: receiver.port } });
      await once(worker, 'exit');
      const arrived = await receiver.take(region.bytes);
      expect(arrived.equals(region.view())).toBe(true);
      await receiver.ended();
    };
    await run();
    const before = openSockets();
    await run();
    // The receiver's own end of a connection may still be closing.
    expect(openSockets()).toBeLessThan(before + 10);
  });

  it('leaves no file open', () => {
    UdpSender.open(TO).close();
    const before = openSockets();
    for (let i = 0; i < 1000; i++) {
      using sender = UdpSender.open({ ...TO, zeroCopy: i % 2 === 0 });
      expect(sender.closed).toBe(false);
    }
    expect(openSockets()).toBe(before);
  });

  it('is closed once, and says so from then on', () => {
    using region = Region.create({ bytes: 4096, lock: 'no' });
    const sender = UdpSender.open(TO);
    sender.close();
    sender.close();
    expect(sender.closed).toBe(true);
    const uses: (() => unknown)[] = [
      () => sender.send(region),
      () => sender.sendAll(region),
      () => sender.awaitRoom(0),
      () => sender.completions(),
      () => sender.awaitCompletions(0),
    ];
    expect(uses.map(thrownBy)).toEqual(uses.map(() => 'ERR_SOCKET_CLOSED'));
  });

  it('refuses a region that is closed', () => {
    using sender = UdpSender.open(TO);
    const region = Region.create({ bytes: 4096, lock: 'no' });
    using other = Region.attach(region.id);
    region.close();
    expect(thrownBy(() => sender.send(region))).toBe('ERR_REGION_CLOSED');
    expect(sender.send(other)).toBe(4096);
  });

  it('cannot be posted to another thread, and is shown by its name', () => {
    using sender = UdpSender.open(TO);
    expect(() => structuredClone(sender)).toThrow(/a UdpSender cannot be posted: make one in the other thread/);
    expect(inspect(sender)).toBe('{ UdpSender: { closed: false } }');
    expect(JSON.stringify(sender)).toBe('{"closed":false}');
  });

  it.each([
    ['ERR_INVALID_ARG_TYPE', {}],
    ['ERR_INVALID_ARG_TYPE', null],
    ['ERR_INVALID_ARG_TYPE', { ...TO, address: 5 }],
    ['ERR_INVALID_ARG_TYPE', { ...TO, port: '9' }],
    ['ERR_INVALID_ARG_TYPE', { ...TO, zeroCopy: 1 }],
    ['ERR_OUT_OF_RANGE', { ...TO, address: '::1' }],
    ['ERR_OUT_OF_RANGE', { ...TO, address: 'localhost' }],
    ['ERR_OUT_OF_RANGE', { ...TO, address: '256.1.1.1' }],
    ['ERR_OUT_OF_RANGE', { ...TO, port: 0 }],
    ['ERR_OUT_OF_RANGE', { ...TO, port: 65536 }],
    ['ERR_OUT_OF_RANGE', { ...TO, bufferBytes: 0 }],
    ['ERR_OUT_OF_RANGE', { ...TO, bufferBytes: 2 ** 31 }],
    ['ERR_UNKNOWN_OPTION', { ...TO, zerocopy: true }],
  ])('is refused with %s for %j', (code, options) => {
    expect([thrownBy(() => UdpSender.open(any(options))), thrownBy(() => TcpSender.connect(any(options)))]).toEqual([
      code,
      code,
    ]);
  });

  it('says what does speak IPv6, and what looks up names', () => {
    expect(() => UdpSender.open({ ...TO, address: '::1' })).toThrow(/IPv6.*sendRegion/);
    expect(() => UdpSender.open({ ...TO, address: 'a.example' })).toThrow(/dns\.lookup/);
  });

  it('is refused for options of the other kind, and out of their range', () => {
    expect([
      thrownBy(() => UdpSender.open({ ...TO, segmentBytes: 0 })),
      thrownBy(() => UdpSender.open({ ...TO, segmentBytes: 65508 })),
      thrownBy(() => UdpSender.open(any({ ...TO, timeoutMs: 5 }))),
      thrownBy(() => TcpSender.connect(any({ ...TO, segmentBytes: 5 }))),
      thrownBy(() => TcpSender.connect({ ...TO, timeoutMs: 60_001 })),
      thrownBy(() => TcpSender.connect({ ...TO, timeoutMs: -1 })),
    ]).toEqual([
      'ERR_OUT_OF_RANGE',
      'ERR_OUT_OF_RANGE',
      'ERR_UNKNOWN_OPTION',
      'ERR_UNKNOWN_OPTION',
      'ERR_OUT_OF_RANGE',
      'ERR_OUT_OF_RANGE',
    ]);
  });

  it('refuses ranges, times and objects that are none', () => {
    using region = Region.create({ bytes: 4096, lock: 'no' });
    using sender = UdpSender.open(TO);
    const calls: [string, () => unknown][] = [
      ['ERR_INVALID_ARG_TYPE', () => sender.send(any({ id: region.id, bytes: 4096 }))],
      ['ERR_INVALID_ARG_TYPE', () => sender.send(any(undefined))],
      ['ERR_INVALID_ARG_TYPE', () => sender.send(region, any(null))],
      ['ERR_OUT_OF_RANGE', () => sender.send(region, { offset: 4096 })],
      ['ERR_OUT_OF_RANGE', () => sender.send(region, { offset: -1 })],
      ['ERR_OUT_OF_RANGE', () => sender.send(region, { offset: 0.5 })],
      ['ERR_OUT_OF_RANGE', () => sender.send(region, { bytes: 0 })],
      ['ERR_OUT_OF_RANGE', () => sender.send(region, { offset: 1, bytes: 4096 })],
      ['ERR_OUT_OF_RANGE', () => sender.send(region, { bytes: any('1') })],
      ['ERR_UNKNOWN_OPTION', () => sender.send(region, any({ length: 5 }))],
      ['ERR_OUT_OF_RANGE', () => sender.sendAll(region, {}, { timeoutMs: -1 })],
      ['ERR_UNKNOWN_OPTION', () => sender.sendAll(region, {}, any({ timeout: 1 }))],
      ['ERR_OUT_OF_RANGE', () => sender.awaitRoom(any(undefined))],
      ['ERR_OUT_OF_RANGE', () => sender.awaitCompletions(60_001)],
    ];
    expect(calls.map(([, call]) => thrownBy(call))).toEqual(calls.map(([code]) => code));
  });
});
