import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { run } from '../../../lib/cli/program.js';

afterEach(() => {
  jest.restoreAllMocks();
});

async function copytax(...args: string[]) {
  const written = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr'] as const) {
    jest.spyOn(process[stream], 'write').mockImplementation((text) => {
      written[stream] += text;
      return true;
    });
  }
  return { code: await run(args), ...written };
}

describe('copytax fault', () => {
  it('injects one fault in both flavours, and says how each ends', async () => {
    const { code, stdout } = await copytax('fault', 'plain-text-exposed');
    expect(code).toBe(0);
    expect(stdout).toContain('(a finding)');
    expect(stdout).toMatch(/faithful +ERR_EXPOSED: /);
    expect(stdout).toMatch(/hardened +copes: /);
    expect(stdout).toMatch(/\n2 passed, 0 failed\n$/);
  });

  it('injects faults in one flavour only, and prints JSON', async () => {
    const { code, stdout } = await copytax('fault', 'serial-wraps', 'clock-jumps', '--flavour', 'hardened', '--json');
    const { passed, failed, faults } = JSON.parse(stdout);
    expect({ code, passed, failed }).toEqual({ code: 0, passed: 2, failed: 0 });
    expect(faults.map(({ name }: { name: string }) => name)).toEqual(['serial-wraps', 'clock-jumps']);
    expect(faults[0].played).toEqual([expect.objectContaining({ flavour: 'hardened', outcome: 'copes' })]);
  });

  it('refuses a fault or flavour that does not exist, and names the nearest', async () => {
    const fault = await copytax('fault', 'plain-text-exposd');
    expect(fault).toMatchObject({ code: 2, stderr: expect.stringContaining("did you mean 'plain-text-exposed'?") });
    const flavour = await copytax('fault', '--flavour', 'faithfull');
    expect(flavour).toMatchObject({ code: 2, stderr: expect.stringContaining("did you mean 'faithful'?") });
  });
});
