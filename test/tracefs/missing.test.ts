import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { remedyFor } from '../../lib/errors.js';
import { MissingFinder, missingText, nothingShown } from '../../lib/tracefs/missing.js';
import type { Rights } from '../../lib/tracefs/rights.js';
import { TracingFiles } from '../../lib/tracefs/tracing-files.js';
import { scratchFolder } from '../scratch.js';
import { COUNTERS, type FakeHostChoice, fakeHost } from '../support/fake-host.js';
import { TRACING } from '../support/fake-tracing-files.js';

const ROOT: Rights = { isRoot: true, isAdmin: true, isInUserNamespace: false };
const USER: Rights = { isRoot: false, isAdmin: false, isInUserNamespace: false };
const CONTAINED: Rights = { isRoot: true, isAdmin: false, isInUserNamespace: false };
/** As of `unshare -Ur`: with all capabilities, of which none is of the host. */
const ROOTLESS: Rights = { isRoot: true, isAdmin: true, isInUserNamespace: true };

function finder(choice: FakeHostChoice | string, rights = ROOT) {
  const root = typeof choice === 'string' ? choice : fakeHost(choice);
  return new MissingFinder(new TracingFiles(root), rights, 'npx copytax watch');
}

/** Refuses to read what is below a folder. */
class Refusing extends TracingFiles {
  code = 'EACCES';
  below = '';

  override list(path: string): string[] {
    this.#refuse(path);
    return super.list(path);
  }

  override text(path: string): string {
    this.#refuse(path);
    return super.text(path);
  }

  #refuse(path: string): void {
    if (path.startsWith(this.below)) throw Object.assign(new Error(), { code: this.code });
  }
}

function refused(below: string, code: string, rights: Rights) {
  const files = Object.assign(new Refusing(fakeHost()), { below, code });
  return new MissingFinder(files, rights, 'npx copytax watch');
}

