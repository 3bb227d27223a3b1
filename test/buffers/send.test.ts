import { createSocket, type Socket } from 'node:dgram';
import { EventEmitter, once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket as TcpSocket } from 'node:net';
import { PassThrough, Writable } from 'node:stream';
import { describe, expect, it } from '@jest/globals';
import { type Datagram, sendRegion, writeRegion } from '../../lib/buffers/send.js';
import { Region } from '../../lib/memory/region.js';

const filled = (bytes: number, value: number) => {
  const region = Region.create({ bytes, lock: 'no' });
  region.view().fill(value);
  return region;
};

async function tcpPair(): Promise<{ client: TcpSocket; peer: TcpSocket; close: () => void }> {
  const server = createServer({ pauseOnConnect: true }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const client = connect((server.address() as AddressInfo).port, '127.0.0.1');
  const [[peer]] = (await Promise.all([once(server, 'connection'), once(client, 'connect')])) as [[TcpSocket], unknown];
  const close = () => {
    client.destroy();
    peer.destroy();
    server.close();
  };
  return { client, peer, close };
}

describe('writeRegion()', () => {
  it('delivers all bytes over TCP, although the region is closed while the peer does not read', async () => {
    const { client, peer, close } = await tcpPair();
    const region = filled(2 ** 24, 5);
    const written = writeRegion(client, region);
    region.close();
    filled(2 ** 24, 7).close();
    const seen = new Set<number>();
    let bytes = 0;
    peer.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      for (const value of chunk) seen.add(value);
    });
    peer.resume();
    client.end();
    await Promise.all([written, once(peer, 'end')]);
    expect([bytes, [...seen]]).toEqual([2 ** 24, [5]]);
    close();
  });

  it('rejects with the error of the stream, and gives the lease back', async () => {
    const region = filled(4096, 1);
    const view = region.view();
    const failing = new Writable({ write: (_chunk, _encoding, done) => done(new Error('no peer')) });
    failing.on('error', () => {});
    await expect(writeRegion(failing, region, { offset: 5, bytes: 7 })).rejects.toThrow('no peer');
    region.close();
    expect(view[0]).toBe(0);
    await expect(writeRegion(failing, region)).rejects.toMatchObject({ code: 'ERR_REGION_CLOSED' });
  });

  it('rejects when the stream is destroyed while it holds the bytes back, also those of a second write', async () => {
    const region = filled(4096, 1);
    const stream = new PassThrough({ highWaterMark: 1 });
    const written = [writeRegion(stream, region), writeRegion(stream, region)];
    stream.destroy();
    const settled = await Promise.allSettled(written);
    expect(settled.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(stream.listenerCount('close')).toBe(0);
    await region.closeWhenIdle();
  });

  it('leaves no listener behind, and counts on a call back that comes right after the stream was closed', async () => {
    const region = filled(4096, 1);
    const stream = Object.assign(new EventEmitter(), {
      write(_view: Uint8Array, done: () => void) {
        stream.emit('close');
        process.nextTick(done);
        return true;
      },
    });
    for (let times = 0; times < 3; times++) await writeRegion(stream as unknown as Writable, region);
    expect(stream.listenerCount('close')).toBe(0);
    await region.closeWhenIdle();
  });

  it('writes the range that is named, and refuses one that is not in the region', async () => {
    using region = filled(4096, 1);
    region.view(5, 2).set([8, 9]);
    const chunks: Buffer[] = [];
    const stream = new Writable({
      write(chunk, _encoding, done) {
        chunks.push(Buffer.from(chunk));
        done();
      },
    });
    await writeRegion(stream, region, { offset: 4, bytes: 4 });
    expect([...chunks[0]!]).toEqual([1, 8, 9, 1]);
    await expect(writeRegion(stream, region, { offset: 4097 })).rejects.toMatchObject({ code: 'ERR_OUT_OF_RANGE' });
    await expect(writeRegion(stream, region, { length: 3 } as never)).rejects.toMatchObject({
      code: 'ERR_UNKNOWN_OPTION',
    });
  });
});

