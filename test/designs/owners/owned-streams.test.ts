import { describe, expect, it } from '@jest/globals';
import { NO_SKB, OwnedStreams } from '../../../lib/designs/owners/owned-streams.js';
import { NO_TX_BUF } from '../../../lib/owner/tx-buf.js';
import { smallSystem } from '../../machine/fixtures/small-system.js';
import { inArena } from '../../smp/fixtures/cpus.js';

function streamsOf() {
  const { skbs, sockets } = smallSystem({ sockets: { senders: 2 } });
  const streams = inArena((arena) => new OwnedStreams(arena, skbs, sockets));
  streams.reset();
  let position = 0;
  const append = () => {
    const skb = sockets.append(1, skbs);
    streams.setStart(skb, position);
    position += 100;
    return skb;
  };
  const free = (skb: number) => {
    skbs.putDataref(skb);
    skbs.recycle(skb);
  };
  return { skbs, sockets, streams, append, free };
}

describe('OwnedStreams', () => {
  it('keeps the tail of each socket, and the device whose memory it was made for', () => {
    const { streams } = streamsOf();
    expect([streams.tail(0), streams.takeTail(0)]).toEqual([NO_TX_BUF, NO_TX_BUF]);
    streams.setTail(0, 0, 3);
    streams.setTail(1, 7, 0);
    expect([0, 1].map((socket) => [streams.tail(socket), streams.deviceOfTail(socket)])).toEqual([
      [0, 3],
      [7, 0],
    ]);
    expect([streams.takeTail(0), streams.tail(0), streams.tail(1)]).toEqual([0, NO_TX_BUF, 7]);
  });

  it('knows the oldest skb that has its bytes, which need not be the oldest unacknowledged one', () => {
    const { streams, append, free, skbs } = streamsOf();
    expect(streams.oldestSkb(1)).toBe(NO_SKB);
    const [first, second, third] = [append(), append(), append()];
    skbs.clone(first); // on its way to the device once more
    skbs.putDataref(first); // acknowledged
    free(second);
    expect(streams.oldestSkb(1)).toBe(first);
    free(first);
    expect(streams.oldestSkb(1)).toBe(third);
    free(third);
    expect(streams.oldestSkb(1)).toBe(NO_SKB);
  });

  it('takes no skb for an older one that had its record', () => {
    const { streams, append, free, sockets } = streamsOf();
    const { skbsPerSocket } = sockets.limits;
    for (let at = 0; at < skbsPerSocket + 3; at++) free(append());
    const oldest = append();
    append();
    expect([streams.oldestSkb(1), streams.start(oldest)]).toEqual([oldest, (skbsPerSocket + 3) * 100]);
  });
});
