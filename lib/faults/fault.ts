/**
 * A fault: something that goes wrong on a machine that bounces, and what has to become of it.
 * Source: docs/spec/tx-path.md#failure-modes-of-the-patch and docs/spec/tx-path.md#fault-injection.
 */
import type { ErrorCode } from '../errors.js';
import type { Flavour } from '../flavour.js';
import type { MachineOptions } from '../machine/build/config.js';
import { Scene } from './scene.js';

/** What becomes of a fault: the machine copes, or it ends with this error. */
export type Outcome = 'copes' | ErrorCode;

export interface Fault {
  /** As on the command line. */
  readonly name: string;
  /** What goes wrong, in a sentence. */
  readonly about: string;
  /** The headings of the specification that it comes from, separated by commas. */
  readonly source: string;
  readonly machine?: MachineOptions;
  /** Throws when the machine does not cope; answers what happened, in a clause. */
  readonly play: (scene: Scene) => string;
  /** What each flavour makes of it. */
  readonly expected: Readonly<Record<Flavour, Outcome>>;
}

export interface Played {
  readonly flavour: Flavour;
  readonly outcome: Outcome;
  /** What happened, or the error's message. */
  readonly account: string;
  readonly asExpected: boolean;
}

/** What becomes of most faults. */
export const COPES = { faithful: 'copes', hardened: 'copes' } as const;
/** Of those that break what was posted, and a check sees it. */
export const FINDING = { faithful: 'ERR_UNBALANCED', hardened: 'copes' } as const;

/** Plays a fault in one flavour. Throws only what is no outcome. */
export function play(fault: Fault, flavour: Flavour): Played {
  const scene = new Scene(flavour, fault.machine);
  const end = (outcome: Outcome, account: string): Played => ({
    ...{ flavour, outcome, account },
    asExpected: outcome === fault.expected[flavour],
  });
  try {
    return end('copes', fault.play(scene));
  } catch (error) {
    const { code, message, name } = error as { code?: ErrorCode; message: string; name: string };
    if (name !== 'CopytaxError' || code === undefined) throw error;
    return end(code, message);
  } finally {
    scene.close();
  }
}

/** Is it one that the design breaks under as it was posted, and not with the rules beside it? */
export function isFinding({ expected }: Fault): boolean {
  return expected.faithful !== 'copes' && expected.hardened === 'copes';
}
