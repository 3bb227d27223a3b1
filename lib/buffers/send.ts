/** Bytes of a region handed to sockets, streams and files, with a lease that lasts until Node is done with them. */
import type { Socket } from 'node:dgram';
import type { EventEmitter } from 'node:events';
import type { Writable } from 'node:stream';
import { CopytaxError } from '../errors.js';
import { checkOptions, within, wrongType } from '../limits.js';
import { Region } from '../memory/region.js';

const RANGE = ['offset', 'bytes'];

/** A part of a region. */
export interface RegionRange {
  /** Default 0. */
  offset?: number;
  /** Default: all from `offset` on. */
  bytes?: number;
}

/** A part of a region as a datagram. Port and address are left out for a socket that is connected. */
export interface Datagram extends RegionRange {
  /** Port of the receiver, 1..65535; absent where the socket is connected. */
  port?: number;
  /** Address or name of the receiver; absent: this host, or the peer of a connected socket. */
  address?: string;
}

/**
 * Writes bytes of a region to a stream, such as a TCP socket, without a copy in JavaScript. Resolves when the stream
 * has no more use for them; they must not change before, and close() of the region waits. Rejects with the error of the
 * stream, with ERR_NOT_SENT when it is closed first, and with ERR_REGION_CLOSED, ERR_OUT_OF_RANGE, ERR_UNKNOWN_OPTION,
 * ERR_INVALID_ARG_TYPE before anything is written.
 */
export async function writeRegion(stream: Writable, region: Region, range: RegionRange = {}): Promise<void> {
  checkOptions('writeRegion()', range, RANGE);
  if (typeof stream?.write !== 'function') throw wrongType('stream', 'a Writable', stream);
  await withLease(stream, region, range, (view, done) => stream.write(view, done));
}

/**
 * Sends bytes of a region as one UDP datagram, without a copy in JavaScript. Resolves when the socket has no more use
 * for them. Otherwise as `writeRegion`.
 */
export async function sendRegion(socket: Socket, region: Region, datagram: Datagram = {}): Promise<void> {
  checkOptions('sendRegion()', datagram, [...RANGE, 'port', 'address']);
  const { port, address } = datagram;
  if (typeof socket?.send !== 'function') throw wrongType('socket', 'a Socket of node:dgram', socket);
  if (port !== undefined) within('port', port, 1, 65535);
  if (address !== undefined && typeof address !== 'string') throw wrongType('address', 'a string', address);
  if (address !== undefined && port === undefined) throw wrongType('port', 'a number where there is an address', port);
  await withLease(socket, region, datagram, (view, done) => {
    if (port === undefined) socket.send(view, done);
    else socket.send(view, port, address, done);
  });
}

type Done = (error?: Error | null) => void;

/** Resolves when `start` has called back without an error, which Node does not for all that a closed socket had. */
async function withLease(
  target: EventEmitter,
  region: Region,
  { offset, bytes }: RegionRange,
  start: (view: Buffer, done: Done) => void,
): Promise<void> {
  if (!(region instanceof Region)) throw wrongType('region', 'a Region', region);
  const view = region.view(offset, bytes);
  using _lease = region.lease();
  let whenClosed = () => {};
  try {
    await new Promise<void>((resolve, reject) => {
      whenClosed = () => setImmediate(reject, notSent());
      target.once('close', whenClosed);
      start(view, (error) => (error ? reject(error) : resolve()));
    });
  } finally {
    target.off('close', whenClosed);
  }
}

function notSent(): CopytaxError {
  return new CopytaxError('ERR_NOT_SENT', 'the socket or stream was closed before it had all bytes of the region');
}
