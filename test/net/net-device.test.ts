import { describe, expect, it } from '@jest/globals';
import { NetDevice } from '../../lib/net/net-device.js';
import type { SkbTable } from '../../lib/net/skb.js';
import type { Transmitter, XmitStatus } from '../../lib/net/transmitter.js';
import type { TxQueue } from '../../lib/net/tx-queue.js';
import { NO_SOCKET } from '../../lib/smp/cpu.js';
import { testCpu } from '../smp/fixtures/cpus.js';

const SKB = 3;
const skbs = { socket: (skb: number) => 10 * skb } as SkbTable;
const queue = { index: 4 } as TxQueue;
/** Numbers of the DMA devices, by queue. */
const PARENTS = [1, 2, 3, 4, 5];

/** The lowest device: notes socket, device, queue and skb of each packet. */
function driver(status: XmitStatus = 'sent') {
  const seen: number[][] = [];
  const lower: Transmitter = {
    startXmit({ txSocket, txDevice }, { index }, skb) {
      seen.push([txSocket, txDevice, index, skb]);
      return status;
    },
  };
  return { lower, seen };
}

describe('NetDevice', () => {
  it.each(['sent', 'full', 'unmappable'] as const)(
    'sets the socket of the packet until the packet was %s, and returns that',
    (status) => {
      const cpu = testCpu();
      const { lower, seen } = driver(status);
      expect(new NetDevice(lower, skbs, PARENTS).startXmit(cpu, queue, SKB)).toBe(status);
      expect(seen).toEqual([[30, 5, 4, SKB]]);
      expect({ txSocket: cpu.txSocket, txDevice: cpu.txDevice }).toEqual({ txSocket: NO_SOCKET, txDevice: 0 });
    },
  );

  it('restores the previous socket and device when devices are stacked', () => {
    const cpu = testCpu();
    const { lower, seen } = driver();
    const physical = new NetDevice(lower, skbs, PARENTS);
    const after: number[][] = [];
    const vlan = new NetDevice(
      {
        startXmit(own, to, skb) {
          const status = physical.startXmit(own, to, skb);
          after.push([own.txSocket, own.txDevice]);
          return status;
        },
      },
      skbs,
      PARENTS.map(() => 9),
    );
    vlan.startXmit(cpu, queue, SKB);
    expect({ seen, after }).toEqual({ seen: [[30, 5, 4, SKB]], after: [[30, 9]] });
  });

  it('sets no socket for a packet that has lost its socket on the way', () => {
    const cpu = testCpu();
    cpu.txSocket = 7;
    const { lower, seen } = driver();
    new NetDevice(lower, skbs, PARENTS, true).startXmit(cpu, queue, SKB);
    expect(seen).toEqual([[NO_SOCKET, 5, 4, SKB]]);
    expect(cpu.txSocket).toBe(7);
  });
});