describe('MissingFinder', () => {
  it('misses nothing where all is there', () => {
    expect([finder({}).occupancy(), finder({}).tracing()]).toEqual([null, TRACING]);
    const restricted = { 'restricted@1/io_tlb_used': '1\n' };
    expect(finder({ debugfs: restricted }).occupancy()).toBeNull();
  });

  it('finds tracefs where debugfs has it', () => {
    const root = fakeHost({ tracefs: false });
    mkdirSync(join(root, 'sys/kernel/debug/tracing/events/swiotlb/swiotlb_bounced'), { recursive: true });
    expect(finder(root).tracing()).toBe('/sys/kernel/debug/tracing');
  });

  it('names the command that mounts what is not mounted, and for a user that which runs it as root', () => {
    const bare = fakeHost({ debugfs: null, tracefs: false });
    expect([finder(bare).occupancy(), finder(bare).tracing()]).toEqual([
      expect.objectContaining({ what: 'occupancy', commands: [`mount -t debugfs none ${bare}/sys/kernel/debug`] }),
      expect.objectContaining({ what: 'events', commands: [`mount -t tracefs tracefs ${bare}/sys/kernel/tracing`] }),
    ]);
    expect(finder(bare, USER).occupancy()).toMatchObject({
      commands: [`sudo mount -t debugfs none ${bare}/sys/kernel/debug`, 'sudo npx copytax watch'],
    });
    expect(finder(bare, CONTAINED).tracing()).toMatchObject({
      commands: [],
      otherwise: expect.stringContaining(`--privileged -v /sys/kernel/debug:${bare}/sys/kernel/debug -v `),
    });
  });

  it('sends root of a user namespace out of it, where all that it names works', () => {
    const bare = fakeHost({ debugfs: null, tracefs: false });
    const outside = expect.stringMatching(/^do that outside of this user namespace/);
    expect(finder(bare, ROOTLESS).occupancy()).toMatchObject({
      commands: [`sudo mount -t debugfs none ${bare}/sys/kernel/debug`, 'sudo npx copytax watch'],
      otherwise: outside,
    });
    for (const capable of [true, false]) {
      const rights = { ...ROOTLESS, isAdmin: capable };
      const alone = { commands: ['sudo npx copytax watch'], otherwise: outside };
      expect(refused('/sys/kernel/debug', 'EACCES', rights).occupancy()).toMatchObject(alone);
      expect(finder({}, rights).refusedInstance(TRACING, { code: 'EROFS' })).toMatchObject(alone);
    }
  });

  it('names folders that a shell reads as they are', () => {
    const bare = join(scratchFolder(), "a host's root");
    mkdirSync(join(bare, 'sys/kernel/debug'), { recursive: true });
    const quoted = `'${bare.replaceAll("'", "'\\''")}/sys/kernel/debug'`;
    expect(finder(bare).occupancy()).toMatchObject({ commands: [`mount -t debugfs none ${quoted}`] });
  });

  it('says what only another boot or another kernel would show', () => {
    expect(finder({ debugfs: { 'other/file': '1' } }).occupancy()).toEqual(finder({ debugfs: {} }).occupancy());
    expect(finder({ debugfs: {} }).occupancy()).toMatchObject({
      why: expect.stringContaining('no slot pool'),
      otherwise: expect.stringContaining('swiotlb=force'),
    });
    const bare = scratchFolder();
    for (const missing of [finder(bare).occupancy(), finder(bare).tracing()])
      expect(missing).toMatchObject({ commands: [], why: expect.stringMatching(/\(CONFIG_\w+\)/) });
    const without = fakeHost();
    rmSync(join(without, TRACING, 'events/swiotlb'), { recursive: true });
    rmSync(join(without, 'sys/kernel/debug/swiotlb'), { recursive: true });
    mkdirSync(join(without, 'sys/kernel/debug/block'));
    expect(finder(without).tracing()).toMatchObject({ why: 'this Linux has no event swiotlb_bounced' });
    expect(finder(without).occupancy()).toMatchObject({ why: `this Linux has no ${without}/sys/kernel/debug/swiotlb` });
  });

  it.each(['io_tlb_used', 'io_tlb_nslabs'])('misses nothing where %s alone cannot be read', (name) => {
    const root = fakeHost({ debugfs: { ...COUNTERS, 'restricted@1/io_tlb_used': '1\n' } });
    rmSync(join(root, 'sys/kernel/debug/swiotlb', name));
    mkdirSync(join(root, 'sys/kernel/debug/swiotlb', name));
    expect(finder(root).occupancy()).toBeNull();
    expect(refused(`/sys/kernel/debug/swiotlb/${name}`, 'EACCES', ROOT).occupancy()).toBeNull();
    expect(refused('/sys/kernel/debug/swiotlb/io_tlb_', 'EPERM', ROOT).occupancy()).toMatchObject({
      why: expect.stringContaining('EPERM'),
    });
  });

  it.each([
    ['a user', 'EACCES', USER, { commands: ['sudo npx copytax watch'] }],
    ['root of a container', 'EACCES', CONTAINED, { otherwise: expect.stringContaining('--privileged') }],
    ['root under lockdown', 'EPERM', ROOT, { otherwise: expect.stringContaining('lockdown') }],
    ['root', 'EIO', ROOT, { otherwise: expect.stringContaining('dmesg') }],
  ])('tells %s what a refusal by %s means', (_, code, rights, grant) => {
    expect(refused('/sys/kernel/debug', code, rights).occupancy()).toMatchObject(grant);
    expect(refused('/sys/kernel/debug/swiotlb', code, rights).occupancy()).toMatchObject(grant);
    expect(refused('/', code, rights).refusedInstance(TRACING, { code })).toMatchObject(grant);
  });

  it('tells what helps against an instance of tracing that is refused', () => {
    const root = fakeHost();
    expect(finder(root).refusedInstance(TRACING, { code: 'EROFS' })).toMatchObject({
      commands: [`mount -o remount,rw ${root}${TRACING}`],
    });
    expect(finder({}, CONTAINED).refusedInstance(TRACING, { code: 'EROFS' })).toMatchObject({ commands: [] });
  });
});

describe('missingText', () => {
  it('says what, why, and what grants it', () => {
    const root = fakeHost({ debugfs: null });
    expect(missingText(finder(root).occupancy()!)).toBe(
      `occupancy is not shown, because nothing is mounted at ${root}/sys/kernel/debug: ` +
        `run \`mount -t debugfs none ${root}/sys/kernel/debug\``,
    );
  });
});

describe('nothingShown', () => {
  it('names everything that is missing, and each command once, the one that all need at the end', () => {
    const root = fakeHost({ debugfs: null, tracefs: false });
    const bare = finder(root, USER);
    const missing = [bare.occupancy()!, bare.tracing() as Exclude<ReturnType<typeof bare.tracing>, string>];
    const error = nothingShown(missing);
    expect(error).toMatchObject({
      code: 'ERR_TRACING',
      message:
        `occupancy is not shown, because nothing is mounted at ${root}/sys/kernel/debug; ` +
        `events are not shown, because nothing is mounted at ${root}/sys/kernel/tracing`,
      details: { missing },
    });
    expect(error.remedy).toBe(
      `run \`sudo mount -t debugfs none ${root}/sys/kernel/debug\`, then ` +
        `\`sudo mount -t tracefs tracefs ${root}/sys/kernel/tracing\`, then \`sudo npx copytax watch\``,
    );
    expect(error.remedy).not.toBe(remedyFor('ERR_TRACING'));
  });
});
