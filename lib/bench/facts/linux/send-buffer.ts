/** How large Linux lets the send buffer of a TCP socket grow by itself. Source: tcp(7), `tcp_wmem`. */
import type { HostFiles } from '../host-files.js';
import { wholeNumber } from '../whole-number.js';

const PATH = '/proc/sys/net/ipv4/tcp_wmem';

/** Parses minimum, default and maximum; returns the maximum, or null if these are not three sizes in this order. */
function maximumOf(text: string): number | null {
  const sizes = text.split(/\s+/).map((size) => wholeNumber(size));
  const [least, usual, most] = sizes;
  if (sizes.length !== 3 || least == null || usual == null || most == null) return null;
  return least <= usual && usual <= most && most > 0 ? most : null;
}

/** Bytes; of the network namespace of this process. Null, with the reason recorded, if it is not known. */
export function sendBufferMaxBytes(files: HostFiles): number | null {
  return files.fact('kernel.sendBufferMaxBytes', PATH, maximumOf);
}
