/** A stream of bytes of regions over TCP. */
import { checkOptions, within } from '../limits.js';
import {
  checkReceiver,
  checkZeroCopy,
  connected,
  MAX_BUFFER_BYTES,
  MAX_WAIT_MS,
  RegionSender,
} from './region-sender.js';

const OPTIONS = ['address', 'port', 'bufferBytes', 'timeoutMs', 'zeroCopy'];
const USUAL_TIMEOUT_MS = 10_000;
const TCP = 0;

/** What `TcpSender.connect` takes. */
export interface TcpSenderOptions {
  /** Of the receiver: of IPv4, such as 10.0.0.1. */
  address: string;
  /** Of the receiver, 1..65535. */
  port: number;
  /** Send buffer, 1 to 2^30 bytes. Linux doubles it, and caps it at net.core.wmem_max; absent: it adapts it. */
  bufferBytes?: number;
  /** How long the connection may take, milliseconds, 0..60000, 10000 by default. */
  timeoutMs?: number;
  /** Linux sends the memory itself (MSG_ZEROCOPY), and tells when it is done with it; false by default. */
  zeroCopy?: boolean;
}

/**
 * A TCP connection that sends bytes of regions, synchronously. It reads nothing: a receiver that sends back more than
 * its buffers hold waits for ever, and closing while something is unread resets the connection. Small writes go out at
 * once (TCP_NODELAY). With `zeroCopy` a call takes at most 1 MiB.
 */
export class TcpSender extends RegionSender {
  private constructor(handle: number, zeroCopy: boolean) {
    super('TcpSender', handle, zeroCopy);
  }

  /**
   * Connects. Blocks this thread until that is done or refused.
   * @throws ERR_SOCKET where the receiver, the route or Linux refuses, ERR_OUT_OF_RANGE, ERR_INVALID_ARG_TYPE,
   * ERR_UNKNOWN_OPTION, ERR_ADDON_NOT_BUILT
   */
  static connect(options: TcpSenderOptions): TcpSender {
    checkOptions('TcpSender.connect()', options, OPTIONS);
    const { address, port, bufferBytes, timeoutMs = USUAL_TIMEOUT_MS, zeroCopy = false } = options ?? {};
    checkReceiver(address, port);
    if (bufferBytes !== undefined) within('bufferBytes', bufferBytes, 1, MAX_BUFFER_BYTES);
    within('timeoutMs', timeoutMs, 0, MAX_WAIT_MS);
    checkZeroCopy(zeroCopy);
    const spec = { protocol: TCP, address, port, segmentBytes: 0, zeroCopy, bufferBytes: bufferBytes ?? 0, timeoutMs };
    return new TcpSender(connected(spec), zeroCopy);
  }

  protected override offered(bytes: number): number {
    return bytes;
  }
}
