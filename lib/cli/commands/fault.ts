/** `copytax fault`: injects faults into small machines, in both flavours, and prints how each of them ends. */

import { type Fault, isFinding, type Played, play } from '../../faults/fault.js';
import { FAULTS } from '../../faults/faults.js';
import { FLAVOURS, type Flavour } from '../../flavour.js';
import { oneOf } from '../../limits.js';
import { unknownWord } from '../options/usage.js';
import { EXIT_FAILED, EXIT_FINE } from '../terminal/print-error.js';

export interface FaultOptions {
  readonly flavour?: string;
  readonly json?: boolean;
}

/** The faults of these names, or all of them. @throws ERR_USAGE */
function faultsOf(names: readonly string[]): readonly Fault[] {
  const all = FAULTS.map(({ name }) => name);
  for (const name of names) oneOf('fault', name, all, unknownWord);
  return names.length === 0 ? FAULTS : FAULTS.filter(({ name }) => names.includes(name));
}

function lines(fault: Fault, played: readonly Played[]): string[] {
  const ends = played.map(({ flavour, end, account, asExpected }) => {
    const verdict = asExpected ? end : `${end} instead of ${fault.expected[flavour]}`;
    return `  ${flavour.padEnd(8)}  ${verdict}: ${account}`;
  });
  return [`${fault.name}: ${fault.about}${isFinding(fault) ? ' (a finding)' : ''}`, ...ends];
}

/** In JSON, the end of a fault is called its outcome. */
function inJson({ flavour, end, account, asExpected }: Played) {
  return { flavour, outcome: end, account, asExpected };
}

/** Resolves to the exit code: 1 if a fault ends otherwise than its table says. @throws ERR_USAGE */
export async function faultCommand(names: readonly string[], { flavour, json }: FaultOptions): Promise<number> {
  const faults = faultsOf(names);
  const flavours: readonly Flavour[] =
    flavour === undefined ? FLAVOURS : [oneOf('flavour', flavour, FLAVOURS, unknownWord)];
  const all = faults.map((fault) => {
    const played = flavours.map((one) => play(fault, one));
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
