import { afterEach, describe, expect, it } from '@jest/globals';
import { Disturber } from '../../../dev/machine/disturber.js';
import { machineConfig } from '../../../lib/machine/build/config.js';
import { InlineMachine } from '../../../lib/machine/run/inline-machine.js';

let machine: InlineMachine | undefined;
afterEach(() => machine?.close());

/** Returns a machine of two devices, the second of which nothing is sent to. */
function machineOf(): InlineMachine {
  const devices = { design: 'bounce-pages', sockets: { senders: 1 }, devices: { queues: 2, count: 2 } } as const;
  const small = {
    sockets: { sendBufferBytes: 1 << 18, messagesPerSender: 20, userBufferBytes: 1 << 18 },
    slotPool: { bytes: 1 << 20, pagePercent: 50 },
    checking: { everyByte: true },
  };
  machine?.close();
  machine = new InlineMachine(machineConfig({ cpus: { copyKernel: 0 } }, devices, small));
  return machine;
}

/** Returns facts of the machine after each step that did something. */
function course(seed: number, times: number): string[] {
  const { system } = machineOf();
  const { percentLimit, table, learned } = system.devices;
  const disturber = new Disturber(system, { seed, times });
  const seen: string[] = [];
  for (let step = 0; step < 2000; step++) {
    if (!disturber.step()) continue;
    const devices = [1, 2].map((device) => table.isRemoved(device));
    const sockets = [1, 2].map((socket) => learned.holds(socket));
    seen.push([percentLimit.percent, table.serial, ...devices, ...sockets].join(' '));
  }
  expect(disturber.finished).toBe(true);
  return seen;
}

describe('a disturber', () => {
  it('makes N changes, the same ones for the same seed', () => {
    expect(course(3, 12)).toHaveLength(12);
    expect(course(3, 12)).toEqual(course(3, 12));
    expect(course(3, 12)).not.toEqual(course(4, 12));
  });

  it('changes the percentage up to its first value, removes devices that no sender uses, and teaches sockets', () => {
    const seen = course(5, 60).map((text) => text.split(' '));
    const percents = seen.map(([percent]) => Number(percent));
    expect(Math.max(...percents)).toBe(50);
    expect(new Set(percents).size).toBeGreaterThan(5);
    expect(new Set(seen.map(([, serial]) => serial)).size).toBeGreaterThan(3);
    expect(seen.some(([, , first]) => first === 'true')).toBe(false);
    expect(seen.at(-1)![3]).toBe('true');
    expect(seen.some(([, , , , holds]) => holds !== '0')).toBe(true);
    machine!.run();
  });

  it('stops once the machine drains', () => {
    const { system } = machineOf();
    const disturber = new Disturber(system, { seed: 1, times: 5 });
    system.cpus.drain();
    expect({ finished: disturber.finished, progress: disturber.step() }).toEqual({ finished: true, progress: false });
  });
});
