/**
 * Small machines of all designs, whose CPUs take turns while each access is entered in a `RaceDetector`: a lock that is
 * left out, a plain store where an atomic one is due, and a publication before what it publishes are found here, on
 * any host, also where they could not go wrong.
 */
import { describe, expect, it } from '@jest/globals';
import { exploredMachine } from '../../dev/machine/explored-machine.js';
import { DESIGN_NAMES } from '../../lib/designs/designs.js';
import { machineConfig } from '../../lib/machine/build/config.js';
import { cpuThreads } from '../../lib/machine/build/sizing.js';
import { InlineMachine } from '../../lib/machine/run/inline-machine.js';
import { Rendezvous } from '../../lib/machine/run/trial.js';
import { Slots } from '../../lib/slots/slots.js';
import { Arena } from '../../lib/smp/arena.js';
import { Cpu } from '../../lib/smp/cpu.js';
import { GrowingSlotPools } from '../../lib/swiotlb/pools/growing-slot-pools.js';
import { Counters } from '../../lib/swiotlb/slots/counters.js';
import { testCpus } from '../smp/fixtures/cpus.js';
import { POOL_START, SharedBlocks } from '../swiotlb/fixtures/shared-blocks.js';
import { forbidden } from './races/plain-reads.js';
import { type Access, RaceDetector } from './races/race-detector.js';
import { WatchedMachines } from './races/watched-machine.js';

/** Threads besides the CPUs of a machine that may have a number: a device, and the work in the background. */
const OTHER_THREADS = 3;
/** Seeds of the explorer whose machines are soon done, and have all designs, modes of growth, qdiscs and devices. */
const SEEDS = [0, 1, 5, 8, 13, 14, 15, 18, 21, 24, 25, 27, 30, 36, 39, 43, 44, 46, 48, 52, 53];

describe('a machine', () => {
  it('of any design has no plain access that races, except for plain reads that may be stale', () => {
    using machines = new WatchedMachines();
    const designs = new Set<string>();
    for (const seed of SEEDS) {
      const config = machineConfig(exploredMachine(seed).config, {
        checking: { everyByte: false }, // the checks read what no CPU may
        sockets: { messagesPerSender: 3 },
      });
      designs.add(config.design);
      machines.begin(cpuThreads(config) + OTHER_THREADS);
      using machine = new InlineMachine(config);
      machine.run();
    }
    expect(forbidden(machines.races)).toEqual([]);
    expect({ designs: [...designs].sort(), seen: machines.races.length > 20 }).toEqual({
      designs: [...DESIGN_NAMES].sort(),
      seen: true,
    });
  });
});

describe('an allocator that grows', () => {
  it('has no plain access that races, from CPUs that grow to others that map and look up', () => {
    using machines = new WatchedMachines();
    const CPUS = 5;
    machines.begin(CPUS);
    const device = { index: 0, minAlignMask: 0, segmentBoundaryMask: Infinity };
    const build = (arena: Arena) => {
      const blocks = new SharedBlocks(arena);
      const growth = { defaultSlots: 512, defaultAreas: 1, physLimit: Infinity, zoneDmaLimit: 0, blocks };
      const boot = { start: POOL_START, slots: 512, areas: 1 };
      const config = { defaultAreas: 1, devices: 1, cpus: CPUS, growth, addedSlotPools: 2, transientPools: 4 };
      const pools = new GrowingSlotPools(arena, boot, config, new Counters(arena));
      return { pools, given: arena.int32(1) };
    };
    // Each CPU has objects of its own over the same words, as on a thread of its own.
    const { buffer } = Arena.for(build);
    const own = Array.from({ length: CPUS }, () => build(Arena.over(buffer!)));
    const { cpus } = testCpus(CPUS);
    own[0]!.pools.reset();
    const [grower, mapper, user, freer, other] = [0, 1, 2, 3, 4];
    const found = () => ({ pool: own[0]!.pools.list.boot, index: 0 });
    const search = () => {
      const where = found();
      const slot = own[mapper]!.pools.search(cpus[mapper]!, device, 0, 262_144, 0, where);
      const address = where.pool.addressOf(slot);
      Atomics.store(own[mapper]!.given, 0, address);
      return where.index;
    };
    const indices: number[] = [];
    for (let block = 0; block < 11; block++) {
      indices.push(machines.runOn(mapper, search));
      const find = (cpu: number) => own[cpu]!.pools.find(cpus[cpu]!, device, Atomics.load(own[cpu]!.given, 0));
      expect(machines.runOn(user, () => find(user))).toBe(indices.at(-1));
      if (own[freer]!.pools.list.isTransient(indices.at(-1)!)) {
        machines.runOn(freer, () => own[freer]!.pools.freeTransient(cpus[freer]!, device, find(freer)));
        const from = block % 2 === 0 ? grower : other;
        machines.runOn(from, () => own[from]!.pools.grow(cpus[from]!));
      }
    }
    expect(new Set(indices).size).toBeGreaterThan(3);
    expect(forbidden(machines.races)).toEqual([]);
  });
});

