/** Processes of their own that run a machine on threads. */
import { spawnSync } from 'node:child_process';
import { describe, expect, it } from '@jest/globals';

const inChild = (script: string) => {
  const files = ['run/threaded-machine', 'build/config'].map(
    (name) => new URL(`../../lib/machine/${name}.js`, import.meta.url).href,
  );
  const [threaded, config] = files.map((href) => JSON.stringify(href));
  const source = `import { ThreadedMachine } from ${threaded}; import { machineConfig } from ${config}; ${script}`;
  return spawnSync(process.execPath, ['--input-type=module', '-e', source], { encoding: 'utf8', timeout: 240_000 });
};

describe('a process with a threaded machine', () => {
  it('ends by itself after it has closed its machine', () => {
    const script = `const machine = new ThreadedMachine([]);
      const config = machineConfig({ cpus: { copyKernel: 0, count: 2 }, sockets: { senders: 2 } });
      await machine.run(config, { warmupMs: 1, measureMs: 200 });
      await machine.close(); console.log('closed');`;
    expect(inChild(script)).toMatchObject({ status: 0, signal: null, stdout: 'closed\n', stderr: '' });
  });

  it('ends by itself if it has forgotten to close its machine, after the trial that it waits for', () => {
    const script = `const machine = new ThreadedMachine([]);
      const config = machineConfig({ cpus: { copyKernel: 0, count: 2 }, slotPool: { growth: 'pools' } });
      machine.run(config, { warmupMs: 1, measureMs: 300 }).then(({ cpuNs }) => console.log(cpuNs > 0));`;
    expect(inChild(script)).toMatchObject({ status: 0, signal: null, stdout: 'true\n', stderr: '' });
  });

  it('ends by itself if it has forgotten a machine without a trial, whose memory and threads it has renewed', () => {
    const script = `const machine = new ThreadedMachine([]);
      const config = machineConfig({ cpus: { copyKernel: 0, count: 2 } });
      machine.prepare([config]);
      await machine.renewMemory(); await machine.renewThreads(); machine.prepare([config]);
      console.log('end');`;
    expect(inChild(script)).toMatchObject({ status: 0, signal: null, stdout: 'end\n', stderr: '' });
  });

  it('learns of a thread that dies in a trial, and goes on with new ones', () => {
    const script = `import { Worker } from 'node:worker_threads';
      const post = Worker.prototype.postMessage; let kill = true;
      Worker.prototype.postMessage = function (message) {
        post.call(this, message);
        if (kill) this.terminate();
        kill = false;
      };
      const machine = new ThreadedMachine([]);
      const config = machineConfig({ cpus: { copyKernel: 0, count: 2 }, sockets: { senders: 2 } });
      const code = await machine.run(config, { warmupMs: 1, measureMs: 1e6 }).catch((error) => error.code);
      let bytes = 0;
      for (let measureMs = 100; bytes === 0 && measureMs < 10_000; measureMs *= 2) {
        bytes = (await machine.run(config, { warmupMs: 1, measureMs })).bytes;
      }
      await machine.close(); console.log(code, bytes > 0);`;
    expect(inChild(script)).toMatchObject({ status: 0, signal: null, stdout: 'ERR_WORKER_DIED true\n' });
  });
});
