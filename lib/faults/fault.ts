/**
 * A fault: something that goes wrong on a machine that bounces, and how each flavour has to end.
 * Source: docs/spec/tx-path.md#failure-modes-of-the-patch and docs/spec/tx-path.md#fault-injection.
 */
import type { ErrorCode } from '../errors.js';
import type { Flavour } from '../flavour.js';
import type { MachineOptions } from '../machine/build/config.js';
import { Scene } from './scene.js';

/** How a fault ends: the machine copes, or it stops with this error. */
export type FaultEnd = 'copes' | ErrorCode;

export interface Fault {
  /** Its name on the command line. */
  readonly name: string;
  /** What goes wrong, in a sentence. */
  readonly about: string;
  /** Headings of the specification that describe it. */
  readonly source: readonly string[];
  readonly machine?: MachineOptions;
  /** Returns what happened, in a clause. Throws when the machine does not cope. */
  readonly play: (scene: Scene) => string;
  /** How each flavour is known to end. */
  readonly expected: Readonly<Record<Flavour, FaultEnd>>;
}

/** How a fault ended in one flavour. */
export interface Played {
  readonly flavour: Flavour;
  readonly end: FaultEnd;
  /** What happened, or the message of the error. */
  readonly account: string;
  readonly asExpected: boolean;
}

/** Both flavours cope. */
export const COPES = { faithful: 'copes', hardened: 'copes' } as const;
/** A finding: the posted patch does something wrong that a check sees, and the hardened flavour copes. */
export const FINDING = { faithful: 'ERR_UNBALANCED', hardened: 'copes' } as const;

/** Plays a fault in one flavour. Expected failures are returned; anything thrown is a bug in the fault. */
export function play(fault: Fault, flavour: Flavour): Played {
  const scene = new Scene(flavour, fault.machine);
  const played = (end: FaultEnd, account: string): Played => ({
    flavour,
    end,
    account,
    asExpected: end === fault.expected[flavour],
  });
  try {
    return played('copes', fault.play(scene));
  } catch (error) {
    const { code, message, name } = error as { code?: ErrorCode; message: string; name: string };
    if (name !== 'CopytaxError' || code === undefined) throw error;
    return played(code, message);
  } finally {
    scene.close();
  }
}

/** True if the patch breaks under the fault as it was posted, and copes with the fixes of the hardened flavour. */
export function isFinding({ expected }: Fault): boolean {
  return expected.faithful !== 'copes' && expected.hardened === 'copes';
}