describe('a slot pool of copytax/slots', () => {
  it('has no plain access that races, whichever of two threads allocates and frees', () => {
    using machines = new WatchedMachines();
    machines.begin(2);
    using first = Slots.create({ bytes: 512 * 1024, lock: 'no' });
    using second = Slots.attach(first.handle);
    const handles = [first, second];
    const taken: number[] = [];
    for (let round = 0; round < 40; round++) {
      const taker = round % 2;
      machines.runOn(taker, () => taken.push(handles[taker]!.alloc(2048 * (1 + (round % 5)))));
      if (round % 3 === 0) continue;
      const giver = (round >> 1) % 2;
      machines.runOn(giver, () => handles[giver]!.free(taken.shift()!));
    }
    expect(machines.accesses).toBeGreaterThan(100);
    expect(forbidden(machines.races)).toEqual([]);
  });
});

describe('a trial', () => {
  it('has no plain access that races when another thread reads at what time it started', () => {
    using machines = new WatchedMachines();
    machines.begin(2);
    const build = (arena: Arena) => new Rendezvous(arena);
    const meeting = build(Arena.for(build));
    const cpu = Cpu.alone();
    const started = machines.runOn(0, () => meeting.start(cpu, 1));
    expect(machines.runOn(1, () => meeting.startedAt)).toBe(started);
    expect(forbidden(machines.races)).toEqual([]);
  });
});

describe('a race', () => {
  const isForbidden = (text: string) => forbidden([{ text, readers: [] }]).length === 1;

  it('is permitted if it is known of each plain access why it does no harm, and only then', () => {
    expect(isForbidden('store in TxQueue.enqueue, read in TxQueue.isEmpty')).toBe(false);
    expect(isForbidden('read in SocketTable.end, write in SocketTable.append')).toBe(false);
    expect(isForbidden('store in TxQueue.enqueue, read in TxQueue.enqueue')).toBe(true);
    expect(isForbidden('write in TxQueue.enqueue, read in TxQueue.isEmpty')).toBe(true);
    expect(isForbidden('write in TxQueue.enqueue, load in TxQueue.isEmpty')).toBe(true);
  });

  it('is never permitted of a lock that is released and not held', () => {
    expect(isForbidden('unlock from Qdisc.run: the lock is not held')).toBe(true);
  });
});

describe('RaceDetector', () => {
  /** The races of steps such as `0 write x`, one after the other. */
  const races = (...steps: string[]) => {
    const detector = new RaceDetector(3);
    return steps.flatMap((step) => {
      const [cpu, access, word] = step.split(' ');
      const found = detector.access(Number(cpu), word!, access as Access, step);
      return found.map(({ first }) => `${first.where as string}, ${step}`);
    });
  };

  it('finds two plain accesses that nothing orders, unless both read', () => {
    expect(races('0 write x', '1 read x')).toEqual(['0 write x, 1 read x']);
    expect(races('0 read x', '1 write x')).toEqual(['0 read x, 1 write x']);
    expect(races('0 write x', '1 write x')).toEqual(['0 write x, 1 write x']);
    expect([races('0 read x', '1 read x'), races('0 write x', '0 read x'), races('0 write x', '1 read y')]).toEqual([
      [],
      [],
      [],
    ]);
  });

  it('finds a plain access beside an atomic one, and none beside atomic ones', () => {
    expect(races('0 store x', '1 read x')).toEqual(['0 store x, 1 read x']);
    expect(races('0 write x', '1 load x')).toEqual(['0 write x, 1 load x']);
    expect(races('0 store x', '1 load x', '1 update x', '0 update x', '2 store x')).toEqual([]);
  });

  it('lets a store that is loaded order what was before it and what follows', () => {
    expect(races('0 write x', '0 store f', '1 load f', '1 read x')).toEqual([]);
    expect(races('0 write x', '0 store f', '1 update f', '2 load f', '2 write x')).toEqual([]);
  });

  it('finds what is written after its publication, and what is read before it is acquired', () => {
    expect(races('0 store f', '0 write x', '1 load f', '1 read x')).toEqual(['0 write x, 1 read x']);
    expect(races('0 write x', '0 store f', '1 read x', '1 load f')).toEqual(['0 write x, 1 read x']);
    expect(races('0 write x', '0 store f', '1 store f', '2 load f', '2 read x')).toEqual(['0 write x, 2 read x']);
  });
});
