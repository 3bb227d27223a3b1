/**
 * Faults of devices: wrongly learned ones, ones that share a page, and ones whose completions or ACKs do not arrive.
 */
import { mergeOptions } from '../machine/build/config.js';
import { packetsInFlight } from '../machine/check/in-flight.js';
import { referencesAreAccounted } from '../machine/check/memory-invariants.js';
import { HARDIRQ } from '../smp/copy-ledger.js';
import { ALL_DESIGNS, endOn, THAT_HOLD_SLOTS } from './scene/design-groups.js';
import { COPES, type Fault, FINDING } from './scene/fault.js';
import { expectThat, intercept } from './scene/scene.js';

const TWO_DEVICES = { sockets: { learn: 'told', messagesPerSender: 60 }, devices: { count: 2, queues: 2 } } as const;

export const DEVICE_FAULTS: readonly Fault[] = [
  {
    name: 'wrong-device-learned',
    about: 'a hard interrupt maps a buffer of a disk while a packet is handed to the network device',
    source: [
      'docs/spec/tx-path.md#f5-wrong-device-learned',
      'docs/spec/tx-path.md#hazards-of-the-socket-being-transmitted',
    ],
    machine: mergeOptions(TWO_DEVICES, { sockets: { learn: 'transmit' } }),
    play: (scene) => {
      const { learned } = scene.system.devices;
      const { cpu } = scene.machine.runners[0]!;
      intercept(scene.system.queues[0]!.byteQueueLimit, 'charge', (charge) => (bytes) => {
        const { context } = cpu;
        cpu.context = HARDIRQ;
        learned.teach(cpu, cpu.txSocket, 2);
        cpu.context = context;
        return charge(bytes);
      });
      scene.turns(3);
      expectThat('the socket learned no other device than the one that it sends to', learned.cached(0) !== 2);
      scene.machine.run();
      return 'the socket learned nothing from the disk';
    },
    expected: FINDING,
    alsoOn: endOn(FINDING, THAT_HOLD_SLOTS),
  },
  {
    name: 'closed-socket-learns',
    about: 'a driver has released a packet, and its socket is closed, before the driver maps the last part',
    source: ['docs/spec/tx-path.md#f6-dangling-socket', 'docs/spec/tx-path.md#hazards-of-the-socket-being-transmitted'],
    machine: mergeOptions(TWO_DEVICES, { sockets: { learn: 'transmit' } }),
    play: (scene) => {
      const { learned, table } = scene.system.devices;
      const { cpu } = scene.machine.runners[0]!;
      const undo = intercept(scene.system.queues[0]!.byteQueueLimit, 'charge', (charge) => (bytes) => {
        undo();
        learned.close(0);
        learned.teach(cpu, cpu.txSocket, 1);
        return charge(bytes);
      });
      scene.turns(3);
      expectThat('a closed socket holds no device', learned.holds(1) === 0, { refs: table.refs(1) });
      scene.machine.run();
      return 'the closed socket learned nothing';
    },
    expected: FINDING,
    alsoOn: endOn(FINDING, THAT_HOLD_SLOTS),
  },
  {
    name: 'cache-replaced-in-use',
    about:
      'a mapping elsewhere replaces the device that a sender has just read from its socket, and that device is removed',
    source: [
      'docs/spec/tx-path.md#f7-race-of-the-learned-device',
      'docs/spec/tx-path.md#race-between-learner-and-sender',
    ],
    machine: TWO_DEVICES,
    play: (scene) => {
      const { learned, table, percentLimit } = scene.system.devices;
      const { cpu } = scene.machine.runners[0]!;
      const undo = intercept(percentLimit, 'take', (take) => (by, slots) => {
        undo();
        table.remove(1);
        cpu.txDevice = 2;
        learned.teach(cpu, 0, 2);
        cpu.txDevice = 0;
        for (let puts = 0; puts < 3; puts++) table.runDeferred();
        expectThat('the sender still holds the device that it read', table.refs(1) - table.stocked(1) > 0);
        return take(by, slots);
      });
      scene.machine.run();
      scene.system.devices.closeSockets();
      expectThat('no reference to the device is left in the end', table.isReleased(1), { refs: table.refs(1) });
      return 'the sender kept its reference until it had read the mailbox';
    },
    expected: FINDING,
    alsoOn: { ...endOn(FINDING, THAT_HOLD_SLOTS), ...endOn(COPES, ['page-pool']) }, // page pools hold their device
  },
  {
    name: 'taught-from-two-sides',
    about: 'two mappings for one socket, on two CPUs, teach it the device at the same time',
    source: [
      'docs/spec/tx-path.md#f7-race-of-the-learned-device',
      'docs/spec/tx-path.md#race-between-learner-and-sender',
    ],
    machine: mergeOptions(TWO_DEVICES, { sockets: { learn: 'transmit' } }),
    play: (scene) => {
      const { learned, table } = scene.system.devices;
      const { cpu } = scene.machine.runners[0]!;
      const undo = intercept(table, 'get', (get) => (device) => {
        undo();
        learned.teach(cpu, cpu.txSocket, device);
        get(device);
      });
      scene.machine.run();
      scene.system.devices.closeSockets();
      const held = table.refs(1) - table.deferred(1) - table.stocked(1);
      expectThat('only the device itself holds a reference to it in the end', held === 1, { refs: table.refs(1) });
      return 'one of the two references was dropped';
    },
    expected: { faithful: 'ERR_INVARIANT', hardened: 'copes' },
    alsoOn: endOn({ faithful: 'ERR_INVARIANT', hardened: 'copes' }, THAT_HOLD_SLOTS),
  },
  {
    name: 'page-shared-by-devices',
    about:
      'a task fills one page through two sockets, and the device of the second socket may reach only its own slot pool',
    source: [
      'docs/spec/tx-path.md#fault-holder-moves-between-sockets-and-devices',
      'docs/spec/tx-path.md#refill-with-a-socket',
    ],
    machine: mergeOptions(TWO_DEVICES, {
      sockets: { messagesPerSender: 0, senders: 2 },
      devices: { completion: 'line-rate', lineBitsPerSecond: 1e6 },
    }),
    play: (scene) => {
      const { devices, queues, layout } = scene.system;
      const { cpu, path } = scene.machine.runners[0]!;
      const frag = scene.newTask();
      scene.unwatch(referencesAreAccounted); // it knows nothing of this task
      devices.table.setAllocator(2, 1);
      for (const socket of [0, 1]) path.send(socket, frag, layout.users, 1000);
      const { ring } = queues[1]!;
      for (let at = ring.dirty; at !== ring.produced(); at = (at + 1) | 0) {
        const block = scene.blockAt(ring.dma(at));
        expectThat('no device is given a page of the slot pool of another one', block?.device !== 1);
      }
      frag.drop(cpu);
      scene.machine.drain();
      return 'the second socket took another page';
    },
    expected: FINDING,
    alsoOn: endOn(COPES, ['page-pool', 'txbuf']), // the one bounces, and in the other tasks share nothing
  },
  {
    name: 'device-never-done',
    about: 'the device completes nothing for a long time',
    source: ['docs/spec/tx-path.md#fault-completion-never-arriving'],
    machine: {
      sockets: { learn: 'told', messagesPerSender: 100 },
      devices: { completion: 'line-rate', lineBitsPerSecond: 1 },
    },
    play: (scene) => {
      scene.turns(2000);
      const stuck = scene.system.peers.receivedSkbs(0);
      expectThat('nothing has arrived', stuck === 0);
      const { sent } = scene;
      scene.machine.drain();
      return `senders waited with ${sent} bytes in flight, and all of them arrived in the end`;
    },
    expected: COPES,
    alsoOn: endOn(COPES, ALL_DESIGNS),
  },
  {
    name: 'acknowledgements-lost',
    about: 'half of the acknowledgements are lost, and later ones overtake the skbs that are transmitted again',
    source: ['docs/spec/tx-path.md#fault-lost-acknowledgements'],
    machine: {
      design: 'bounce',
      sockets: {
        messagesPerSender: 100,
        traffic: 'app-limited',
        messageBytes: 8192,
        sendBitsPerSecond: 30e6,
        skbBytes: 8192,
      },
      network: { ackLossShare: 0.5 },
      devices: { completion: 'line-rate', lineBitsPerSecond: 2e8 },
    },
    play: (scene) => {
      const { skbs, peers } = scene.system;
      let overtaken = 0;
      scene.until('everything is sent', () => {
        for (const { skb } of packetsInFlight(scene.system, 'done')) if (skbs.dataref(skb) === 1) overtaken++;
        return scene.machine.runners.every((runner) => runner.finished);
      });
      scene.machine.drain();
      expectThat('some skbs were acknowledged while the device had them again', overtaken > 0);
      const { bounced, sent } = scene;
      return `${peers.repeats(0)} skbs were transmitted again, and ${bounced} bytes were bounced to send ${sent}`;
    },
    expected: COPES,
    alsoOn: endOn(COPES, ALL_DESIGNS),
  },
];
