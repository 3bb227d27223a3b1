/** Processes that send, with and without the right to namespaces, and what is left when they or their parent end. */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { setTimeout as after } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { networkNamespace } from '../../../benchmarks/kernel-send/send-ends.js';
import { SenderChild } from '../../../benchmarks/kernel-send/sender-child.js';
import { allowedHere, Senders } from '../../../benchmarks/kernel-send/senders.js';
import { addon } from '../../../lib/addon/addon.js';
import { CopytaxError } from '../../../lib/errors.js';
import { namespaceRefusal } from '../../../lib/sockets/namespace-refusal.js';
import { CLEAN, runFixture } from '../../lifecycle/run-fixture.js';
import { itRefused, refusing } from '../../support/refusing.js';

interface Told {
  readonly apart: string;
  readonly equal: Record<string, boolean>;
  readonly finite: Record<string, boolean>;
  readonly gaps: readonly { what: string; reason: string; remedy: string }[];
  readonly left: unknown;
}

const FIXTURE = new URL('./fixtures/sends.js', import.meta.url);
const [cpu = 0] = addon().affinity();
const refusal = namespaceRefusal();
if (refusal !== null) console.warn(`SKIPPED sends in namespaces of their own: ${refusal.why}`);
const itApart = refusal === null ? it : it.skip;
/** Beyond those of any host that runs tests. */
const ABSENT_CPU = 1000;
const OF_LOOPBACK = { tcp: true, sendfile: true, splice: true };

/** Root gives its rights up; the files of the package must be readable for others then. */
const asOrdinary = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'];
const canBeOrdinary =
  process.getuid?.() === 0 &&
  spawnSync('setpriv', [...asOrdinary.slice(1), process.execPath, '--check', fileURLToPath(FIXTURE)]).status === 0;
if (!canBeOrdinary)
  console.warn('SKIPPED sends as an ordinary user beside root: no root, no setpriv, or unreadable files');

async function told(prefix: readonly string[] = [], env: Record<string, string> = {}): Promise<Told> {
  const { stdout, ...ending } = await runFixture(FIXTURE, { prefix, env });
  expect(ending).toEqual(CLEAN);
  return JSON.parse(stdout) as Told;
}

/** Waits until a process is gone or a zombie; false if it never is. */
async function isGone(pid: number): Promise<boolean> {
  for (let tries = 0; tries < 600; tries++) {
    if (!existsSync(`/proc/${pid}/ns/net`)) return true;
    const state = spawnSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' }).stdout;
    if (state.startsWith('Z')) return true;
    await after(50);
  }
  return false;
}

describe('processes that send', () => {
  itApart('send what arrives, by each way, in a namespace of their own, and leave nothing behind', async () => {
    const { apart, equal, finite, gaps, left } = await told();
    const ways = Object.keys(equal);
    expect({ apart: apart !== 'none', left }).toEqual({ apart: true, left: null });
    for (const { what, reason } of gaps) console.warn(`SKIPPED ${what}: ${reason}`);
    if (gaps.length === 0) expect(ways).toEqual(['tcp', 'sendfile', 'splice', 'udp', 'udp-zerocopy']);
    for (const results of [equal, finite]) expect(results).toEqual(Object.fromEntries(ways.map((way) => [way, true])));
  });

  (canBeOrdinary ? it : it.skip)('do so for an ordinary user too, or say what refuses it', async () => {
    const { apart, equal, gaps, left } = await told(asOrdinary);
    expect({ left, isToldOrApart: apart !== 'none' || gaps.length > 0 }).toEqual({ left: null, isToldOrApart: true });
    expect(Object.values(equal)).toEqual(Object.keys(equal).map(() => true));
    expect(Object.keys(equal).length).toBeGreaterThanOrEqual(3);
  });

  itRefused('send over the loopback of the host where namespaces are refused, which a line says', async () => {
    const { apart, equal, gaps, left } = await told(refusing(['unshare']));
    expect({ apart, equal, left }).toEqual({ apart: 'none', equal: OF_LOOPBACK, left: null });
    expect(gaps).toHaveLength(1);
    expect(gaps[0]!.reason).toContain('measured over the loopback interface of this host');
    expect(gaps[0]!.remedy).not.toBe('');
  });

  itApart('leave out MSG_ZEROCOPY where no memory may be locked for it, and send all the rest', async () => {
    const { apart, equal, finite, gaps, left } = await told(['prlimit', '--memlock=0']);
    const ways = Object.keys(equal);
    if (ways.includes('udp-zerocopy') || !ways.includes('udp')) {
      console.warn(`SKIPPED a limit of locked memory: it does not hold here, or UDP is left out (${apart})`);
      return;
    }
    expect({ ways, left }).toEqual({ ways: ['tcp', 'sendfile', 'splice', 'udp'], left: null });
    for (const results of [equal, finite]) expect(Object.values(results)).not.toContain(false);
    expect(gaps.map(({ what }) => what)).toEqual(['UDP without a copy']);
    expect(gaps[0]!.remedy).toContain('locked memory');
  });

  itApart('open together where the memory that may be locked is that of one of them', async () => {
    const prefix = ['prlimit', '--memlock=73728'];
    const { stdout, ...ending } = await runFixture(FIXTURE, { prefix, args: ['pairs'] });
    expect(ending).toEqual(CLEAN);
    expect((JSON.parse(stdout) as { failed: string[] }).failed).toEqual([]);
  });

  it('say what to install where there is no program that makes namespaces', async () => {
    const { apart, equal, gaps } = await told([], { PATH: '/nonexistent' });
    expect({ apart, equal }).toEqual({ apart: 'none', equal: OF_LOOPBACK });
    expect(gaps.map(({ remedy }) => remedy)).toEqual([expect.stringContaining('util-linux')]);
  });

  itRefused('leave out files where none may be made in memory, and sockets of TCP where there are none', async () => {
    const { equal, gaps } = await told(refusing(['unshare', 'memfd_create']));
    expect({ equal, what: gaps.map(({ what }) => what).slice(1) }).toEqual({
      equal: { tcp: true },
      what: ['sendfile and splice'],
    });
    const none = await told(refusing(['unshare', 'listen']));
    expect({ equal: none.equal, what: none.gaps.map(({ what }) => what).slice(1) }).toEqual({
      equal: {},
      what: ['TCP over loopback'],
    });
  });
});

