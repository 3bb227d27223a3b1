/**
 * Fills skbs from the owner that a socket is filling: copies the user's bytes to the next free byte of its buffers.
 * Models: tcp_sendmsg on net_txbuf: docs/spec/tx-path.md#the-owner-object. A byte that is appended needs no reference.
 * Both flavours: `hardened` gives an owner up whose memory was asked for another device than the socket would ask for
 * now (docs/spec/tx-path.md#rule-drop-a-held-page-of-another-class); `faithful` fills it to its end. A socket with
 * several owners in flight gives none up, since it could run short of them: what it waits for may be an acknowledgement
 * of what it cannot send for want of memory.
 * Process context, under the socket lock; one native crossing for each call. Owner: the thread of its CPU.
 */
import { NO_DEVICE } from '../../device/device-table.js';
import { CopytaxError } from '../../errors.js';
import { MAX_BUFFERS } from '../../model-limits.js';
import type { Filler } from '../../net/filler.js';
import type { LearnedDevices } from '../../net/learned-device.js';
import { type CopyPolicy, MAX_FRAGS, type SkbTable } from '../../net/skb.js';
import type { BufferedMemory } from '../../owner/buffered-memory.js';
import type { Buffers } from '../../owner/buffers.js';
import type { OwnerBlocks } from '../../owner/owner-blocks.js';
import { NO_TX_BUF, TX_BUF_TYPE, type TxBufTable } from '../../owner/tx-buf.js';
import type { PageFrag } from '../../page/page-frag.js';
import { SITE } from '../../smp/copy-ledger.js';
import type { Cpu } from '../../smp/cpu.js';
import type { Meter } from '../../smp/meter.js';
import { PAGE_SIZE } from '../../units.js';
import type { OwnedStreams } from './owned-streams.js';
import type { OwnerRefs } from './owner-refs.js';

/** Smallest room in a buffer that is worth filling, bytes. */
export const MIN_ROOM = 32;
/** Owners in flight with which a socket gives up no owner that is not full. */
export const OWNERS_TO_GIVE_UP = 4;

export interface OwnerFillerParts {
  readonly skbs: SkbTable;
  readonly lifetime: OwnerRefs;
  readonly owners: TxBufTable;
  readonly buffers: Buffers;
  readonly blocks: OwnerBlocks;
  readonly memory: BufferedMemory;
  readonly streams: OwnedStreams;
  /** Says which device a socket transmits to; null: all sockets take ordinary pages. */
  readonly learned: LearnedDevices | null;
  /** Buffers of an owner, and blocks that it takes at once. It may have more buffers of single pages. */
  readonly buffersPerOwner: number;
  readonly refillTime: Meter;
}

export class OwnerFiller implements Filler {
  readonly #cpu: Cpu;
  readonly #parts: OwnerFillerParts;
  readonly #copies: CopyPolicy;
  readonly #isStrict: boolean;

  constructor(cpu: Cpu, parts: OwnerFillerParts, copies: CopyPolicy) {
    this.#cpu = cpu;
    this.#parts = parts;
    this.#copies = copies;
    this.#isStrict = parts.learned?.flavour === 'hardened';
  }

  fill(skb: number, _pfrag: PageFrag, userOffset: number, bytes: number): number {
    const cpu = this.#cpu;
    const { skbs, lifetime, buffers, learned, refillTime } = this.#parts;
    const { ramRegion: ram, copyKernel, check } = this.#copies;
    const { list } = cpu;
    const wanted = Math.min(bytes, skbs.maxBytes - skbs.bytes(skb));

    // Step 1: find out whose memory to ask for, and begin the owner again if nothing in it is needed any more.
    const socket = skbs.socket(skb);
    const device = learned?.usable(cpu, socket) ?? NO_DEVICE;
    this.#renewTail(socket, device);

    // Step 2: take room in the owner, hang it on the skb, and list the copies.
    list.reset();
    let filled = 0;
    while (filled < wanted) {
      refillTime.begin();
      const id = this.#ownerWithRoom(socket, device);
      refillTime.end();
      if (id === NO_TX_BUF) break;
      const pfn = buffers.fillPfn(id);
      const offset = buffers.fillOffset(id);
      if (check) this.#assertUnexposed(socket, pfn);
      const room = Math.min(wanted - filled, buffers.room(id, MIN_ROOM));
      if (!skbs.coalesce(skb, pfn, offset, room)) {
        const frags = skbs.frags(skb);
        if (frags === MAX_FRAGS) break;
        if (frags === 0) lifetime.begin(skb, id);
        skbs.addFrag(skb, pfn, offset, room);
      }
      list.push(ram, pfn * PAGE_SIZE + offset, ram, userOffset + filled, room, SITE.user);
      buffers.bump(id, room);
      filled += room;
    }
    if (filled === 0) return 0;

    // Step 3: make all of these copies in one crossing.
    list.run(copyKernel);
    cpu.account(SITE.user, filled);
    if (check) skbs.setCrc(skb, list.checksum(skbs.crc(skb)));
    skbs.addBytes(skb, filled);
    return filled;
  }

