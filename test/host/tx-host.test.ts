import { spawnSync } from 'node:child_process';
import { afterAll, describe, expect, it } from '@jest/globals';
import { type MachineConfig, machineConfig } from '../../lib/host/config.js';
import { TxHost } from '../../lib/host/tx-host.js';
import { DESIGN_NAMES, DESIGNS } from '../../lib/net/designs.js';

const host = new TxHost([]);
const SHORT = { warmupMs: 5, measureMs: 30 };

function configOf(given: Partial<MachineConfig>): MachineConfig {
  return machineConfig({ kernel: 0, check: true, pool: 4 << 20, window: 1 << 20, userBytes: 1 << 18, ...given });
}

afterAll(() => host.close());

describe('TxHost, with a thread for every CPU', () => {
  const shapes = DESIGN_NAMES.flatMap((design) =>
    (['retire', 'line-rate', 'read'] as const).map((device) => ({ design, device })),
  );

  it.each(shapes)(
    '$design, device $device: every byte arrives as it was sent, copied as the design says',
    async (shape) => {
      for (const cpus of [1, 2, 3]) {
        const config = configOf({ ...shape, cpus, senders: cpus, queues: Math.min(cpus, 2), message: 20_000 });
        const { ledger, bytes, skbs } = await host.run(config, SHORT);
        expect(skbs).toBeGreaterThan(0);
        expect(bytes).toBeGreaterThan(0);
        expect(ledger.sum('bounce').bytes > 0).toBe(DESIGNS[shape.design].payloadCopies === 2);
        expect(ledger.sum('header').bytes > 0).toBe(DESIGNS[shape.design].bouncesHeaders);
      }
    },
  );

  it('without a queueing discipline', async () => {
    const { bytes } = await host.run(configOf({ qdisc: 'none', cpus: 2, senders: 3 }), SHORT);
    expect(bytes).toBeGreaterThan(0);
  });

  it('stops when it is told to, with nothing lost, long before its time', async () => {
    const stop = new AbortController();
    const began = performance.now();
    const round = host.run(configOf({ cpus: 2, senders: 2 }), { warmupMs: 0, measureMs: 60_000 }, stop.signal);
    setImmediate(() => stop.abort());
    expect((await round).cpuNs).toBeGreaterThan(0);
    expect(performance.now() - began).toBeLessThan(30_000);
  });

  it('says what went wrong on a CPU, and can be used again', async () => {
    const impossible = configOf({ kernel: 99, cpus: 2, senders: 2 });
    await expect(host.run(impossible, SHORT)).rejects.toMatchObject({ code: 'ERR_KERNEL_UNSUPPORTED' });
    expect((await host.run(configOf({}), SHORT)).bytes).toBeGreaterThan(0);
  });

  it('refuses to run after it was closed; closing again is no matter', async () => {
    const other = new TxHost([]);
    await other.close();
    await other.close();
    await expect(other.run(configOf({}), SHORT)).rejects.toMatchObject({ code: 'ERR_REGION_CLOSED' });
  });
});

const inChild = (script: string) => {
  const files = ['tx-host', 'config'].map((name) => new URL(`../../lib/host/${name}.js`, import.meta.url).href);
  const [txHost, config] = files.map((href) => JSON.stringify(href));
  const source = `import { TxHost } from ${txHost}; import { machineConfig } from ${config}; ${script}`;
  return spawnSync(process.execPath, ['--input-type=module', '-e', source], { encoding: 'utf8', timeout: 50_000 });
};

describe('a process', () => {
  it('ends by itself after closing its host', () => {
    const script = `const host = new TxHost([]);
      await host.run(machineConfig({ kernel: 0, cpus: 2, senders: 2 }), { warmupMs: 1, measureMs: 20 });
      await host.close(); console.log('closed');`;
    expect(inChild(script)).toMatchObject({ status: 0, signal: null, stdout: 'closed\n', stderr: '' });
  });

  it('hears of a thread that dies in a round, and goes on with others', () => {
    const script = `import { Worker } from 'node:worker_threads';
      const post = Worker.prototype.postMessage; let kill = true;
      Worker.prototype.postMessage = function (message) { post.call(this, message); if (kill) { kill = false; this.terminate(); } };
      const host = new TxHost([]); const config = machineConfig({ kernel: 0, cpus: 2, senders: 2 });
      const code = await host.run(config, { warmupMs: 1, measureMs: 2000 }).catch((error) => error.code);
      const { bytes } = await host.run(config, { warmupMs: 1, measureMs: 20 });
      await host.close(); console.log(code, bytes > 0);`;
    expect(inChild(script)).toMatchObject({ status: 0, signal: null, stdout: 'ERR_WORKER_DIED true\n' });
  });
});