describe('a benchmark that ends while its processes send or open', () => {
  it.each([
    ['wait', 'SIGKILL'],
    ['wait', 'SIGINT'],
    ['wait', 'SIGTERM'],
    ['opening', 'SIGKILL'],
    ['opening', 'SIGINT'],
  ] as const)('(%s) by %s has none of them, and none of their namespaces, left', async (mode, signal) => {
    const parent = spawn(process.execPath, ['--no-warnings', fileURLToPath(FIXTURE), mode], {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, NODE_OPTIONS: '' },
    });
    const pids = await new Promise<number[]>((resolve, reject) => {
      parent.stdout.once('data', (text) => resolve(JSON.parse(String(text)) as number[]));
      parent.once('close', () => reject(new Error('the fixture ended')));
    });
    expect(pids).toHaveLength(2);
    // A terminal sends SIGINT to all of them.
    if (signal === 'SIGINT') for (const pid of pids) process.kill(pid, signal);
    parent.kill(signal);
    for (const pid of [parent.pid!, ...pids]) expect({ pid, isGone: await isGone(pid) }).toEqual({ pid, isGone: true });
  });
});

describe('Senders', () => {
  it('close all processes when one of them cannot open', async () => {
    const { apart } = await allowedHere(cpu);
    const senders = new Senders(apart, [cpu, ABSENT_CPU], 4 << 20);
    const opened = senders.open();
    const pids = [...senders.pids] as number[];
    await expect(opened).rejects.toMatchObject({ code: 'ERR_CPU_PIN' });
    await senders.close();
    for (const pid of pids) expect({ pid, isGone: await isGone(pid) }).toEqual({ pid, isGone: true });
    expect(senders.pids).toEqual([]);
  });

  it('reject with the reason of a signal, also while they open', async () => {
    const { apart } = await allowedHere(cpu);
    const senders = new Senders(apart, [cpu], 4 << 20);
    const stop = new AbortController();
    const opened = senders.open(stop.signal);
    stop.abort(new Error('enough'));
    await expect(opened).rejects.toThrow('enough');
    await senders.close();
  });
});

describe('allowedHere()', () => {
  const opened = { isApart: true, ways: ['tcp' as const], gaps: [] };

  it('tries without a user namespace only as root, and takes the first that works', async () => {
    const tried: string[] = [];
    const isRoot = process.getuid?.() === 0;
    const found = await allowedHere(cpu, async (apart) => {
      tried.push(apart);
      if (apart === 'user') throw new CopytaxError('ERR_WORKER_DIED', 'the process that sends is gone: refused');
      return { ...opened, isApart: apart === 'root' };
    });
    expect({ tried, apart: found.apart }).toEqual({
      tried: isRoot ? ['user', 'root'] : ['user', 'none'],
      apart: isRoot ? 'root' : 'none',
    });
  });

  it('does not take the namespace of this process for one apart', async () => {
    const { apart, gaps } = await allowedHere(cpu, async () => ({ ...opened, isApart: false }));
    expect({ apart, gaps: gaps.length }).toEqual({ apart: 'none', gaps: 1 });
  });

  it('takes the namespace of this process where nothing can be sent in one apart, and says why', async () => {
    const gap = { what: 'TCP over loopback', reason: 'rtnetlink failed: Operation not permitted', remedy: 'none' };
    const { apart, ways, gaps } = await allowedHere(cpu, async (how) =>
      how === 'none' ? { ...opened, isApart: false } : { ...opened, ways: [], gaps: [gap] },
    );
    expect({ apart, ways }).toEqual({ apart: 'none', ways: ['tcp'] });
    expect(gaps.map(({ reason }) => reason)).toEqual([expect.stringContaining(`(${gap.reason}); all else is`)]);
    expect(gaps[0]!.remedy).toContain('CAP_NET_ADMIN');
  });

  it('passes other errors on', async () => {
    const failing = allowedHere(cpu, async () => {
      throw new CopytaxError('ERR_CPU_PIN', 'no such CPU', { cpu, errno: 22 } as never);
    });
    await expect(failing).rejects.toMatchObject({ code: 'ERR_CPU_PIN' });
  });
});

describe('SenderChild', () => {
  it('touches no interface in the namespace of its parent, and then has no device to send to', async () => {
    const child = new SenderChild('none');
    try {
      const { isApart, ways } = await child.request<'open'>({
        kind: 'open',
        cpu,
        parentNamespace: networkNamespace(),
        sourceBytes: 65_536,
      });
      expect({ isApart, hasDevice: ways.includes('udp') }).toEqual({ isApart: false, hasDevice: false });
    } finally {
      await child.close();
    }
  });

  it('rejects when the process has ended, and when it was never opened', async () => {
    const child = new SenderChild('none');
    await expect(child.request<'check'>({ kind: 'check', way: 'tcp', bytes: 1 })).rejects.toMatchObject({
      code: 'ERR_SCENARIO',
    });
    process.kill(child.pid!, 'SIGKILL');
    await expect(child.request<'check'>({ kind: 'check', way: 'tcp', bytes: 1 })).rejects.toMatchObject({
      code: 'ERR_WORKER_DIED',
    });
    await child.close();
  });
});
