/**
 * Payload that belongs to owners, in a chain as a stream has it: 16 buffers of at most 32 KiB each. With fragments of
 * 32 KiB an owner has the payload of eight skbs; with 17 fragments an skb ends in the next owner. The buffers are left
 * out, since no reference is of a buffer.
 */
import { OwnedStreams } from '../../lib/designs/owners/owned-streams.js';
import { OwnerRefs } from '../../lib/designs/owners/owner-refs.js';
import { CopytaxError } from '../../lib/errors.js';
import type { System } from '../../lib/machine/build/system.js';
import { MAX_BUFFERS } from '../../lib/model-limits.js';
import { MAX_FRAGS, type SkbTable } from '../../lib/net/skb.js';
import { BufferedMemory } from '../../lib/owner/buffered-memory.js';
import { Buffers } from '../../lib/owner/buffers.js';
import { OwnerBlocks } from '../../lib/owner/owner-blocks.js';
import { NO_TX_BUF, TX_BUF_TYPE, TxBufTable } from '../../lib/owner/tx-buf.js';
import type { Arena } from '../../lib/smp/arena.js';
import type { Cpu } from '../../lib/smp/cpu.js';
import { KIB, nextPowerOfTwo } from '../../lib/units.js';
import { fragmentBytes, GROUP, type LifetimeRig, PAYLOAD_BYTES, SOCKET } from './lifetime-rig.js';
import { dispatchOf } from './page-rig.js';

const LARGEST_BUFFER = 32 * KIB;
/** Owners for the smallest fragments, and one besides, since a ring is never quite free. */
const OWNERS = nextPowerOfTwo(Math.ceil((GROUP * MAX_FRAGS) / MAX_BUFFERS) + 1);

export class OwnerRig implements LifetimeRig {
  readonly skbs: SkbTable;
  readonly lifetime: OwnerRefs;
  readonly #owners: TxBufTable;
  readonly #blocks: OwnerBlocks;
  readonly #streams: OwnedStreams;
  readonly #memory: BufferedMemory;
  /** The owner and the position of the first byte of each payload of the group. */
  readonly #first = new Int32Array(GROUP);
  readonly #starts = new Float64Array(GROUP);
  #frags = 0;
  #head = NO_TX_BUF;

  constructor(arena: Arena, system: System) {
    const { skbs, sockets, bouncePageParts, systemPages } = system;
    const owners = new TxBufTable(arena, 1, OWNERS);
    const buffers = new Buffers(owners);
    const blocks = new OwnerBlocks(arena, { ...bouncePageParts, owners });
    const streams = new OwnedStreams(arena, skbs, sockets);
    const memory = new BufferedMemory({ buffers, blocks, system: systemPages, dispatch: dispatchOf(system) });
    this.skbs = skbs;
    this.#owners = owners;
    this.#blocks = blocks;
    this.#streams = streams;
    this.#memory = memory;
    this.lifetime = new OwnerRefs({ skbs, owners, buffers, streams, memory, freesEarly: false });
  }

  reset(): void {
    for (const table of [this.#owners, this.#blocks, this.#streams]) table.reset();
  }

  fill(): void {}

  /** Makes a chain of owners, of which the first one is held. */
  prepare(cpu: Cpu, frags: number): void {
    if (this.#frags === frags) return;
    const owners = this.#owners;
    if (this.#head !== NO_TX_BUF) owners.release(cpu, this.#head, this.#memory);
    this.#frags = frags;
    this.#head = NO_TX_BUF;
    const bytes = MAX_BUFFERS * Math.min(LARGEST_BUFFER, fragmentBytes(frags));
    let last = NO_TX_BUF;
    for (let start = 0; start < GROUP * PAYLOAD_BYTES; start += bytes) {
      const id = owners.alloc(SOCKET, TX_BUF_TYPE.buffered, start);
      if (id === NO_TX_BUF) throw new CopytaxError('ERR_SCENARIO', `no owner for the payload from ${start} on`);
      owners.setEnd(id, start + bytes);
      if (last === NO_TX_BUF) {
        this.#head = id;
      } else {
        owners.link(last, id);
        owners.release(cpu, id, this.#memory);
      }
      last = id;
      for (let at = Math.ceil(start / PAYLOAD_BYTES); at < GROUP && at * PAYLOAD_BYTES < start + bytes; at++) {
        this.#first[at] = id;
        this.#starts[at] = at * PAYLOAD_BYTES;
      }
    }
  }

  hang(skb: number, at: number, frags: number): void {
    const { skbs } = this;
    const bytes = fragmentBytes(frags);
    this.lifetime.begin(skb, this.#first[at]!);
    this.#streams.setStart(skb, this.#starts[at]!);
    let left = PAYLOAD_BYTES;
    for (let frag = 0; frag < frags; frag++) {
      skbs.addFrag(skb, at * MAX_FRAGS + frag, 0, Math.min(left, bytes));
      left -= bytes;
    }
    skbs.addBytes(skb, PAYLOAD_BYTES);
  }
}
