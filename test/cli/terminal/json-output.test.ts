import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { JsonOutput } from '../../../lib/cli/terminal/json-output.js';
import { scratchFolder } from '../../scratch.js';

afterEach(() => void jest.restoreAllMocks());

/** What goes to stdout for this value of --json. */
function printed(option: string | boolean | undefined): string {
  const write = jest.spyOn(process.stdout, 'write').mockReturnValue(true);
  new JsonOutput(option).print({ a: 1 }, () => 'the report\n');
  const text = write.mock.calls.map(([part]) => String(part)).join('');
  write.mockRestore();
  return text;
}

describe('the output of a command with --json', () => {
  it('is the report without it, and JSON with it', () => {
    expect(printed(undefined)).toBe('the report\n');
    expect(JSON.parse(printed(true))).toEqual({ a: 1 });
  });

  it('is the report beside a file of JSON', () => {
    const file = join(scratchFolder(), 'out.json');
    expect(printed(file)).toBe('the report\n');
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({ a: 1 });
  });

  it('is refused before anything is done if the file cannot be written', () => {
    expect(() => new JsonOutput('/missing/out.json')).toThrow(expect.objectContaining({ code: 'ERR_RESULT_FILE' }));
  });
});
