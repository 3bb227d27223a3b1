import { describe, expect, it } from '@jest/globals';
import { cpuOfStat } from '../../../../lib/bench/doctor/guards/unpinned.js';

const FIELDS = Array.from({ length: 52 }, (_, index) => `${index + 1}`);

/** The line of a thread: each field holds its own number, except the name of the command. */
const line = (command: string) => [FIELDS[0], `(${command})`, ...FIELDS.slice(2)].join(' ');

describe('cpuOfStat', () => {
  it.each(['node', 'a b', ':) 7 8', ''])('finds the CPU behind a command that is called "%s"', (command) => {
    expect(cpuOfStat(line(command))).toBe(39);
  });

  it('returns null for a line that is too short', () => {
    expect(cpuOfStat('1 (node) S 1 1')).toBeNull();
    expect(cpuOfStat('')).toBeNull();
  });
});
