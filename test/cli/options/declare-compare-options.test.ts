import { describe, expect, it } from '@jest/globals';
import { Command } from 'commander';
import { MEASURE_NAMES } from '../../../lib/bench/compare/fail-condition.js';
import { addCompareOptions } from '../../../lib/cli/options/declare-compare-options.js';

describe('the options of compare', () => {
  it('are explained, with every measure of a condition', () => {
    const written: string[] = [];
    const command = addCompareOptions(new Command('compare'));
    command.configureOutput({ writeOut: (text) => void written.push(text) }).outputHelp();
    for (const word of ['--fail-if', '--email', '--min-effect', 'Exit codes:', ...MEASURE_NAMES]) {
      expect(written.join('')).toContain(word);
    }
  });

  it('collect conditions', () => {
    const command = addCompareOptions(new Command('compare')).action(() => {});
    command.parse(['a', '--fail-if', 'x', 'b', '--fail-if', 'y'], { from: 'user' });
    expect({ args: command.args, options: command.opts() }).toEqual({
      args: ['a', 'b'],
      options: { failIf: ['x', 'y'] },
    });
  });
});
