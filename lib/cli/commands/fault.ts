/** `copytax fault`: injects faults into small machines of a design, in both flavours, and prints how each ends. */
import { type BuiltInDesignName, DESIGN_NAMES } from '../../designs/designs.js';
import { FAULTS } from '../../faults/faults.js';
import { designsOf, endsOf, type Fault, isFinding, type Played, play } from '../../faults/scene/fault.js';
import { FLAVOURS, type Flavour } from '../../flavour.js';
import { oneOf } from '../../limits.js';
import { unknownWord, usageError } from '../options/usage.js';
import { EXIT_FAILED, EXIT_FINE } from '../terminal/print-error.js';

const WIDTH = Math.max(...DESIGN_NAMES.map((name) => name.length));

export interface FaultOptions {
  readonly flavour?: string;
  readonly design?: string;
  readonly json?: boolean;
}

/** The faults of these names, or all of them. @throws ERR_USAGE */
function faultsOf(names: readonly string[]): readonly Fault[] {
  const all = FAULTS.map(({ name }) => name);
  for (const name of names) oneOf('fault', name, all, unknownWord);
  return names.length === 0 ? FAULTS : FAULTS.filter(({ name }) => names.includes(name));
}

/** The word that stands for every design. */
const ALL = 'all';

/** The designs that a fault is to be played on: none, if it is not asked for by name. @throws ERR_USAGE */
function chosen(fault: Fault, design: string | undefined, isNamed: boolean): readonly BuiltInDesignName[] {
  const designs = designsOf(fault);
  if (design === undefined) return designs.slice(0, 1);
  if (design === ALL) return designs;
  const on = designs.filter((one) => one === oneOf('design', design, [...DESIGN_NAMES, ALL], unknownWord));
  if (on.length > 0 || !isNamed) return on;
  throw usageError(`fault '${fault.name}' is not played on '${design}', only on ${designs.join(', ')}`, { design });
}

function lines(fault: Fault, played: readonly Played[]): string[] {
  const ends = played.map(({ design, flavour, end, account, asExpected }) => {
    const verdict = asExpected ? end : `${end} instead of ${endsOf(fault, design)[flavour]}`;
    return `  ${design.padEnd(WIDTH)}  ${flavour.padEnd(8)}  ${verdict}: ${account}`;
  });
  const isOne = played.some(({ design }) => isFinding(endsOf(fault, design)));
  return [`${fault.name}: ${fault.about}${isOne ? ' (a finding)' : ''}`, ...ends];
}

/** In JSON, the end of a fault is called its outcome. */
function inJson({ design, flavour, end, account, asExpected }: Played) {
  return { design, flavour, outcome: end, account, asExpected };
}

/** Resolves to the exit code: 1 if a fault ends otherwise than its table says. @throws ERR_USAGE */
export async function faultCommand(names: readonly string[], { flavour, design, json }: FaultOptions): Promise<number> {
  const faults = faultsOf(names);
  const flavours: readonly Flavour[] =
    flavour === undefined ? FLAVOURS : [oneOf('flavour', flavour, FLAVOURS, unknownWord)];
  const designsFor = new Map(faults.map((fault) => [fault, chosen(fault, design, names.length > 0)]));
  const applicable = faults.filter((fault) => designsFor.get(fault)!.length > 0);
  const all = applicable.map((fault) => {
    const played = designsFor.get(fault)!.flatMap((on) => flavours.map((one) => play(fault, one, on)));
    if (!json) process.stdout.write(`${lines(fault, played).join('\n')}\n`);
    const { name, about, source, expected } = fault;
    return { name, about, source: source.join(', '), expected, played: played.map(inJson) };
  });
  const plays = all.flatMap(({ played }) => played);
  const passed = plays.filter(({ asExpected }) => asExpected).length;
  const counts = { passed, failed: plays.length - passed };
  if (json) process.stdout.write(`${JSON.stringify({ ...counts, faults: all }, null, 1)}\n`);
  else process.stdout.write(`${counts.passed} passed, ${counts.failed} failed\n`);
  return counts.failed === 0 ? EXIT_FINE : EXIT_FAILED;
}
