/** Faults of memory of users that is pinned and sent where it is: limits, pins, what users do, and completions. */
import type { MsgZeroCopy } from '../../designs/msg-zerocopy.js';
import { type MachineOptions, mergeOptions } from '../../machine/build/config.js';
import { referencesAreAccounted } from '../../machine/check/memory-invariants.js';
import { endOn } from '../scene/design-groups.js';
import { COPES, type Fault } from '../scene/fault.js';
import { expectThat, intercept, type Scene, untilInFlight } from '../scene/scene.js';

const PINNED: MachineOptions = { design: 'msg-zerocopy' };
const IN_FLIGHT = mergeOptions(PINNED, { devices: { completion: 'line-rate', lineBitsPerSecond: 1e6 } });
const READ_WRONG = { faithful: 'ERR_DEVICE_READ', hardened: 'ERR_DEVICE_READ' } as const;

function stateOf({ system }: Scene): MsgZeroCopy {
  return system.designState as MsgZeroCopy;
}

/** Counts the sends whose sender is told that they were copied after all, and the others. */
function told(scene: Scene) {
  const { completions } = stateOf(scene);
  const counts = { copied: 0, notCopied: 0 };
  intercept(completions, 'take', (take) => (cpu, socket) => {
    const isTaken = take(cpu, socket);
    if (isTaken) counts[completions.wasCopied ? 'copied' : 'notCopied'] += completions.hi - completions.lo + 1;
    return isTaken;
  });
  return counts;
}

export const PINNED_FAULTS: readonly Fault[] = [
  {
    name: 'pin-limit-reached',
    about: 'a socket has pinned all that it may, and goes on sending without waiting for acknowledgements',
    source: ['docs/spec/tx-path.md#one-interface-for-three-lifetimes', 'docs/spec/tx-path.md#the-owner-object'],
    machine: mergeOptions(PINNED, { pins: { limitBytes: 128 << 10 }, sockets: { sendBufferBytes: 1 << 20 } }),
    play: (scene) => {
      const counts = told(scene);
      scene.machine.run();
      const copied = scene.system.copyLedger.sum('user').bytes;
      expectThat('some sends were copied and some were not', counts.copied > 0 && counts.notCopied > 0, counts);
      expectThat('each completion says which', copied === counts.copied * 32768, { ...counts });
      return `${counts.copied} sends were copied after all, and ${counts.notCopied} not, as completions said`;
    },
    expected: COPES,
  },
  {
    name: 'buffer-changed-in-flight',
    about: 'a sender writes to memory that it has sent and that was not copied, before it is told that it may',
    source: ['docs/spec/tx-path.md#the-owner-object', 'docs/spec/tx-path.md#f13-plain-text-and-the-retransmit-queue'],
    machine: mergeOptions(PINNED, { network: { lossShare: 0.5 } }),
    play: (scene) => {
      const { skbs, peers, sockets } = scene.system;
      scene.until('an skb is to be transmitted again', () => peers.lostSkbs(0) > 0);
      const missing = sockets.skb(0, peers.receivedSkbs(0));
      const sent = new Uint8Array(scene.machine.ram.buffer, skbs.fragAddress(missing, 0), 1);
      sent[0] = sent[0]! ^ 1;
      scene.machine.run();
      return 'no check noticed';
    },
    expected: READ_WRONG,
    alsoOn: endOn(READ_WRONG, ['splice', 'registered']),
  },
  {
    name: 'completions-unread',
    about: 'a sender reads no completion for a long time, while sends are copied and not copied in turn',
    source: ['docs/spec/tx-path.md#the-owner-object'],
    machine: mergeOptions(PINNED, {
      sockets: { messageBytes: 65536, messagesPerSender: 400 },
      pins: { limitBytes: 80 << 10 },
    }),
    play: (scene) => {
      const { completions } = stateOf(scene);
      const readAgain = intercept(completions, 'take', () => () => false);
      let unread = completions.waiting(0);
      for (let rounds = 0; rounds < 30; rounds++) {
        scene.turns(20);
        unread = completions.waiting(0);
      }
      readAgain();
      const { sent } = scene;
      scene.machine.run();
      expectThat('completions waited', unread > 1, { unread });
      expectThat('the sender was stopped', sent < scene.sent, { sent });
      return `the sender waited with ${unread} of ${completions.perSocket} notifications until it read them`;
    },
    expected: COPES,
  },
  {
    name: 'completion-lost',
    about: 'one completion never reaches its sender, which may not use the memory again',
    source: ['docs/spec/tx-path.md#the-owner-object'],
    machine: PINNED,
    play: (scene) => {
      scene.unwatch(referencesAreAccounted); // it would notice at once; the sender cannot
      const undo = intercept(stateOf(scene).completions, 'complete', () => () => undo());
      scene.machine.run();
      return 'no check noticed';
    },
    expected: { faithful: 'ERR_UNBALANCED', hardened: 'ERR_UNBALANCED' },
  },
  {
    name: 'page-unpinned-twice',
    about: 'the pages of a send are unpinned before its last skb is released, which unpins them again',
    source: [
      'docs/spec/tx-path.md#one-interface-for-three-lifetimes',
      'docs/spec/tx-path.md#fault-wrong-reference-counts',
    ],
    machine: mergeOptions(IN_FLIGHT, { sockets: { messagesPerSender: 1 } }),
    play: (scene) => {
      const { owners, entries } = stateOf(scene).sends;
      untilInFlight(scene);
      scene.unwatch(referencesAreAccounted); // it would notice before the second one
      const id = owners.oldest(0);
      stateOf(scene).pins.unpin(scene.machine.runners[0]!.cpu, 0, entries.address(id, 0), entries.bytes(id, 0));
      scene.machine.run();
      return 'no check noticed';
    },
    expected: { faithful: 'ERR_DOUBLE_FREE', hardened: 'ERR_DOUBLE_FREE' },
  },
];
