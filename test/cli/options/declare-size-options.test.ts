import { describe, expect, it } from '@jest/globals';
import { Command } from 'commander';
import { addSizeOptions } from '../../../lib/cli/options/declare-size-options.js';

describe('addSizeOptions', () => {
  it('collects hold times, and takes captures before and behind options', () => {
    const command = addSizeOptions(new Command('size'));
    command.parse(['a', '--hold', '1ms', '--hold', 'nvme=2ms', '--floor', '5', 'b', '--json'], { from: 'user' });
    expect(command.args).toEqual(['a', 'b']);
    expect(command.opts()).toEqual({ hold: ['1ms', 'nvme=2ms'], floor: '5', json: true });
  });
});
