import { spawnSync } from 'node:child_process';
import { readdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { MissingFinder } from '../../lib/tracefs/missing.js';
import { nameOf, thisProcess } from '../../lib/tracefs/owner.js';
import { Undoing } from '../../lib/tracefs/undoing.js';
import { Watcher } from '../../lib/watch/watcher.js';
import { bounceLine } from '../support/bounce-lines.js';
import { type FakeHostChoice, fakeHost } from '../support/fake-host.js';
import { FakeTracingFiles, TRACING } from '../support/fake-tracing-files.js';

function host(choice: FakeHostChoice = {}) {
  const root = fakeHost(choice);
  const files = new FakeTracingFiles(root);
  const finder = new MissingFinder(
    files,
    { isRoot: true, isAdmin: true, isInUserNamespace: false },
    'npx copytax watch',
  );
  const clock = { ms: 1000 };
  return { root, files, finder, clock, undoing: new Undoing(), now: () => clock.ms };
}

describe('Watcher', () => {
  it('tells pools as they are, and rates over the time that the interval took', () => {
    const watched = host({ events: [bounceLine('b', 100), bounceLine('a', 3000), bounceLine('b', 100)] });
    const watcher = new Watcher(watched);
    watched.clock.ms += 2000;
    const sample = watcher.sample();
    expect(sample).toMatchObject({
      schema: 'copytax.watch/1',
      seconds: 2,
      pools: [{ pool: '', slots: 32768, used: 481, highWater: 852 }],
      lostEvents: 0,
      unparsedLines: 0,
      missing: [],
    });
    expect(sample.devices).toEqual([
      { device: 'a', bytes: 3000, attempts: 1, bytesPerSecond: 1500, attemptsPerSecond: 0.5 },
      { device: 'b', bytes: 200, attempts: 2, bytesPerSecond: 100, attemptsPerSecond: 1 },
    ]);
    expect(Date.parse(sample.time)).not.toBeNaN();
    writeFileSync(join(watched.root, 'sys/kernel/debug/swiotlb/io_tlb_used'), '500\n');
    expect(watcher.sample()).toMatchObject({
      seconds: 0,
      pools: [{ used: 500 }],
      devices: [{ device: 'a', bytesPerSecond: 0 }, { device: 'b' }],
    });
    watched.undoing.undo();
    expect(readdirSync(join(watched.root, TRACING, 'instances'))).toEqual([]);
  });

  it('shows what there is, and says what is missing', () => {
    const pools = host({ tracefs: false });
    expect(new Watcher(pools).sample()).toMatchObject({
      pools: [{ used: 481 }],
      devices: null,
      lostEvents: null,
      unparsedLines: null,
      missing: [{ what: 'events' }],
    });
    const events = host({ debugfs: null });
    const watcher = new Watcher(events);
    expect(watcher.sample()).toMatchObject({ pools: null, devices: [], missing: [{ what: 'occupancy' }] });
    events.undoing.undo();
  });

  it('refuses a host that shows nothing, and one whose tracefs takes no instance', () => {
    expect(() => new Watcher(host({ debugfs: null, tracefs: false }))).toThrow(
      expect.objectContaining({ code: 'ERR_TRACING', message: expect.stringMatching(/occupancy .*; events /) }),
    );
    const refusing = host({ debugfs: null });
    refusing.files.makeFolder = () => {
      throw Object.assign(new Error(), { code: 'EROFS' });
    };
    expect(() => new Watcher(refusing)).toThrow(
      expect.objectContaining({ remedy: expect.stringContaining('remount,rw') }),
    );
  });

  it('goes on with the pools where events cannot be read any more', () => {
    const watched = host();
    const watcher = new Watcher(watched);
    watched.undoing.undo(); // closes what it reads
    expect(watcher.sample()).toMatchObject({
      pools: [{ used: 481 }],
      devices: null,
      missing: [{ what: 'events', why: expect.stringContaining('EBADF') }],
    });
  });

  it('says that the pools have gone in its midst, and shows them when they are there again', () => {
    const watched = host();
    const watcher = new Watcher(watched);
    const folder = join(watched.root, 'sys/kernel/debug/swiotlb');
    renameSync(folder, `${watched.root}/away`);
    expect(watcher.sample()).toMatchObject({ pools: null, devices: [], missing: [{ what: 'occupancy' }] });
    renameSync(`${watched.root}/away`, folder);
    expect(watcher.sample()).toMatchObject({ pools: [{ used: 481 }], missing: [] });
    watched.undoing.undo();
  });

  it('removes what a process that was killed has left, and says so', () => {
    const watched = host();
    const left = nameOf({ ...thisProcess(), pid: spawnSync('true').pid });
    watched.files.makeFolder(`${TRACING}/instances/${left}`);
    expect(new Watcher(watched).notes).toEqual([expect.stringContaining(left)]);
    expect(readdirSync(join(watched.root, TRACING, 'instances'))).toEqual([nameOf(thisProcess())]);
    watched.undoing.undo();
  });
});
