import { execFileSync } from 'node:child_process';
import { describe, expect, it } from '@jest/globals';
import { shellWord } from '../../lib/tracefs/shell-word.js';

describe('shellWord', () => {
  it.each(['--root', '/host', '10ms', 'a=b'])('leaves %s as it is', (word) => {
    expect(shellWord(word)).toBe(word);
  });

  it.each(['', 'a b', "it's", '$HOME', '`id`', '*', 'a\nb', '"', '\\'])(
    'quotes %j, so that a shell reads it',
    (word) => {
      expect(execFileSync('sh', ['-c', `printf %s ${shellWord(word)}`], { encoding: 'utf8' })).toBe(word);
    },
  );
});
