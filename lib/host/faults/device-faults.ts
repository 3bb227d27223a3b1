/** Faults of devices: ones that go away, that see too little memory, that are learned wrongly, or never answer. */
import { PageFrag } from '../../page/page-frag.js';
import { BouncePages } from '../../page/page-source.js';
import { NO_PAGE } from '../../page/page-table.js';
import { HARDIRQ } from '../../smp/ledger.js';
import { PAGE_SIZE } from '../../units.js';
import type { Fault } from './fault.js';
import { expectThat, intercept, type Scene } from './scene.js';

const COPES = { faithful: 'copes', hardened: 'copes' } as const;
const TWO_DEVICES = { devices: 2, queues: 2, learn: 'told', messagesPerSender: 60 } as const;

/** Once everything is sent and every socket closed, nobody holds the device any more. */
function expectReleased({ system }: Scene, device: number): void {
  system.devices.closeSockets();
  expectThat(`nobody holds device ${device}`, system.devices.table.isReleased(device), {
    refs: system.devices.table.refs(device),
  });
}

/** Until a doorbell has rung for packets that the device is not done with. */
function untilInFlight(scene: Scene): void {
  const { ring } = scene.system.queues[0]!;
  scene.until('packets are with the device', () => ring.done() !== ring.produced());
}

