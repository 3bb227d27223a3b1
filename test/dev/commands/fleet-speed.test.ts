import { describe, expect, it, jest } from '@jest/globals';
import { fleetSpeedCommand } from '../../../dev/commands/fleet-speed.js';

describe('the command that times fleets', () => {
  it('prints what each way of comparing a fleet takes', async () => {
    const lines: string[] = [];
    const spy = jest.spyOn(process.stdout, 'write').mockImplementation((text) => lines.push(String(text)) > 0);
    const code = await fleetSpeedCommand({ files: '12' }).finally(() => spy.mockRestore());
    expect(code).toBe(0);
    expect(lines[0]).toMatch(/^12 files on \d+ CPUs\n/);
    const taken = /: [\d.]+ s, [\d.]+ s of CPU time, \d+ MiB\n$/;
    expect(lines.slice(1).map((line) => line.replace(taken, ''))).toEqual([
      'compare',
      'compare --json',
      'compare --sql',
      'compare --parquet',
    ]);
  });

  it('refuses a fleet of one', async () => {
    await expect(fleetSpeedCommand({ files: '1' })).rejects.toMatchObject({ code: 'ERR_USAGE' });
  });
});
