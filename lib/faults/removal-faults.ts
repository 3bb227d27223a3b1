/** Faults of devices that go away while somebody still has to do with them. */
import { mergeOptions } from '../machine/build/config.js';
import { COPES, type Fault } from './fault.js';
import { expectThat, type Scene, untilInFlight } from './scene.js';

const TWO_DEVICES = { sockets: { learn: 'told', messagesPerSender: 60 }, devices: { count: 2, queues: 2 } } as const;
const SLOW = mergeOptions(TWO_DEVICES, { devices: { completion: 'line-rate', lineBitsPerSecond: 1e9 } });

/** Once everything is sent and every socket closed, nobody holds the device any more. */
function expectReleased({ system }: Scene, device: number): void {
  system.devices.closeSockets();
  expectThat(`nobody holds device ${device}`, system.devices.table.isReleased(device), {
    refs: system.devices.table.refs(device),
  });
}

/** Removes device 1, which others still hold, and sends the rest; answers what became of that. */
function removeAndSend(scene: Scene): string {
  const { table } = scene.system.devices;
  const before = scene.bounced;
  table.remove(1);
  table.runDeferred();
  expectThat('what is to be sent keeps the device', !table.isReleased(1));
  scene.machine.run();
  expectReleased(scene, 1);
  return `nothing was lost, and ${scene.bounced - before} bytes were bounced until sockets had learned again`;
}

/** Removes device 2, to which nothing is sent and which socket 0 remembers. */
function removeRemembered({ machine, system: { devices } }: Scene): Scene['system']['devices'] {
  machine.run();
  devices.learned.tell(0, 2);
  devices.table.remove(2);
  devices.table.runDeferred();
  return devices;
}

export const REMOVAL_FAULTS: readonly Fault[] = [
  {
    name: 'idle-device-removed',
    about: 'a device is removed that nothing is sent to, while an idle socket remembers it',
    source: 'docs/spec/tx-path.md#fault-device-removal, docs/spec/tx-path.md#validity-of-a-learned-device',
    machine: TWO_DEVICES,
    play: (scene) => {
      const { table } = removeRemembered(scene);
      expectThat('an idle socket keeps the device', !table.isReleased(2));
      expectReleased(scene, 2);
      return 'the device stayed until the socket was closed';
    },
    expected: COPES,
  },
  {
    name: 'device-removed-before-sending',
    about: 'a device is removed while data for it lie in the socket, unsent',
    source: 'docs/spec/tx-path.md#fault-device-removal',
    machine: mergeOptions(SLOW, { sockets: { smallQueueBytes: 1 } }),
    play: (scene) => {
      const { sockets } = scene.system;
      scene.until('data is unsent', () => sockets.end(0) !== sockets.next(0));
      return removeAndSend(scene);
    },
    expected: COPES,
  },
  {
    name: 'device-removed-while-sending',
    about: 'a device is removed between doorbells and completions',
    source: 'docs/spec/tx-path.md#fault-device-removal',
    machine: SLOW,
    play: (scene) => {
      untilInFlight(scene);
      return removeAndSend(scene);
    },
    expected: COPES,
  },
  {
    name: 'device-removed-during-put',
    about: 'the last put of a device waits for its worker when a socket learns the device, and it is removed',
    source: 'docs/spec/tx-path.md#fault-device-removal, docs/spec/tx-path.md#safe-put-of-a-device',
    machine: TWO_DEVICES,
    play: (scene) => {
      const { table, learned } = scene.system.devices;
      scene.machine.run();
      table.remove(2);
      expectThat('the last put is left to the worker', table.deferred(2) === 1 && table.refs(2) === 1);
      learned.tell(0, 2);
      table.remove(2);
      table.runDeferred();
      expectThat('the socket keeps the device', table.refs(2) === 1 && table.deferred(2) === 0);
      expectReleased(scene, 2);
      return 'the put that waited was made once, and the device stayed until the socket was closed';
    },
    expected: COPES,
  },
  {
    name: 'device-removed-twice',
    about: 'a device is removed twice, while packets are on their way to it',
    source: 'docs/spec/tx-path.md#fault-device-removal',
    machine: SLOW,
    play: (scene) => {
      const { table } = scene.system.devices;
      untilInFlight(scene);
      const held = table.refs(1);
      table.remove(1);
      table.remove(1);
      expectThat('its own reference goes once', table.refs(1) === held - 1, { held, refs: table.refs(1) });
      scene.machine.run();
      expectReleased(scene, 1);
      return 'the second time changed nothing';
    },
    expected: COPES,
  },
  {
    name: 'put-without-work-item',
    about: 'the last reference of a removed device is dropped when there is no memory for the work item',
    source: 'docs/spec/tx-path.md#f10-leaked-device-reference, docs/spec/tx-path.md#fault-deferred-put-without-memory',
    machine: TWO_DEVICES,
    play: (scene) => {
      const { table, learned } = removeRemembered(scene);
      table.limitItems(0);
      learned.forget(0);
      expectThat('one reference has leaked', table.leaked(2) === 1, { leaked: table.leaked(2) });
      expectThat('the device stays for ever', !table.isReleased(2));
      return 'exactly one reference leaked, on purpose, and the removal never ends';
    },
    expected: COPES,
  },
];
