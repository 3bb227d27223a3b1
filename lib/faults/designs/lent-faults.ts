/** Faults of memory that Linux lends to the network: destructors, and memory without a reference count. */
import { Splice } from '../../designs/splice.js';
import { type MachineOptions, mergeOptions } from '../../machine/build/config.js';
import { referencesAreAccounted } from '../../machine/check/memory-invariants.js';
import { SlabObjects } from '../../owner/kernel-buffers.js';
import { COPES, type Fault } from '../scene/fault.js';
import { expectThat, intercept, type Scene, untilInFlight } from '../scene/scene.js';

const LENT: MachineOptions = { design: 'splice' };
const SLAB = mergeOptions(LENT, { lending: { lender: 'slab' } });

/** Counts the calls that got an owner, and those of its destructor. */
function destructorCalls({ system }: Scene) {
  const counts = { made: 0, destroyed: 0, again: 0 };
  const live = new Set<number>();
  const state = system.designState;
  if (!(state instanceof Splice)) return counts;
  const { owners } = state.sends;
  intercept(state.sends, 'create', (create) => (socket, position) => {
    const id = create(socket, position);
    if (id >= 0) live.add(id);
    return id;
  });
  intercept(state.sends, 'discard', (discard) => (cpu, id) => {
    live.delete(id);
    discard(cpu, id);
  });
  intercept(state.sends, 'destroy', (destroy) => (cpu, id) => {
    counts.destroyed++;
    if (!live.delete(id)) counts.again++;
    destroy(cpu, id);
  });
  intercept(owners, 'alloc', (alloc) => (...args) => {
    counts.made++;
    return alloc(...args);
  });
  return counts;
}

export const LENT_FAULTS: readonly Fault[] = [
  {
    name: 'destructor-after-losses',
    about: 'skbs and acknowledgements are lost, so that memory that was lent is transmitted several times',
    source: ['docs/spec/tx-path.md#what-the-list-asks-of-owners', 'docs/spec/tx-path.md#fault-lost-acknowledgements'],
    machine: mergeOptions(SLAB, {
      network: { lossShare: 0.3, ackLossShare: 0.3 },
      sockets: { messagesPerSender: 200 },
    }),
    play: (scene) => {
      const counts = destructorCalls(scene);
      scene.machine.run();
      const again = scene.system.peers.lostSkbs(0);
      expectThat('some skbs were lost', again > 0);
      expectThat('no destructor was called twice', counts.again === 0, counts);
      const lent =
        counts.destroyed > 0 ? `each of ${counts.destroyed} destructors was called once` : 'nothing was lent';
      return `skbs were lost ${again} times, and ${lent}`;
    },
    expected: COPES,
  },
  {
    name: 'slab-object-freed-while-lent',
    about: 'an object of a slab is freed and allocated again while the network has it, whose page counts no references',
    source: ['docs/spec/tx-path.md#what-the-list-asks-of-owners'],
    machine: mergeOptions(SLAB, {
      sockets: { messagesPerSender: 4 },
      devices: { completion: 'line-rate', lineBitsPerSecond: 1e6 },
    }),
    play: (scene) => {
      const { system, machine } = scene;
      const { cpu } = machine.runners[0]!;
      const state = system.designState;
      untilInFlight(scene);
      if (!(state instanceof Splice) || !(state.lender instanceof SlabObjects)) {
        machine.run();
        return 'objects of a slab were copied, and not lent';
      }
      const { lender, sends } = state;
      const address = sends.entries.address(sends.owners.oldest(0), 0);
      const watchAgain = scene.unwatch(referencesAreAccounted); // it counts the user of each object
      const free = lender.freeObjects;
      lender.free(cpu, address);
      expectThat('the object is not free while it is lent', lender.freeObjects === free);
      const giveBack = intercept(lender, 'giveBack', (give) => (on, phys, bytes) => {
        give(on, phys, bytes);
        if (lender.freeObjects === free) return;
        giveBack();
        expectThat('it is the object that is allocated next', lender.alloc(cpu) === address);
        watchAgain();
      });
      machine.run();
      return 'the object was free when the network had given it back';
    },
    expected: COPES,
  },
];
