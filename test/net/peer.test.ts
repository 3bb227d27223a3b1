import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { Losses } from '../../lib/net/losses.js';
import { HEADER_BYTES, SKB_OVERHEAD } from '../../lib/net/skb.js';
import { NONE_LOST } from '../../lib/net/socket.js';
import { type NetRig, netRig } from './fixtures/net-rig.js';

let rig: NetRig;
afterEach(() => {
  Reflect.deleteProperty(rig.cpu.list, 'now');
  rig.ram.close();
});

/** Sends the next skb of the socket, which arrives at time `now`. */
function arrive(bytes: number, now = 0): void {
  const { sockets, skbs, peers, cpu } = rig;
  const skb = sockets.append(0, skbs);
  skbs.addBytes(skb, bytes);
  sockets.advance(0, skbs.charge(skb));
  Object.defineProperty(cpu.list, 'now', { configurable: true, value: now });
  peers.receive(cpu, 0, skb);
}

describe('PeerTable', () => {
  it('counts the bytes and skbs that arrive', () => {
    rig = netRig();
    arrive(100);
    arrive(65536);
    expect({ receivedBytes: rig.peers.receivedBytes(0), receivedSkbs: rig.peers.receivedSkbs(0) }).toEqual({
      receivedBytes: 65636,
      receivedSkbs: 2,
    });
    rig.peers.reset();
    expect({ receivedBytes: rig.peers.receivedBytes(0), receivedSkbs: rig.peers.receivedSkbs(0) }).toEqual({
      receivedBytes: 0,
      receivedSkbs: 0,
    });
  });

  it('acknowledges at once without a lag, and only once', () => {
    rig = netRig();
    const { peers, sockets } = rig;
    expect(peers.acknowledge(0, 0)).toBe(false);
    arrive(10);
    arrive(10);
    expect([peers.acknowledge(0, 0), sockets.acked(0), peers.acknowledge(0, 0)]).toEqual([true, 2, false]);
  });

  it('acknowledges an skb when N charged bytes have followed it', () => {
    const each = 1000 + SKB_OVERHEAD;
    rig = netRig({ lagBytes: 2 * each });
    const { peers, sockets } = rig;
    arrive(1000);
    arrive(1000);
    expect(peers.acknowledge(0, 0)).toBe(false);
    arrive(999);
    expect(peers.acknowledge(0, 0)).toBe(false);
    arrive(1);
    expect({ acknowledge: peers.acknowledge(0, 0), acked: sockets.acked(0) }).toEqual({ acknowledge: true, acked: 1 });
  });

  it('acknowledges an skb at the delay after its arrival', () => {
    rig = netRig({ delayNs: 1000 });
    const { peers, sockets } = rig;
    expect(peers.isTimed).toBe(true);
    arrive(10, 5000);
    arrive(10, 5500);
    expect(peers.acknowledge(0, 5999)).toBe(false);
    expect({ acknowledge: peers.acknowledge(0, 6000), acked: sockets.acked(0) }).toEqual({
      acknowledge: true,
      acked: 1,
    });
    expect({ acknowledge: peers.acknowledge(0, 6500), acked: sockets.acked(0) }).toEqual({
      acknowledge: true,
      acked: 2,
    });
  });

  it('acknowledges the skbs that the link has carried one by one, each at the delay after its arrival', () => {
    const skbNs = 1000;
    rig = netRig({ linkBitsPerSecond: ((934 + HEADER_BYTES) * 8e9) / skbNs, delayNs: 10 });
    const { peers, sockets } = rig;
    expect(peers.isTimed).toBe(true);
    const carried = (now: number) => {
      peers.acknowledge(0, now);
      return sockets.acked(0);
    };
    arrive(934, 5000);
    arrive(934, 5000);
    expect({
      carriedOf6009: carried(6009),
      carriedOf6010: carried(6010),
      carriedOf7009: carried(7009),
      carriedOf7010: carried(7010),
    }).toEqual({ carriedOf6009: 0, carriedOf6010: 1, carriedOf7009: 1, carriedOf7010: 2 });
    arrive(934, 20_000); // the link was idle, and saved up no time
    expect({ carriedOf21_009: carried(21_009), carriedOf21_010: carried(21_010) }).toEqual({
      carriedOf21_009: 2,
      carriedOf21_010: 3,
    });
    for (const table of [peers, sockets, rig.skbs]) table.reset();
    arrive(934, 20_000);
    expect({ carriedOf21_009: carried(21_009), carriedOf21_010: carried(21_010) }).toEqual({
      carriedOf21_009: 0,
      carriedOf21_010: 1,
    });
  });

  it('keeps the wait counts of the lock of the link apart from the time when the link is free', () => {
    const skbNs = 1000;
    rig = netRig({ linkBitsPerSecond: ((934 + HEADER_BYTES) * 8e9) / skbNs });
    const { peers, sockets } = rig;
    for (let skb = 1; skb <= 3; skb++) {
      // CPU 6 holds the lock, and releases it meanwhile.
      jest.spyOn(Atomics, 'compareExchange').mockReturnValueOnce(7 as never);
      arrive(934);
      jest.restoreAllMocks();
    }
    for (const [now, acked] of [
      [999, 0],
      [1000, 1],
      [2999, 2],
      [3000, 3],
    ] as const) {
      peers.acknowledge(0, now);
      expect({ now, acked: sockets.acked(0) }).toEqual({ now, acked });
    }
  });

  it('acknowledges everything once the machine drains', () => {
    rig = netRig({ lagBytes: 1e9, delayNs: 1e9, linkBitsPerSecond: 1 });
    const { peers, sockets, table } = rig;
    for (let i = 0; i < 5; i++) arrive(10);
    expect(peers.acknowledge(0, 0)).toBe(false);
    table.drain();
    expect({ isTimed: peers.isTimed, acknowledge: peers.acknowledge(0, 0), acked: sockets.acked(0) }).toEqual({
      isTimed: true,
      acknowledge: true,
      acked: 5,
    });
  });

  it('needs no clock without a delay, until the machine drains', () => {
    rig = netRig({ lagBytes: 100 });
    expect(rig.peers.isTimed).toBe(false);
    rig.table.drain();
    expect(rig.peers.isTimed).toBe(true);
  });
});