  endSend(_socket: number): void {}

  /** Begins the tail again if only the socket has a reference to it, or gives it up if it is not to be filled. */
  #renewTail(socket: number, device: number): void {
    const { owners, buffers, memory, streams } = this.#parts;
    const tail = streams.tail(socket);
    if (tail === NO_TX_BUF || !owners.isSoleHolder(tail)) return;
    if (this.#isUsable(socket, tail, device)) buffers.rewind(tail);
    else owners.release(this.#cpu, streams.takeTail(socket), memory);
  }

  /** Returns the tail, or a new one behind it, with room for `MIN_ROOM` bytes; `NO_TX_BUF` when there is no memory. */
  #ownerWithRoom(socket: number, device: number): number {
    const { owners, buffers, memory, streams, buffersPerOwner } = this.#parts;
    const cpu = this.#cpu;
    const tail = streams.tail(socket);
    if (tail !== NO_TX_BUF && (this.#isUsable(socket, tail, device) || owners.span(socket) >= OWNERS_TO_GIVE_UP)) {
      if (buffers.room(tail, MIN_ROOM) > 0) return tail;
      const left = buffers.hasSinglePages(tail) ? 1 : buffersPerOwner - buffers.count(tail);
      if (left > 0 && buffers.count(tail) < MAX_BUFFERS) {
        return memory.grow(cpu, tail, this.#mixes(tail, device) ? NO_DEVICE : device, left) ? tail : NO_TX_BUF;
      }
    }
    const next = owners.alloc(socket, TX_BUF_TYPE.buffered, tail === NO_TX_BUF ? 0 : owners.end(tail));
    if (next === NO_TX_BUF) return NO_TX_BUF;
    if (!memory.grow(cpu, next, device, buffersPerOwner)) {
      owners.release(cpu, next, memory);
      return NO_TX_BUF;
    }
    // Linked even if the tail has memory of another device: an skb may begin in it and go on in the next one.
    if (tail !== NO_TX_BUF) {
      owners.link(tail, next);
      owners.release(cpu, tail, memory);
    }
    streams.setTail(socket, next, device);
    return next;
  }

  /** True if the tail may be filled further by a socket that takes memory of this device. */
  #isUsable(socket: number, tail: number, device: number): boolean {
    return this.#isStrict ? this.#parts.streams.deviceOfTail(socket) === device : !this.#mixes(tail, device);
  }

  /** True if the owner has memory of one device and would get some of another. */
  #mixes(tail: number, device: number): boolean {
    const ofTail = this.#parts.owners.device(tail);
    return device !== NO_DEVICE && ofTail !== NO_DEVICE && ofTail !== device;
  }

  /** Private payload must not be written where the host can read it: ERR_EXPOSED. */
  #assertUnexposed(socket: number, pfn: number): void {
    const { blocks, learned } = this.#parts;
    if (!learned?.isPrivate(socket) || blocks.ownerOf(pfn * PAGE_SIZE) === NO_TX_BUF) return;
    const message = `private payload of socket ${socket} was to be written to page ${pfn} of a slot pool`;
    throw new CopytaxError('ERR_EXPOSED', message, { socket, pfn });
  }
}
