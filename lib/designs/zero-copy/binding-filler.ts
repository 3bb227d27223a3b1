/**
 * Hangs registered memory on skbs: a fragment for each chunk, at the address that the device has known since the memory
 * was registered. An skb has memory of one binding, so it is sealed when a call sends from another.
 * Models: skb_add_frag_netmem and tcp_sendmsg_locked with a device-memory binding (net/ipv4/tcp.c, net/core/devmem.c):
 * docs/spec/tx-path.md#one-interface-for-three-lifetimes.
 * Owner: the thread of its CPU; process context, under the socket lock.
 */
import type { DmaDevice } from '../../dma/device.js';
import { CopytaxError } from '../../errors.js';
import type { Filler } from '../../net/filler.js';
import type { SkbTable } from '../../net/skb.js';
import { type BindingTable, NO_BINDING } from '../../owner/bindings.js';
import type { PageFrag } from '../../page/page-frag.js';
import type { BindingRefs } from './binding-refs.js';
import type { MemoryRanges } from './memory-ranges.js';

export interface BindingFillerParts {
  readonly skbs: SkbTable;
  readonly bindings: BindingTable;
  readonly refs: BindingRefs;
  readonly ranges: MemoryRanges;
  /** The device of each queue: socket i transmits on queue i modulo their number. */
  readonly ofQueues: readonly DmaDevice[];
  /** True if each skb is a datagram, which takes a whole call. */
  readonly isDatagram: boolean;
}

export class BindingFiller implements Filler {
  readonly #parts: BindingFillerParts;

  constructor(parts: BindingFillerParts) {
    this.#parts = parts;
  }

  /** @throws ERR_BAD_ADDRESS for memory that is not registered for the socket's device */
  fill(skb: number, _pfrag: PageFrag, userOffset: number, bytes: number): number {
    const { skbs, bindings, refs, ranges, isDatagram } = this.#parts;
    const binding = this.#bindingOf(skbs.socket(skb), userOffset, bytes);
    const mark = skbs.mark(skb);
    if (mark !== 0 && mark !== binding + 1) {
      skbs.seal(skb);
      return 0;
    }
    const begin = userOffset - bindings.address(binding);
    const length = ranges.fits(skb, bindings.dma(binding, begin), bytes);
    if (length === 0 || (isDatagram && length < bytes)) return 0;
    const before = skbs.frags(skb);
    for (let at = begin; at < begin + length; ) {
      const part = Math.min(bindings.contiguous(binding, at), begin + length - at);
      ranges.hang(skb, bindings.dma(binding, at), part);
      at += part;
    }
    refs.take(skb, binding, before);
    ranges.note(skb, userOffset, length);
    return length;
  }

  endSend(_socket: number): void {}

  #bindingOf(socket: number, phys: number, bytes: number): number {
    const { bindings, ofQueues } = this.#parts;
    const device = ofQueues[socket % ofQueues.length]!;
    const binding = bindings.find(device.number, phys, bytes);
    if (binding !== NO_BINDING) return binding;
    const message = `${bytes} bytes at ${phys}, which socket ${socket} sends, are not registered for ${device.name}`;
    throw new CopytaxError('ERR_BAD_ADDRESS', message, { socket, phys, bytes });
  }
}
