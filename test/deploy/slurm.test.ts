/** The batch script with a program that stands for `srun`: it starts a task for each node, and passes signals on. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { readResult } from '../../lib/bench/result/result-file.js';
import { scratchFolder } from '../scratch.js';
import { ROOT } from './dockerfile.js';

const SCRIPT = join(ROOT, 'deploy/slurm/copytax.sbatch');
const COPYTAX = join(ROOT, 'scripts/copytax.cjs');
const directives = new Map(
  [...readFileSync(SCRIPT, 'utf8').matchAll(/^#SBATCH --([\w-]+)(?:=(.*))?$/gm)].map(([, name, value]) => [
    name!,
    value ?? '',
  ]),
);

const SRUN = `#!/bin/bash
printf '%s\\n' "$@" >"$SRUN_SAID"
while [[ $1 == --* ]]; do shift; done
tasks=()
trap 'kill -TERM "\${tasks[@]}"' TERM
for ((rank = 0; rank < SLURM_JOB_NUM_NODES; rank++)); do
  SLURM_PROCID=$rank "$@" &
  tasks+=($!)
done
worst=0
for task in "\${tasks[@]}"; do
  while :; do
    wait "$task"
    code=$?
    kill -0 "$task" 2>/dev/null || break
  done
  ((code > worst)) && worst=$code
done
exit $worst
`;

/** A copytax that writes its arguments to the file of its result. */
const STUB = `#!/bin/bash
echo "$@" >"\${@: -1}"
exit "\${STUB_CODE:-0}"
`;

/** A cluster in a folder: programs in `bin`, and the variables of a job. */
function cluster(variables: Readonly<Record<string, string>>) {
  const folder = scratchFolder();
  const bin = join(folder, 'bin');
  mkdirSync(bin);
  writeFileSync(join(bin, 'srun'), SRUN, { mode: 0o755 });
  writeFileSync(join(bin, 'copytax'), STUB, { mode: 0o755 });
  const env = {
    PATH: `${bin}:${process.env.PATH}`,
    SRUN_SAID: join(folder, 'srun-said'),
    SLURM_SUBMIT_DIR: folder,
    SLURM_JOB_ID: '71',
    SLURM_JOB_NUM_NODES: '1',
    ...variables,
  };
  return { folder, env, results: join(folder, 'results') };
}

const submit = (env: Readonly<Record<string, string>>, ...args: string[]) =>
  spawnSync('bash', [SCRIPT, ...args], { env, encoding: 'utf8' });

describe('copytax.sbatch', () => {
  it('asks for a whole node for one task, and for a signal before its time is over', () => {
    expect(spawnSync('bash', ['-n', SCRIPT], { encoding: 'utf8' }).stderr).toBe('');
    expect([...directives.keys()]).toEqual(
      expect.arrayContaining(['nodes', 'ntasks-per-node', 'exclusive', 'mem', 'time', 'signal', 'output']),
    );
    expect(directives.get('ntasks-per-node')).toBe('1');
    expect(directives.get('signal')).toMatch(/^TERM@\d+$/); // `B:` would leave out the run itself
  });

  it('writes a file for each node of a job, and passes its arguments on', () => {
    const { env, results } = cluster({ SLURM_JOB_NUM_NODES: '3' });
    const { status, stderr } = submit(env, '--designs', 'bounce,direct');
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(readdirSync(results)).toEqual(['71-0.json', '71-1.json', '71-2.json']);
    expect(readFileSync(join(results, '71-1.json'), 'utf8')).toBe(
      `bench --designs bounce,direct --json ${results}/71-1.json\n`,
    );
    const said = readFileSync(env.SRUN_SAID, 'utf8').split('\n');
    expect(said).toContain('--cpu-bind=none');
    expect(said).toContain('--kill-on-bad-exit=0');
  });

  it('writes a file for each task of an array', () => {
    const { env, results } = cluster({ SLURM_ARRAY_JOB_ID: '70' });
    for (const task of ['0', '1']) submit({ ...env, SLURM_JOB_ID: `7${task}`, SLURM_ARRAY_TASK_ID: task });
    expect(readdirSync(results)).toEqual(['70-0-0.json', '70-1-0.json']);
  });

  it('ends with the exit code of the run', () => {
    const { env } = cluster({ STUB_CODE: '2' });
    expect(submit(env).status).toBe(2);
  });

  it('says what is missing before it starts anything', () => {
    const { env } = cluster({ COPYTAX: '/nonexistent/copytax' });
    const { status, stderr } = submit(env);
    expect({ status, stderr }).toEqual({
      status: 2,
      stderr: 'copytax.sbatch: /nonexistent/copytax is not there: install copytax, or name it in COPYTAX\n',
    });
    expect(existsSync(env.SRUN_SAID)).toBe(false);
  });

  it('measures with copytax itself, and writes what it has when it is interrupted', async () => {
    const folder = join(scratchFolder(), 'a folder');
    const { env } = cluster({ COPYTAX, COPYTAX_RESULTS: folder });
    const args = ['--quick', '--rounds', '10000', '--only', 'tx-designs', '--designs', 'direct'];
    const child = spawn('bash', [SCRIPT, ...args], { env, stdio: ['ignore', 'ignore', 'pipe'] });
    let said = '';
    child.stderr.setEncoding('utf8');
    for await (const text of child.stderr) {
      said += text;
      if (/round [2-9]/.test(said)) child.kill('SIGTERM');
    }
    const code = child.exitCode ?? (await once(child, 'exit'))[0];
    expect({ code, said: code === 143 ? '' : said }).toEqual({ code: 143, said: '' });
    const { interrupted, complete } = readResult(join(folder, '71-0.json'));
    expect({ interrupted, complete }).toEqual({ interrupted: true, complete: false });
  });
});