export const DEVICE_FAULTS: readonly Fault[] = [
  {
    name: 'idle-device-removed',
    about: 'a device is removed that nothing is sent to, while an idle socket remembers it',
    source: 'section 9, device removal; 2.4',
    machine: TWO_DEVICES,
    play: (scene) => {
      const { table, learned } = scene.system.devices;
      scene.machine.run();
      learned.tell(0, 2);
      table.remove(2);
      table.runDeferred();
      expectThat('an idle socket keeps the device', !table.isReleased(2));
      expectReleased(scene, 2);
      return 'the device stayed until the socket was closed';
    },
    expected: COPES,
  },
  {
    name: 'device-removed-while-sending',
    about: 'a device is removed, twice, between doorbells and completions, with data unsent and puts deferred',
    source: 'section 9, device removal',
    machine: { ...TWO_DEVICES, device: 'line-rate', lineRate: 1e9 },
    play: (scene) => {
      const { table } = scene.system.devices;
      untilInFlight(scene);
      table.remove(1);
      table.remove(1);
      const before = scene.bounced;
      table.runDeferred();
      scene.machine.run();
      expectReleased(scene, 1);
      return `nothing was lost, and ${scene.bounced - before} bytes were bounced until sockets had learned again`;
    },
    expected: COPES,
  },
  {
    name: 'put-without-work-item',
    about: 'the last reference of a removed device is dropped when there is no memory for the work item',
    source: 'F10; section 9, deferred-put allocation failure',
    machine: TWO_DEVICES,
    play: (scene) => {
      const { table, learned } = scene.system.devices;
      scene.machine.run();
      learned.tell(0, 2);
      table.remove(2);
      table.runDeferred();
      table.limitItems(0);
      learned.forget(0);
      expectThat('one reference has leaked', table.leaked(2) === 1, { leaked: table.leaked(2) });
      expectThat('the device stays for ever', !table.isReleased(2));
      return 'exactly one reference leaked, on purpose, and the removal never ends';
    },
    expected: COPES,
  },
  {
    name: 'narrow-dma-mask',
    about:
      'a device turns out to reach less memory than the bounce pool has, and the mask changes between map and unmap',
    source: 'section 9, DMA mask too small',
    machine: { messagesPerSender: 60, learn: 'told', device: 'line-rate', lineRate: 1e9 },
    play: (scene) => {
      const [device] = scene.system.devices.all;
      const { dmaMask } = device!;
      untilInFlight(scene);
      Object.assign(device!, { dmaMask: scene.system.layout.pool });
      scene.until('mappings fail', () => scene.mapFailures > 20);
      const bounced = scene.bounced;
      Object.assign(device!, { dmaMask });
      scene.machine.run();
      expectThat('what could not be mapped was put back and not bounced', bounced === 0, { bounced });
      return `${scene.mapFailures} packets were put back until the mask was wide again`;
    },
    expected: COPES,
  },
  {
    name: 'wrong-device-learned',
    about: 'a hard interrupt maps a buffer of a disk while a packet is being given to the network device',
    source: 'F5, section 2.2 (a)',
    machine: { ...TWO_DEVICES, learn: 'transmit' },
    play: (scene) => {
      const { learned } = scene.system.devices;
      const { cpu } = scene.machine.runners[0]!;
      intercept(scene.system.queues[0]!.bytes, 'charge', (charge) => (bytes) => {
        const { context } = cpu;
        cpu.context = HARDIRQ;
        learned.learn(cpu, cpu.txSocket, 2);
        cpu.context = context;
        return charge(bytes);
      });
      scene.turns(3);
      expectThat('the socket has learned the device that it sends to', learned.cached(0) !== 2);
      scene.machine.run();
      return 'the disk taught the socket nothing';
    },
    expected: { faithful: 'ERR_UNBALANCED', hardened: 'copes' },
  },
  {
    name: 'cache-replaced-in-use',
    about:
      'a mapping elsewhere replaces the device that a sender has just read from its socket, and that device goes away',
    source: 'F7, section 2.3',
    machine: TWO_DEVICES,
    play: (scene) => {
      const { learned, table, share } = scene.system.devices;
      const { cpu } = scene.machine.runners[0]!;
      const undo = intercept(share, 'take', (take) => (by, slots) => {
        undo();
        table.remove(1);
        cpu.txDevice = 2;
        learned.learn(cpu, 0, 2);
        cpu.txDevice = 0;
        for (const page of [1, 2, 3]) expectThat(`deferred put ${page} is made`, table.runDeferred() || true);
        expectThat(
          'the sender still holds the device that it read',
          table.refs(1) - table.stocked(1) > 0 || by === null,
        );
        return take(by, slots);
      });
      scene.machine.run();
      expectReleased(scene, 1);
      return 'the sender kept its reference until it had looked into the mailbox';
    },
    expected: { faithful: 'ERR_UNBALANCED', hardened: 'copes' },
  },
  {
    name: 'page-shared-by-devices',
    about: 'a task fills one page through two sockets, and the second socket’s device may see only a pool of its own',
    source: 'section 2.5, 2.9; section 9, holder migrated between sockets and devices',
    machine: { ...TWO_DEVICES, messagesPerSender: 0, senders: 2, device: 'line-rate', lineRate: 1e6 },
    play: (scene) => {
      const { devices, queues, pages, layout, freeing, systemPages, bouncePool } = scene.system;
      const { cpu, path } = scene.machine.runners[0]!;
      scene.unwatch();
      const frag = new PageFrag(pages, freeing.dispatch(pages, systemPages, new BouncePages(bouncePool, 1)));
      devices.table.setAllocator(2, 1);
      for (const socket of [0, 1]) path.send(socket, frag, layout.users, 1000);
      const { ring } = queues[1]!;
      for (let at = ring.dirty; at !== ring.produced(); at = (at + 1) | 0) {
        const head = pages.headOf(Math.floor(ring.dma(at) / PAGE_SIZE));
        expectThat('a device is given no page of another’s pool', head === NO_PAGE || pages.owner(head) !== 1);
      }
      frag.drop(cpu);
      scene.machine.drain();
      return 'the second socket took a page of its own';
    },
    expected: { faithful: 'ERR_UNBALANCED', hardened: 'copes' },
  },
  {
    name: 'device-never-done',
    about: 'the device stops being done with anything for a long time',
    source: 'section 9, completion never arriving',
    machine: { device: 'line-rate', lineRate: 1, learn: 'told', messagesPerSender: 100 },
    play: (scene) => {
      scene.turns(2000);
      const stuck = scene.system.peers.receivedSkbs(0);
      expectThat('nothing has arrived', stuck === 0);
      scene.machine.drain();
      return `senders waited with ${scene.sent} bytes in flight, and all of them arrived in the end`;
    },
    expected: COPES,
  },
  {
    name: 'peer-never-acknowledges',
    about: 'one receiver never acknowledges, and so keeps the slots of everything that was sent to it',
    source: 'F11; F2',
    machine: {
      senders: 2,
      queues: 2,
      pool: 1 << 20,
      window: 4 << 20,
      userBytes: 1 << 20,
      messagesPerSender: 100,
      learn: 'told',
    },
    play: (scene) => {
      const undo = intercept(scene.system.peers, 'acknowledge', (acknowledge) => (socket, now) => {
        return socket === 0 ? false : acknowledge(socket, now);
      });
      scene.until('the other sender is finished', () => scene.system.peers.receivedBytes(1) >= 100 * 32768);
      undo();
      const bounced = scene.bounced;
      scene.machine.drain();
      expectThat('the other sender had to bounce', bounced > 0);
      return `the other sender fell back to bouncing ${bounced} of ${scene.system.sockets.sentBytes(1)} bytes`;
    },
    expected: { faithful: 'ERR_STALLED', hardened: 'copes' },
  },
];
