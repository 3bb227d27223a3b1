/** Sends a message to a receiver that reads, and sums up both: what arrives must be what was sent. A test mode. */
import { addon } from '../../lib/addon/addon.js';
import { guarded } from '../../lib/addon/native-error.js';
import { CopytaxError } from '../../lib/errors.js';
import { checksum } from '../../lib/memory/copy.js';
import { Region } from '../../lib/memory/region.js';
import { KIB } from '../../lib/units.js';
import { PEER, type SendEnds } from './send-ends.js';
import { isOfVeth } from './send-shapes.js';
import type { Checked, CheckRequest } from './sender-messages.js';

/** Of Ethernet, IPv4 and UDP. */
const HEADER_BYTES = 42;
const FRAME_BYTES = 128 * KIB;
const PATIENCE_MS = 5000;
const CALLS = { tcp: 0, sendfile: 1, splice: 2, udp: 0, 'udp-zerocopy': 0 } as const;

/** `bytes`: of UDP at most what one call takes, which is 64 KiB with headers. */
export function checkSent(ends: SendEnds, source: Region, { way, bytes }: CheckRequest): Checked {
  const to = Region.create({ bytes: bytes + FRAME_BYTES });
  try {
    const isRead = !isOfVeth(way);
    const isFile = way === 'sendfile' || way === 'splice';
    const spec = {
      socket: ends.socketOf(way),
      call: CALLS[way],
      region: isFile ? 0 : source.id,
      offset: 0,
      span: bytes,
      file: isFile ? ends.file : 0,
      bytes,
      messages: 1,
      mostAtOnce: bytes,
      toRegion: isRead ? to.id : 0,
      toOffset: 0,
      toSpan: isRead ? bytes : 0,
    };
    const times = new Float64Array(5);
    const send = () => guarded(() => addon().timedSend(spec, times));
    let receivedBytes: number;
    if (isRead) {
      send();
      receivedBytes = times[4]!;
    } else receivedBytes = receivedAt(PEER, to, bytes, send);
    return {
      sentChecksum: checksum(source, 0, bytes),
      receivedChecksum: checksum(to, 0, receivedBytes),
      receivedBytes,
    };
  } finally {
    to.close();
  }
}

/** Gathers the payload of datagrams that `send` sends at the begin of `to`; returns how many bytes came. */
function receivedAt(device: string, to: Region, bytes: number, send: () => void): number {
  const packets = guarded(() => addon().packetOpen(device));
  const frame = Region.create({ bytes: FRAME_BYTES });
  try {
    send();
    const [from, into] = [new Uint8Array(frame.buffer), new Uint8Array(to.buffer)];
    const end = performance.now() + PATIENCE_MS;
    let received = 0;
    while (received < bytes) {
      const length = guarded(() => addon().packetReceive(packets, frame.id, 0, FRAME_BYTES));
      if (length > 0 && isUdp(from)) {
        into.set(from.subarray(HEADER_BYTES, length), received);
        received += length - HEADER_BYTES;
      }
      if (performance.now() > end)
        throw new CopytaxError('ERR_TIMED_OUT', `${received} of ${bytes} bytes have arrived`);
    }
    return received;
  } finally {
    frame.close();
    addon().packetClose(packets);
  }
}

/** IPv4 without options, and UDP in it: other protocols have words of their own on such a device. */
const isUdp = (frame: Uint8Array) => frame[12] === 8 && frame[13] === 0 && frame[14] === 0x45 && frame[23] === 17;
