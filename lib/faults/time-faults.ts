/** Faults of time, and of counters that wrap. */
import { ALL_DESIGNS, endOn, THAT_HOLD_SLOTS } from './scene/design-groups.js';
import { COPES, type Fault } from './scene/fault.js';
import { expectThat } from './scene/scene.js';

export const TIME_FAULTS: readonly Fault[] = [
  {
    name: 'serial-wraps',
    about: 'after billions of removed devices the serial number wraps around the one that a socket remembers',
    source: ['docs/spec/tx-path.md#fault-serial-wrap'],
    machine: { sockets: { learn: 'told', messagesPerSender: 100 }, devices: { count: 2, queues: 2 } },
    play: (scene) => {
      const { table } = scene.system.devices;
      for (const serial of [2 ** 24 - 1, 2 ** 31 - 1, -1]) {
        table.setSerial(serial);
        scene.turns(5);
        table.remove(2);
        table.runDeferred();
        scene.turns(5);
      }
      scene.machine.run();
      return `${scene.sent} bytes went out, ${scene.bounced} of them bounced while sockets learned again`;
    },
    expected: COPES,
    alsoOn: endOn(COPES, ALL_DESIGNS),
  },
  {
    name: 'clock-stands-still',
    about: 'the tick clock stands still',
    source: ['docs/spec/tx-path.md#fault-clock-stall-and-jump'],
    machine: { sockets: { learn: 'transmit', messagesPerSender: 60 } },
    play: (scene) => {
      scene.isTicking = false;
      scene.turns(300);
      scene.isTicking = true;
      scene.machine.run();
      expectThat('sockets have learned', scene.bounced < scene.sent);
      return 'sockets learned, and kept what they had learned';
    },
    expected: COPES,
    alsoOn: endOn(COPES, THAT_HOLD_SLOTS),
  },
  {
    name: 'clock-jumps',
    about: 'the clock jumps ahead by more than the time to live, ten times',
    source: ['docs/spec/tx-path.md#fault-clock-stall-and-jump'],
    machine: { sockets: { learn: 'told', messagesPerSender: 100 } },
    play: (scene) => {
      for (let jump = 0; jump < 10; jump++) {
        scene.turns(5);
        scene.now += 2e9;
      }
      scene.machine.run();
      expectThat('sockets forgot', scene.bounced > 0);
      return `sockets forgot and learned again; ${scene.bounced} of ${scene.sent} bytes were bounced meanwhile`;
    },
    expected: COPES,
    alsoOn: endOn(COPES, THAT_HOLD_SLOTS),
  },
  {
    name: 'idle-beyond-time-to-live',
    about: 'a socket is idle for longer than the time to live of the device that it learned',
    source: ['docs/spec/tx-path.md#validity-of-a-learned-device'],
    machine: { sockets: { learn: 'told', messagesPerSender: 40 } },
    play: (scene) => {
      const { learned } = scene.system.devices;
      const { cpu } = scene.machine.runners[0]!;
      learned.teach(Object.assign(cpu, { txDevice: 1 }), 0, 1);
      cpu.txDevice = 0;
      scene.now += 2e9;
      expectThat('the socket knows no device', learned.usable(cpu, 0) === 0);
      scene.machine.run();
      return 'the socket took ordinary pages once, and learned again';
    },
    expected: COPES,
    alsoOn: endOn(COPES, ALL_DESIGNS),
  },
];
