/** Bytes of regions as datagrams of UDP. */
import { constants } from 'node:os';
import { CopytaxError, isCopytaxError } from '../errors.js';
import { checkOptions, outOfRange, within } from '../limits.js';
import { checkReceiver, checkZeroCopy, connected, MAX_BUFFER_BYTES, RegionSender } from './region-sender.js';

const OPTIONS = ['address', 'port', 'segmentBytes', 'zeroCopy', 'bufferBytes'];
const UDP = 1;
/** 65535 bytes of a packet of IPv4, less the headers of IP and UDP. */
const MAX_DATAGRAM_BYTES = 65507;
/** Of one call: UDP_MAX_SEGMENTS of Linux, which is larger since 6.9. */
const MAX_SEGMENTS = 64;

/** What `UdpSender.open` takes. */
export interface UdpSenderOptions {
  /** Of the receiver: of IPv4, such as 10.0.0.1. */
  address: string;
  /** Of the receiver, 1..65535. */
  port: number;
  /**
   * Linux or the network card cuts what is sent into datagrams of this length (UDP_SEGMENT), 1..65507 bytes: at most
   * the MTU less 28. The last may be shorter. Absent: each send is one datagram.
   */
  segmentBytes?: number;
  /** Linux sends the memory itself (MSG_ZEROCOPY), and tells when it is done with it; false by default. */
  zeroCopy?: boolean;
  /** Send buffer, 1 to 2^30 bytes. Linux doubles it, and caps it at net.core.wmem_max; absent: as Linux has it. */
  bufferBytes?: number;
}

/**
 * A UDP socket that sends bytes of regions to one receiver, synchronously. Without `segmentBytes` a send is one
 * datagram of at most 65507 bytes. With it, send() takes up to 64 whole datagrams of at most 65507 bytes together.
 * That Linux took a datagram does not say that it arrived. Where no program listens at the port, and the receiver's
 * host says so, a later send throws ERR_SOCKET (ECONNREFUSED) for what was lost before; the one after it is sent.
 */
export class UdpSender extends RegionSender {
  readonly #segmentBytes: number;
  readonly #to: string;

  private constructor(options: UdpSenderOptions) {
    const { address, port, segmentBytes = 0, zeroCopy = false, bufferBytes = 0 } = options;
    const spec = { protocol: UDP, address, port, segmentBytes, zeroCopy, bufferBytes, timeoutMs: 0 };
    super('UdpSender', connected(spec), zeroCopy);
    this.#segmentBytes = segmentBytes;
    this.#to = address;
  }

  /**
   * Opens the socket. Sends nothing, and does not look at whether the receiver is there.
   * @throws ERR_SOCKET where there is no route or Linux refuses, ERR_OUT_OF_RANGE, ERR_INVALID_ARG_TYPE,
   * ERR_UNKNOWN_OPTION, ERR_ADDON_NOT_BUILT
   */
  static open(options: UdpSenderOptions): UdpSender {
    checkOptions('UdpSender.open()', options, OPTIONS);
    const { address, port, segmentBytes, zeroCopy = false, bufferBytes } = options ?? {};
    checkReceiver(address, port);
    if (segmentBytes !== undefined) within('segmentBytes', segmentBytes, 1, MAX_DATAGRAM_BYTES);
    if (bufferBytes !== undefined) within('bufferBytes', bufferBytes, 1, MAX_BUFFER_BYTES);
    checkZeroCopy(zeroCopy);
    return new UdpSender(options);
  }

  protected override offered(bytes: number): number {
    if (this.#segmentBytes > 0) {
      const segments = Math.min(MAX_SEGMENTS, Math.floor(MAX_DATAGRAM_BYTES / this.#segmentBytes));
      return Math.min(bytes, segments * this.#segmentBytes);
    }
    if (bytes <= MAX_DATAGRAM_BYTES) return bytes;
    const most = `a datagram has at most ${MAX_DATAGRAM_BYTES} bytes, not ${bytes}`;
    throw outOfRange(`${most}: pass \`bytes\`, or segmentBytes to UdpSender.open() to have more of them cut`);
  }

  /** Linux refuses a segment that is larger than the interface carries with EINVAL, since 6.9 with EMSGSIZE. */
  protected override explained(error: unknown): unknown {
    if (this.#segmentBytes === 0 || !isCopytaxError(error, 'ERR_SOCKET')) return error;
    const { errno } = error.details;
    if (errno !== constants.errno.EMSGSIZE && errno !== constants.errno.EINVAL) return error;
    const message = `segments of ${this.#segmentBytes} bytes do not fit the interface: ${error.message}`;
    const see = `\`ip route get ${this.#to}\` names it, and \`ip link\` its MTU`;
    const remedy = `choose segmentBytes of at most the MTU less 28 bytes of headers; ${see}`;
    return new CopytaxError('ERR_SOCKET', message, { ...error.details, remedy }, error);
  }
}
