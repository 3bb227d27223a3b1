import { afterEach, describe, expect, it } from '@jest/globals';
import { assembleCpu } from '../../../lib/machine/build/assemble-cpu.js';
import { Region } from '../../../lib/memory/region.js';
import { smallSystem } from '../fixtures/small-system.js';

const closers: { close(): void }[] = [];
afterEach(() => {
  for (const made of closers.splice(0)) made.close();
});

describe('assembleCpu', () => {
  it('gives each CPU its senders, and none to the CPU of a device that reads', () => {
    const system = smallSystem({ cpus: { count: 2 }, sockets: { senders: 5 }, devices: { completion: 'read' } });
    const ram = Region.create({ bytes: system.layout.bytes, lock: 'no', hugePages: 'never' });
    closers.push(ram);
    const sockets = [0, 1, 2].map((id) => assembleCpu(system, id, ram).senders.map(({ socket }) => socket));
    expect(sockets).toEqual([[0, 2, 4], [1, 3], []]);
  });

  it.each([
    ['retire', [false, false]],
    ['line-rate', [true, false]],
    ['read', [false, false, true]],
  ] as const)('lets one CPU step a device of completion mode %s', (device, plays) => {
    const system = smallSystem({ cpus: { count: 2 }, sockets: { senders: 1 }, devices: { completion: device } });
    const ram = Region.create({ bytes: system.layout.bytes, lock: 'no', hugePages: 'never' });
    closers.push(ram);
    const runners = plays.map((_, id) => assembleCpu(system, id, ram));
    for (const runner of runners) runner.exitSenders();
    expect(runners.map((runner) => runner.hasWork())).toEqual(plays);
  });
});