describe('sendRegion()', () => {
  async function receiver(): Promise<{ socket: Socket; port: number }> {
    const socket = createSocket('udp4').bind(0, '127.0.0.1');
    await once(socket, 'listening');
    return { socket, port: socket.address().port };
  }

  it('sends datagrams to an address, or to where the socket is connected', async () => {
    const { socket, port } = await receiver();
    const sender = createSocket('udp4');
    const region = filled(4096, 3);
    const first = once(socket, 'message');
    await sendRegion(sender, region, { bytes: 1472, port, address: '127.0.0.1' });
    expect((await first)[0]).toEqual(Buffer.alloc(1472, 3));
    sender.connect(port, '127.0.0.1');
    await once(sender, 'connect');
    const second = once(socket, 'message');
    const sent = sendRegion(sender, region, { offset: 100, bytes: 8 });
    region.close();
    await sent;
    expect((await second)[0]).toEqual(Buffer.alloc(8, 3));
    sender.close();
    socket.close();
  });

  it('gives the socket port and address in its order, both or none', async () => {
    using region = filled(4096, 3);
    const given: unknown[][] = [];
    const socket = Object.assign(new EventEmitter(), {
      send(view: Uint8Array, ...more: unknown[]) {
        given.push([view.byteLength, ...more.slice(0, -1)]);
        (more.at(-1) as () => void)();
      },
    });
    const send = (datagram: Datagram) => sendRegion(socket as unknown as Socket, region, { bytes: 10, ...datagram });
    for (const datagram of [{ port: 7, address: '192.0.2.1' }, { port: 8 }, {}]) await send(datagram);
    expect(given).toEqual([[10, 7, '192.0.2.1'], [10, 8, undefined], [10]]);
    expect(socket.listenerCount('close')).toBe(0);
  });

  it('rejects when the socket is closed before it has sent, and gives the lease back', async () => {
    const region = filled(4096, 3);
    const view = region.view();
    const sender = createSocket('udp4');
    const sent = sendRegion(sender, region, { port: 9, address: '127.0.0.1' });
    sender.close();
    await expect(sent).rejects.toMatchObject({ code: 'ERR_NOT_SENT' });
    region.close();
    expect(view[0]).toBe(0);
  });

  it('refuses what is no socket, region, port or address', async () => {
    using region = filled(4096, 3);
    const sender = createSocket('udp4');
    const refused: [Promise<void>, string][] = [
      [sendRegion(5 as never, region), 'ERR_INVALID_ARG_TYPE'],
      [sendRegion(sender, 5 as never), 'ERR_INVALID_ARG_TYPE'],
      [sendRegion(sender, region, { address: '127.0.0.1' }), 'ERR_INVALID_ARG_TYPE'],
      [sendRegion(sender, region, { port: 9, address: (() => {}) as never }), 'ERR_INVALID_ARG_TYPE'],
      [sendRegion(sender, region, { port: 65536 }), 'ERR_OUT_OF_RANGE'],
      [writeRegion(5 as never, region), 'ERR_INVALID_ARG_TYPE'],
      [writeRegion(new Writable(), null as never), 'ERR_INVALID_ARG_TYPE'],
      [writeRegion(new Writable(), region, { offset: 1n as never }), 'ERR_INVALID_ARG_TYPE'],
    ];
    for (const [promise, code] of refused) await expect(promise).rejects.toMatchObject({ code });
    sender.close();
  });

  it('rejects with the error of the socket', async () => {
    using region = filled(2 ** 17, 3);
    const sender = createSocket('udp4');
    await expect(sendRegion(sender, region, { port: 9, address: '127.0.0.1' })).rejects.toMatchObject({
      code: 'EMSGSIZE',
    });
    sender.close();
  });
});