describe('lost acknowledgements of a PeerTable', () => {
  const PROBE_NS = 2e6;

  /** Whether each acknowledgement is lost, in turn; later ones are not. */
  function losing(...lost: boolean[]): void {
    rig = netRig({ ackLossShare: 0.5 });
    jest.spyOn(Losses.prototype, 'losesAck').mockImplementation(() => lost.shift() ?? false);
    jest.spyOn(Losses.prototype, 'seemsLost').mockImplementation((_, now) => now >= PROBE_NS);
  }
  afterEach(() => {
    jest.restoreAllMocks();
  });

  /** Lets the sender transmit the skb that it was asked to, which arrives. */
  function repeat(ordinal: number): void {
    const { sockets, skbs, peers, cpu } = rig;
    expect(sockets.takeLost(0)).toBe(ordinal);
    peers.receive(cpu, 0, sockets.skb(0, ordinal));
    expect(skbs.bytes(sockets.skb(0, ordinal))).toBe(100);
  }

  it('are made up for by the next one', () => {
    losing(true);
    const { peers, sockets } = rig;
    arrive(100);
    expect({ acknowledge: peers.acknowledge(0, 0), acked: sockets.acked(0) }).toEqual({ acknowledge: false, acked: 0 });
    arrive(100);
    expect({ acknowledge: peers.acknowledge(0, 0), acked: sockets.acked(0), repeats: peers.repeats(0) }).toEqual({
      acknowledge: true,
      acked: 2,
      repeats: 0,
    });
  });

  it('make the sender transmit again an skb that the peer has, which is counted once', () => {
    losing(true);
    const { peers, sockets } = rig;
    arrive(100);
    expect({ acknowledgeOf0_0: peers.acknowledge(0, 0), acknowledgeOf0: peers.acknowledge(0, PROBE_NS - 1) }).toEqual({
      acknowledgeOf0_0: false,
      acknowledgeOf0: false,
    });
    expect({ acknowledge: peers.acknowledge(0, PROBE_NS), isRepeating: peers.isRepeating(0) }).toEqual({
      acknowledge: true,
      isRepeating: true,
    });
    repeat(0);
    expect({ acked: sockets.acked(0), isRepeating: peers.isRepeating(0), repeats: peers.repeats(0) }).toEqual({
      acked: 1,
      isRepeating: false,
      repeats: 1,
    });
    expect({ receivedBytes: peers.receivedBytes(0), carriedBytes: peers.carriedBytes(0) }).toEqual({
      receivedBytes: 100,
      carriedBytes: 200,
    });
  });

  it('cause no retransmission of an skb that is acknowledged before the sender has looked', () => {
    losing(true);
    const { peers, sockets } = rig;
    arrive(100);
    for (const now of [0, PROBE_NS]) peers.acknowledge(0, now);
    arrive(100);
    expect({
      acknowledge: peers.acknowledge(0, PROBE_NS),
      acked: sockets.acked(0),
      takeLost: sockets.takeLost(0),
    }).toEqual({ acknowledge: true, acked: 2, takeLost: NONE_LOST });
    expect(peers.isRepeating(0)).toBe(false);
  });

  it('do not delay the retransmission of an skb that the peer misses', () => {
    losing(true);
    const { peers, sockets } = rig;
    arrive(100);
    peers.acknowledge(0, 0);
    sockets.setLost(0, 1);
    expect({
      acknowledge: peers.acknowledge(0, PROBE_NS),
      takeLost: sockets.takeLost(0),
      isRepeating: peers.isRepeating(0),
    }).toEqual({ acknowledge: true, takeLost: 1, isRepeating: false });
  });

  it('do not occur any more once the machine drains', () => {
    losing(true, true, true);
    const { peers, sockets, table } = rig;
    arrive(100);
    peers.acknowledge(0, 0);
    table.drain();
    expect({ acknowledge: peers.acknowledge(0, 0), acked: sockets.acked(0) }).toEqual({ acknowledge: true, acked: 1 });
  });
});
