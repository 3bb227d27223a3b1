import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { run } from '../../../lib/cli/program.js';
import { DESIGN_NAMES } from '../../../lib/designs/designs.js';

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

  it('injects a fault into another design, or into each that it is played on', async () => {
    const one = await copytax('fault', 'limit-overrun', '--design', 'txbuf');
    expect(one.code).toBe(0);
    expect(one.stdout).toMatch(/^ +txbuf +faithful +ERR_UNBALANCED: .*\n +txbuf +hardened +copes: .*\n2 passed/m);
    const { code, stdout } = await copytax('fault', 'no-single-pages', '--design', 'all', '--json');
    const { passed, faults } = JSON.parse(stdout);
    const designs = faults[0].played.map(({ design }: { design: string }) => design);
    expect(code).toBe(0);
    expect(designs).toEqual(expect.arrayContaining([...DESIGN_NAMES]));
    expect(passed).toBe(2 * DESIGN_NAMES.length);
  });

  it('refuses a design that does not exist, and one that a named fault is not played on', async () => {
    const unknown = await copytax('fault', 'clock-jumps', '--design', 'txbuff');
    expect(unknown).toMatchObject({ code: 2, stderr: expect.stringContaining("did you mean 'txbuf'?") });
    const other = await copytax('fault', 'clock-jumps', '--design', 'direct');
    const message = "fault 'clock-jumps' is not played on 'direct', only on bounce-pages, ";
    expect(other).toMatchObject({ code: 2, stderr: expect.stringContaining(message) });
  });

  it('refuses a fault or flavour that does not exist, and names the nearest', async () => {
    const fault = await copytax('fault', 'plain-text-exposd');
    expect(fault).toMatchObject({ code: 2, stderr: expect.stringContaining("did you mean 'plain-text-exposed'?") });
    const flavour = await copytax('fault', '--flavour', 'faithfull');
    expect(flavour).toMatchObject({ code: 2, stderr: expect.stringContaining("did you mean 'faithful'?") });
  });
});
