import { spawn } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { StandstillWatch } from '../../../lib/bench/run/standstill.js';

/** A watch over a process of which a test says what happens to it. */
function scripted() {
  const time = { wall: 0, cpu: 0, uptime: 1000 };
  const process = new EventEmitter();
  const ticks = new Set<() => void>();
  const watch = new StandstillWatch({
    wallMs: () => time.wall,
    cpuMs: () => time.cpu,
    uptimeMs: () => time.uptime,
    process,
    every: (_ms, callback) => {
      ticks.add(callback);
      return () => ticks.delete(callback);
    },
  });
  const pass = (wall: number, cpu = wall, uptime = wall) => {
    time.wall += wall;
    time.cpu += cpu;
    time.uptime += uptime;
    for (const tick of ticks) tick();
  };
  return { watch, process, pass, ticks };
}

describe('StandstillWatch', () => {
  it('sees nothing in a process that runs, however long, on one CPU or several', async () => {
    const { watch, pass } = scripted();
    for (const cpus of [1, 2, 8]) {
      watch.begin();
      pass(10_000, cpus * 10_000);
      expect(await watch.stoodStill()).toBe(false);
    }
  });

  it('sees a process that was stopped and continued', async () => {
    const { watch, process } = scripted();
    watch.begin();
    process.emit('SIGCONT');
    expect(await watch.stoodStill()).toBe(true);
    watch.begin();
    expect(await watch.stoodStill()).toBe(false);
  });

  it('sees half a second without CPU time, with a little of it at both ends', async () => {
    const { watch, pass } = scripted();
    watch.begin();
    pass(510, 110);
    expect(await watch.stoodStill()).toBe(false);
    watch.begin();
    pass(510, 90);
    expect(await watch.stoodStill()).toBe(true);
    watch.begin();
    pass(490, 0);
    expect(await watch.stoodStill()).toBe(false);
  });

  it('sees no pause in a loaded host, which gives little CPU time but gives it again and again', async () => {
    const { watch, pass } = scripted();
    watch.begin();
    for (let tick = 0; tick < 100; tick++) pass(150, 5);
    expect(await watch.stoodStill()).toBe(false);
  });

  it('sees a pause in the middle of a long sample', async () => {
    const { watch, pass } = scripted();
    watch.begin();
    for (const wall of [100, 100, 900, 100]) pass(wall, 100);
    expect(await watch.stoodStill()).toBe(true);
    expect(watch.stoodMs).toBe(900);
    watch.begin();
    pass(600, 0);
    expect(await watch.stoodStill()).toBe(true);
    expect(watch.stoodMs).toBe(1500);
  });

  it('sees a host that was suspended', async () => {
    const { watch, pass } = scripted();
    watch.begin();
    pass(60, 60, 5060);
    expect(await watch.stoodStill()).toBe(true);
  });

  it('does not see that the host was suspended before the sample began', async () => {
    const { watch, pass } = scripted();
    watch.begin();
    await watch.stoodStill();
    pass(60, 60, 5060);
    watch.begin();
    pass(60);
    expect(await watch.stoodStill()).toBe(false);
  });

  it('looks from its start until it is closed', async () => {
    const { watch, ticks } = scripted();
    watch.begin();
    watch.begin();
    await watch.stoodStill();
    expect(ticks.size).toBe(1);
    watch.close();
    expect(ticks.size).toBe(0);
  });

  it('counts a pause between samples if a signal tells of it, and not the wait for another process', async () => {
    const { watch, process, pass } = scripted();
    pass(5000, 10);
    expect(watch.stoodMs).toBe(0);
    pass(1000);
    pass(7000, 10);
    process.emit('SIGCONT');
    expect(watch.stoodMs).toBe(7000);
    process.emit('SIGCONT');
    expect(watch.stoodMs).toBe(7000);
    watch.begin();
    expect(await watch.stoodStill()).toBe(false);
    pass(600, 0);
    watch.begin();
    pass(100);
    expect([await watch.stoodStill(), watch.stoodMs]).toEqual([false, 7000]);
  });

  it('counts a pause in a sample once, though a signal tells of it, too', async () => {
    const { watch, process, pass } = scripted();
    watch.begin();
    pass(6000, 10);
    process.emit('SIGCONT');
    expect([await watch.stoodStill(), watch.stoodMs]).toEqual([true, 6000]);
  });

  it('no longer listens after it was closed', () => {
    const { watch, process } = scripted();
    expect(process.listenerCount('SIGCONT')).toBe(1);
    watch.close();
    expect(process.listenerCount('SIGCONT')).toBe(0);
  });

  it('sees a real stop, by signals', async () => {
    const module = fileURLToPath(new URL('../../../lib/bench/run/standstill.js', import.meta.url));
    const program = `
      const { StandstillWatch } = await import(${JSON.stringify(module)});
      const watch = new StandstillWatch();
      watch.begin();
      console.log('ready');
      process.stdin.once('data', async () => {
        console.log(await watch.stoodStill());
        watch.close();
        process.exit();
      });`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    let said = '';
    child.stdout.on('data', (data) => {
      said += data;
    });
    await once(child.stdout, 'data');
    child.kill('SIGSTOP');
    child.kill('SIGCONT');
    child.stdin.end('go');
    await once(child, 'exit');
    expect(said).toBe('ready\ntrue\n');
  });
});
