/**
 * A fault: something that goes wrong on a machine that bounces, and how each flavour of a design has to end.
 * Source: docs/spec/tx-path.md#failure-modes-of-the-patch and docs/spec/tx-path.md#fault-injection.
 */
import type { BuiltInDesignName } from '../../designs/designs.js';
import type { ErrorCode } from '../../errors.js';
import type { Flavour } from '../../flavour.js';
import { type MachineOptions, mergeOptions } from '../../machine/build/config.js';
import { Scene } from './scene.js';

/** How a fault ends: the machine copes, or it stops with this error. */
export type FaultEnd = 'copes' | ErrorCode;
export type FaultEnds = Readonly<Record<Flavour, FaultEnd>>;

export interface Fault {
  /** Its name on the command line. */
  readonly name: string;
  /** What goes wrong, in a sentence. */
  readonly about: string;
  /** Headings of the specification that describe it. */
  readonly source: readonly string[];
  /** What it is played on; its design is the one that the fault is about: `bounce-pages` unless it says another. */
  readonly machine?: MachineOptions;
  /** Returns what happened, in a clause. Throws when the machine does not cope. */
  readonly play: (scene: Scene) => string;
  /** How each flavour of that design is known to end. */
  readonly expected: FaultEnds;
  /** Other designs that it is played on, and how these end. */
  readonly alsoOn?: Readonly<Partial<Record<BuiltInDesignName, FaultEnds>>>;
}

/** How a fault ended in one flavour. */
export interface Played {
  readonly design: BuiltInDesignName;
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
export function play(fault: Fault, flavour: Flavour, design = designsOf(fault)[0]!): Played {
  const scene = new Scene(flavour, mergeOptions(fault.machine ?? {}, { design }));
  const played = (end: FaultEnd, account: string): Played => ({
    design,
    flavour,
    end,
    account,
    asExpected: end === endsOf(fault, design)[flavour],
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

/** The designs that a fault is played on; the first is the one that it is about. */
export function designsOf({ machine, alsoOn }: Fault): readonly BuiltInDesignName[] {
  const own = (machine?.design ?? 'bounce-pages') as BuiltInDesignName;
  const others = Object.keys(alsoOn ?? {}) as BuiltInDesignName[];
  return [own, ...others.filter((design) => design !== own)];
}

/** How each flavour of a design is known to end under a fault, which is played on it. */
export function endsOf(fault: Fault, design: BuiltInDesignName): FaultEnds {
  return (design === designsOf(fault)[0] ? null : fault.alsoOn?.[design]) ?? fault.expected;
}

/** True if the faithful flavour breaks, and the hardened one copes. */
export function isFinding({ faithful, hardened }: FaultEnds): boolean {
  return faithful !== 'copes' && hardened === 'copes';
}
