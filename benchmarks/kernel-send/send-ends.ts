/**
 * What a sending process opens: sockets, a file in the page cache, and in a network namespace of its own a pair of
 * virtual Ethernet devices. All of it ends with the process. What Linux refuses is a gap, and the rest is opened.
 */
import { readlinkSync } from 'node:fs';
import { addon } from '../../lib/addon/addon.js';
import { guarded } from '../../lib/addon/native-error.js';
import type { SendCompletions } from '../../lib/addon/network-addon.js';
import { isCopytaxError } from '../../lib/errors.js';
import type { Region } from '../../lib/memory/region.js';
import { MIB } from '../../lib/units.js';
import { isOfVeth, WAYS, type Way } from './send-shapes.js';
import type { Gap } from './sender-messages.js';

/** What UDP sends at once is cut to segments of this size: with headers below the 1500 bytes of Ethernet. */
export const SEGMENT_BYTES = 1400;
/** That a test looks at. */
export const PEER = 'copytax1';
const DEVICE = 'copytax0';
const ADDRESS = { own: '198.18.0.1', peer: '198.18.0.2', prefix: 30, port: 9 } as const;
/** UDP takes whole segments of at most 64 KiB with headers at once. */
export const UDP_AT_ONCE = Math.floor(65507 / SEGMENT_BYTES) * SEGMENT_BYTES;
/** From the first refusal of locked memory to the last. */
const REFUSED_MS = 500;
/** Until a send that was tried is complete. */
const PATIENCE_MS = 1000;
/** Of nothing that exists: the other end drops what arrives, as a wire would take it away. */
const PEER_HARDWARE = 0x02_00_00_00_00_02;
const BUFFER_BYTES = 4 * MIB;

/** Returns the network namespace of this process, as Linux names it; null where /proc does not tell. */
export function networkNamespace(): string | null {
  try {
    return readlinkSync('/proc/self/ns/net');
  } catch {
    return null;
  }
}

const REMEDIES: Readonly<Record<string, string>> = {
  'UDP over veth':
    'load the module veth (`modprobe veth`), or give the container CAP_NET_ADMIN within its own user namespace',
  'UDP without a copy': 'take Linux 5.0 or later, and raise net.core.optmem_max or the limit of locked memory',
  'TCP over loopback': 'allow sockets of AF_INET: RestrictAddressFamilies= or a seccomp profile refuses them',
  'sendfile and splice': 'allow memfd_create and pipes, which a seccomp profile refuses',
};

/** Owner: the sending process. */
export class SendEnds {
  readonly gaps: Gap[] = [];
  readonly #sockets = new Map<Way, number>();
  #file = 0;

  /** `isApart`: this process has a network namespace that no other one uses. */
  constructor(source: Region, isApart: boolean) {
    const isOpen = this.#try('TCP over loopback', () => {
      if (isApart) addon().linkUp('lo');
      this.#sockets.set('tcp', addon().socketToItself(BUFFER_BYTES));
    });
    if (isOpen) {
      this.#try('sendfile and splice', () => {
        this.#file = addon().fileOf(source.id, 0, source.bytes);
        for (const way of ['sendfile', 'splice'] as const) this.#sockets.set(way, addon().socketToItself(BUFFER_BYTES));
      });
    }
    if (!isApart) return;
    const isThere = this.#try('UDP over veth', () => {
      addon().linkPair(DEVICE, PEER);
      addon().linkAddress(DEVICE, ADDRESS.own, ADDRESS.prefix);
      for (const name of [DEVICE, PEER]) addon().linkUp(name);
      addon().linkNeighbour(DEVICE, ADDRESS.peer, PEER_HARDWARE);
      this.#sockets.set('udp', connectUdp(false));
    });
    if (isThere) this.#try('UDP without a copy', () => this.#sockets.set('udp-zerocopy', triedZeroCopy(source)));
  }

  get ways(): readonly Way[] {
    return WAYS.filter((way) => this.#sockets.has(way));
  }

  /** Of `fileOf`: it holds what the source holds. */
  get file(): number {
    return this.#file;
  }

  socketOf(way: Way): number {
    return this.#sockets.get(way) ?? 0;
  }

  completionsOf(way: Way): SendCompletions {
    return isOfVeth(way) ? addon().socketCompletions(this.socketOf(way)) : { sends: 0, completed: 0, copied: 0 };
  }

  #try(what: string, open: () => void): boolean {
    try {
      guarded(open);
      return true;
    } catch (error) {
      if (!isCopytaxError(error)) throw error;
      this.gaps.push({ what, reason: error.message, remedy: REMEDIES[what]! });
      return false;
    }
  }
}

function connectUdp(zeroCopy: boolean): number {
  const { peer: address, port } = ADDRESS;
  const segmentBytes = SEGMENT_BYTES;
  return addon().socketConnect({
    protocol: 1,
    address,
    port,
    segmentBytes,
    zeroCopy,
    bufferBytes: BUFFER_BYTES,
    timeoutMs: 0,
  });
}

/**
 * Sends once what samples send at once: Linux opens such a socket, and may still refuse to lock the memory. Its limit
 * is of a user: another sender that opens may have the room just now.
 */
function triedZeroCopy(source: Region): number {
  const socket = connectUdp(true);
  const end = performance.now() + REFUSED_MS;
  for (;;) {
    try {
      addon().socketSend(socket, source.id, 0, Math.min(UDP_AT_ONCE, source.bytes));
      addon().socketAwaitCompletions(socket, PATIENCE_MS);
      return socket;
    } catch (error) {
      if (performance.now() < end) continue;
      addon().socketClose(socket);
      throw error;
    }
  }
}
