/** Faults of memory that is registered once and stays shared: its end, and memory that was never registered. */
import type { Registered } from '../../designs/registered.js';
import type { CopytaxError } from '../../errors.js';
import { type MachineOptions, mergeOptions } from '../../machine/build/config.js';
import { Region } from '../../memory/region.js';
import { PAGE_SIZE } from '../../units.js';
import { COPES, type Fault } from '../scene/fault.js';
import { expectThat, type Scene, untilInFlight } from '../scene/scene.js';

const REGISTERED: MachineOptions = { design: 'registered' };
const IN_FLIGHT = mergeOptions(REGISTERED, { devices: { completion: 'line-rate', lineBitsPerSecond: 1e6 } });
const REGION_BYTES = 16 * PAGE_SIZE;

function stateOf({ system }: Scene): Registered {
  return system.designState as Registered;
}

/** Returns the error that a call throws, which has to be of this code. */
function refusal(code: string, call: () => void): CopytaxError {
  let error: CopytaxError | undefined;
  try {
    call();
  } catch (thrown) {
    error = thrown as CopytaxError;
  }
  expectThat(`the call is refused with ${code}`, error?.code === code, { code: error?.code });
  return error!;
}

/** Registers a region beside the machine's memory and sends all of it. Returns what to close. */
function sendRegion(scene: Scene) {
  const region = Region.create({ bytes: REGION_BYTES, lock: 'no' });
  const state = stateOf(scene);
  const binding = state.register(1, region);
  const { path } = scene.machine.runners[0]!;
  const sent = path.send(0, scene.newTask(), state.bindings.address(binding), REGION_BYTES);
  expectThat('the region was sent', sent === REGION_BYTES, { sent });
  return { region, binding };
}

export const REGISTERED_FAULTS: readonly Fault[] = [
  {
    name: 'registration-ended-in-flight',
    about: 'memory is unregistered while packets from it are in flight',
    source: ['docs/spec/tx-path.md#one-interface-for-three-lifetimes'],
    machine: IN_FLIGHT,
    play: (scene) => {
      const { bindings } = stateOf(scene);
      untilInFlight(scene);
      const error = refusal('ERR_IN_FLIGHT', () => bindings.unregister(0));
      expectThat('it says how many references', error.details.references === bindings.inFlight(0));
      scene.machine.run(); // every byte is compared with what was sent
      return `it was refused with a count of ${error.details.references}, and nothing was lost`;
    },
    expected: COPES,
  },
  {
    name: 'region-closed-while-registered',
    about:
      'a region beside the memory of the machine is closed while it is registered, with packets in flight and without',
    source: ['docs/spec/tx-path.md#one-interface-for-three-lifetimes'],
    machine: mergeOptions(IN_FLIGHT, { sockets: { messagesPerSender: 0 } }),
    play: (scene) => {
      const { bindings } = stateOf(scene);
      const { region, binding } = sendRegion(scene);
      const error = refusal('ERR_IN_FLIGHT', () => region.close());
      refusal('ERR_IN_FLIGHT', () => bindings.unregister(binding));
      scene.machine.drain();
      refusal('ERR_IN_FLIGHT', () => region.close());
      bindings.unregister(binding);
      region.close();
      const { references } = error.details;
      return `it was refused with ${references} references of packets in flight, and closed when none was left`;
    },
    expected: COPES,
  },
  {
    name: 'memory-not-registered',
    about: 'a sender sends memory whose registration has ended',
    source: ['docs/spec/tx-path.md#one-interface-for-three-lifetimes'],
    machine: mergeOptions(REGISTERED, { sockets: { messagesPerSender: 0 } }),
    play: (scene) => {
      const { bindings } = stateOf(scene);
      const { region, binding } = sendRegion(scene);
      const address = bindings.address(binding);
      scene.system.cpus.drain();
      scene.until('nothing is in flight', () => bindings.inFlight(binding) === 0);
      bindings.unregister(binding);
      region.close();
      const { path } = scene.machine.runners[0]!;
      scene.machine.drain();
      path.send(0, scene.newTask(), address, PAGE_SIZE);
      return 'no check noticed';
    },
    expected: { faithful: 'ERR_BAD_ADDRESS', hardened: 'ERR_BAD_ADDRESS' },
  },
];
