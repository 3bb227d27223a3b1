/** Faults of removal: devices that are removed while sockets, packets or deferred puts refer to them. */
import { mergeOptions } from '../machine/build/config.js';
import { endOn, THAT_MAP_SLOTS } from './scene/design-groups.js';
import { COPES, type Fault } from './scene/fault.js';
import { expectThat, type Scene, untilInFlight } from './scene/scene.js';

const TWO_DEVICES = { sockets: { learn: 'told', messagesPerSender: 60 }, devices: { count: 2, queues: 2 } } as const;
const SLOW = mergeOptions(TWO_DEVICES, { devices: { completion: 'line-rate', lineBitsPerSecond: 1e9 } });

/** Closes the sockets, after which no reference to the device is left. */
function expectReleased({ system }: Scene, device: number): void {
  system.devices.closeSockets();
  expectThat(`no reference to device ${device} is left`, system.devices.table.isReleased(device), {
    refs: system.devices.table.refs(device),
  });
}

/** Removes device 1, which is still referenced, and sends the rest. Returns what happened. */
function removeAndSend(scene: Scene): string {
  const { table } = scene.system.devices;
  const before = scene.bounced;
  table.remove(1);
  table.runDeferred();
  expectThat('data that are to be sent keep the device', !table.isReleased(1));
  scene.machine.run();
  expectReleased(scene, 1);
  return `nothing was lost, and ${scene.bounced - before} bytes were bounced until sockets had learned again`;
}

/** Removes device 2, which sends nothing and which socket 0 remembers. */
function removeRemembered({ machine, system: { devices } }: Scene): Scene['system']['devices'] {
  machine.run();
  devices.learned.preset(0, 2);
  devices.table.remove(2);
  devices.table.runDeferred();
  return devices;
}

export const REMOVAL_FAULTS: readonly Fault[] = [
  {
    name: 'idle-device-removed',
    about: 'a device that sends nothing is removed while an idle socket remembers it',
    source: ['docs/spec/tx-path.md#fault-device-removal', 'docs/spec/tx-path.md#validity-of-a-learned-device'],
    machine: TWO_DEVICES,
    play: (scene) => {
      const { table } = removeRemembered(scene);
      expectThat('an idle socket keeps the device', !table.isReleased(2));
      expectReleased(scene, 2);
      return 'the device stayed until the socket was closed';
    },
    expected: COPES,
    alsoOn: endOn(COPES, THAT_MAP_SLOTS),
  },
  {
    name: 'device-removed-before-sending',
    about: 'a device is removed while a socket holds unsent data for it',
    source: ['docs/spec/tx-path.md#fault-device-removal'],
    machine: mergeOptions(SLOW, { sockets: { smallQueueBytes: 1 } }),
    play: (scene) => {
      const { sockets } = scene.system;
      scene.until('data are unsent', () => sockets.end(0) !== sockets.next(0));
      return removeAndSend(scene);
    },
    expected: COPES,
    alsoOn: endOn(COPES, THAT_MAP_SLOTS),
  },
  {
    name: 'device-removed-while-sending',
    about: 'a device is removed between a doorbell and its completion',
    source: ['docs/spec/tx-path.md#fault-device-removal'],
    machine: SLOW,
    play: (scene) => {
      untilInFlight(scene);
      return removeAndSend(scene);
    },
    expected: COPES,
    alsoOn: endOn(COPES, THAT_MAP_SLOTS),
  },
  {
    name: 'device-removed-during-put',
    about: 'the last put of a removed device waits for its worker when a socket learns the device',
    source: ['docs/spec/tx-path.md#fault-device-removal', 'docs/spec/tx-path.md#safe-put-of-a-device'],
    machine: TWO_DEVICES,
    play: (scene) => {
      const { table, learned } = scene.system.devices;
      scene.machine.run();
      table.remove(2);
      expectThat('the last put is deferred', table.deferred(2) === 1 && table.refs(2) === 1);
      learned.preset(0, 2);
      table.remove(2);
      table.runDeferred();
      expectThat('the socket keeps the device', table.refs(2) === 1 && table.deferred(2) === 0);
      expectReleased(scene, 2);
      return 'the deferred put was made once, and the device stayed until the socket was closed';
    },
    expected: COPES,
  },
  {
    name: 'device-removed-twice',
    about: 'a device is removed twice while packets for it are in flight',
    source: ['docs/spec/tx-path.md#fault-device-removal'],
    machine: SLOW,
    play: (scene) => {
      const { table } = scene.system.devices;
      untilInFlight(scene);
      const held = table.refs(1);
      table.remove(1);
      table.remove(1);
      expectThat('its own reference is dropped once', table.refs(1) === held - 1, { held, refs: table.refs(1) });
      scene.machine.run();
      expectReleased(scene, 1);
      return 'the second removal changed nothing';
    },
    expected: COPES,
    alsoOn: endOn(COPES, THAT_MAP_SLOTS),
  },
  {
    name: 'put-without-work-item',
    about: 'the last reference of a removed device is dropped when there is no memory for the work item',
    source: [
      'docs/spec/tx-path.md#f10-leaked-device-reference',
      'docs/spec/tx-path.md#fault-deferred-put-without-memory',
    ],
    machine: TWO_DEVICES,
    play: (scene) => {
      const { table, learned } = removeRemembered(scene);
      table.limitItems(0);
      learned.forget(0);
      expectThat('one reference has leaked', table.leaked(2) === 1, { leaked: table.leaked(2) });
      expectThat('the device stays for ever', !table.isReleased(2));
      return 'one reference leaked on purpose, and the removal never ends';
    },
    expected: COPES,
  },
];
