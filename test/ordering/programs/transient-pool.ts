/**
 * Programs for obligation O6 (docs/spec/tx-path.md#o6-a-transient-pool-is-linked-before-its-address-leaves): CPUs M and
 * N find the allocator's pools full. Each makes a transient pool, links it at the head of the device's list under the
 * device's lock, and publishes its address. U asks about the address of M, and walks past the pool of N.
 */

import { load, lock, type Order, type Program, type Steps, store, unlock } from '../model/program.js';
import { endOf, type HandOver, handOver, lookUp, NO_POOL, nextOf, startOf, unmade } from './hand-over.js';

const HEAD = 'head of the device';
const LOCK = 'lock of the device';

export interface Linking {
  readonly when: 'before the address is given' | 'after';
  readonly isLocked: boolean;
  /** The order of the store of the list's head. */
  readonly order: Order;
}

export const AS_SPECIFIED: Linking = { when: 'before the address is given', isLocked: true, order: 'release' };

/** `mappers` is 1 for M alone, and 2 for M and N at the same time. */
export function transientPools(protocol: HandOver, linking: Linking, mappers: 1 | 2): Program {
  const N = () => mapFull(protocol, linking, 2, "N's address");
  return {
    initially: unmade(1, 2),
    threads: {
      M: () => mapFull(protocol, linking, 1, 'address'),
      ...(mappers === 2 ? { N } : {}),
      U: () => lookUp(protocol, 'address', HEAD),
    },
  };
}

/**
 * M unmapped a transient pool and now makes another one over the same addresses, about which U asks. The memory of the
 * old pool is not reused yet, so U might still find it.
 */
export const remapped = (protocol: HandOver): Program => ({
  initially: { flag: 1, [HEAD]: 1, [startOf(1)]: 200, [endOf(1)]: 210, ...unmade(2) },
  threads: {
    *M() {
      yield store(HEAD, NO_POOL, protocol.publish);
      yield* mapFull(protocol, AS_SPECIFIED, 2, 'address');
    },
    U: () => lookUp(protocol, 'address', HEAD),
  },
});

function* mapFull(protocol: HandOver, linking: Linking, pool: number, to: string): Steps<void> {
  yield store(startOf(pool), 100 * pool, 'plain');
  yield store(endOf(pool), 100 * pool + 10, 'plain');
  if (linking.when === 'before the address is given') yield* link(linking, pool);
  yield* handOver(protocol, 100 * pool, to);
  if (linking.when === 'after') yield* link(linking, pool);
}

/** Words that the lock protects are read plainly. */
function* link({ isLocked, order }: Linking, pool: number): Steps<void> {
  if (isLocked) yield lock(LOCK);
  yield store(nextOf(pool), yield load(HEAD, 'plain'), 'relaxed');
  yield store(HEAD, pool, order);
  if (isLocked) yield unlock(LOCK);
}
