/**
 * A program for obligations O1 to O5 and O8: W adds pools to the allocator's list, M maps from one, and U asks about
 * the address that M published. See docs/spec/tx-path.md#ordering-obligations.
 */

import { load, type Program, type Steps, store } from '../model/program.js';
import { endOf, GARBAGE, type HandOver, handOver, lookUp, NO_POOL, nextOf, startOf, unmade } from './hand-over.js';

const HEAD = 'head';
const ADDRESS = 'address';

/** W makes `pools` pools, one after the other, each at the head of the list, without a fence after it (O8). */
export function publication(protocol: HandOver, pools = 1): Program {
  const numbers = Array.from({ length: pools }, (_, made) => made + 1);
  return {
    initially: unmade(...numbers),
    threads: {
      *W() {
        for (const pool of numbers) {
          yield store(startOf(pool), 100 * pool, 'plain');
          yield store(endOf(pool), 100 * pool + 10, 'plain');
          yield store(nextOf(pool), pool - 1, 'relaxed');
          yield store(HEAD, pool, protocol.publish);
        }
      },
      M: () => map(protocol),
      U: () => lookUp(protocol, ADDRESS, HEAD),
    },
  };
}

/** Maps from the pool at the head of the list. */
function* map(protocol: HandOver): Steps {
  const pool = yield load(HEAD, protocol.find);
  if (pool === NO_POOL) return 'no pool yet';
  const address = yield load(startOf(pool), 'plain');
  if (address === GARBAGE) return 'garbage';
  yield* handOver(protocol, address, ADDRESS);
  return 'mapped';
}
