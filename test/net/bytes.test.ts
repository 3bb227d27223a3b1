/**
 * The claim of this project: for every design, message size, alignment and number of CPUs, the device reads exactly the
 * bytes that were sent, and the copies are exactly those that the table of designs promises.
 */

import { describe, expect, it } from '@jest/globals';
import type { FreeDispatchName } from '../../lib/designs/design.js';
import { DESIGNS, type DesignName } from '../../lib/designs/designs.js';
import { machineConfig } from '../../lib/machine/build/config.js';
import { InlineMachine } from '../../lib/machine/run/inline-machine.js';
import { copyKernelIndex } from '../../lib/memory/copy-kernels.js';
import { MAX_SKB_BYTES } from '../../lib/model-limits.js';
import { HEADER_BYTES } from '../../lib/net/skb.js';
import type { CopyLedger, Site } from '../../lib/smp/copy-ledger.js';
import { WAYS } from '../designs/fixtures/ways.js';

const MESSAGES = [1, 63, 64, 1448, 4096, 16384, 65535, 65536, 65537, 200_000];
const ALIGNMENTS = [0, 1, 63];
const CPUS = [1, 2, 3];
const kernel = copyKernelIndex('libc');

interface Run {
  readonly copyLedger: CopyLedger;
  readonly sent: number;
  readonly skbs: number;
  readonly mapFailures: number;
}

/** More senders than CPUs, and more messages than fit the send buffer, so that every kind of waiting occurs. */
function run(
  design: DesignName,
  freeDispatch: FreeDispatchName,
  cpus: number,
  message: number,
  userOffset: number,
): Run {
  const messagesPerSender = Math.max(3, Math.min(40, Math.ceil(600_000 / message)));
  const config = machineConfig({
    design,
    freeDispatch,
    cpus: { count: cpus, copyKernel: kernel },
    sockets: {
      messageBytes: message,
      userOffsetBytes: userOffset,
      messagesPerSender,
      learn: 'told',
      senders: cpus + 1,
      sendBufferBytes: 256 << 10,
      userBufferBytes: message + userOffset + 4096,
    },
    slotPool: { bytes: 8 << 20 },
    devices: { queues: Math.min(cpus, 2), ringDescriptors: 64, interruptFrames: 3 },
    checking: { everyByte: true },
  });
  using machine = new InlineMachine(config);
  machine.run(); // throws ERR_DEVICE_READ at the first wrong byte, ERR_UNBALANCED if one is missing
  const { peers, sockets, copyLedger, queues } = machine.system;
  let sent = 0;
  let skbs = 0;
  for (let socket = 0; socket < config.sockets.senders; socket++) {
    sent += sockets.sentBytes(socket);
    skbs += peers.receivedSkbs(socket);
  }
  expect(sent).toBe(config.sockets.senders * messagesPerSender * message);
  expect(skbs).toBeGreaterThanOrEqual(sent / MAX_SKB_BYTES);
  const mapFailures = queues.reduce((sum, queue) => sum + queue.counter('mapFailures'), 0);
  return { copyLedger, sent, skbs, mapFailures };
}

describe.each(WAYS)('a machine of $design with $freeDispatch', ({ design, freeDispatch }) => {
  const { promises } = DESIGNS[design];

  describe.each(CPUS)('on %i CPUs', (cpus) => {
    it.each(MESSAGES)('sends messages of %i bytes, and makes the copies that the design promises', (message) => {
      for (const alignment of ALIGNMENTS) {
        const { copyLedger, sent, skbs, mapFailures } = run(design, freeDispatch, cpus, message, alignment);
        const bytes = (site: Site) => copyLedger.sum(site).bytes;
        const headers = skbs * HEADER_BYTES;
        expect({
          alignment,
          user: bytes('user'),
          bounce: bytes('bounce'),
          header: bytes('header'),
          deviceRead: bytes('deviceRead'),
          mapFailures,
        }).toEqual({
          alignment,
          user: sent * promises.userCopies,
          bounce: sent * promises.bounceCopies,
          header: promises.bouncesHeaders ? headers : 0,
          deviceRead: sent + headers,
          mapFailures: 0,
        });
      }
    });
  });

  it('makes user copies in process context without a lock, and bounces under the TX lock', () => {
    const { copyLedger } = run(design, freeDispatch, 2, 16384, 0);
    expect(copyLedger.sum('user', { context: 0, locked: false })).toEqual(copyLedger.sum('user'));
    for (const site of ['bounce', 'header'] as const) {
      expect(copyLedger.sum(site, { locked: true })).toEqual(copyLedger.sum(site));
      expect(copyLedger.sum(site, { context: 2 }).copies).toBe(0);
    }
  });
});
