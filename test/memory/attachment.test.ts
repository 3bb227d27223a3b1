import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { addon } from '../../lib/addon/addon.js';
import { Attachment } from '../../lib/memory/attachment.js';

/** A region of the addon, and whether this thread is attached to it. */
function attached() {
  const options = { bytes: 4096, align: 4096, lock: 0, hugePages: 0, numaNode: -1 };
  const id = addon().regionCreate(options);
  const buffer = addon().regionAttach(id);
  const isOpen = () => {
    try {
      return addon().regionInfo(id).bytes > 0;
    } catch {
      return false;
    }
  };
  return { id, buffer, isOpen };
}

describe('an Attachment', () => {
  it('is one for each buffer', () => {
    const [one, two] = [attached(), attached()];
    const first = Attachment.of(one.id, one.buffer);
    expect(Attachment.of(one.id, one.buffer)).toBe(first);
    expect(Attachment.of(two.id, two.buffer)).not.toBe(first);
    for (const { id } of [one, two]) addon().regionClose(id);
  });

  it('closes the region when its last use goes, and can be used anew', () => {
    const { id, buffer, isOpen } = attached();
    const attachment = Attachment.of(id, buffer);
    attachment.enter();
    attachment.enter();
    attachment.leave();
    expect(isOpen()).toBe(true);
    attachment.leave();
    expect(isOpen()).toBe(false);
  });

  it('is unheld when all have let go, in any order, and counts the references of all until then', async () => {
    const { id, buffer } = attached();
    const attachment = Attachment.of(id, buffer);
    const letGo = [attachment.hold(() => 2), attachment.hold(() => 5)];
    let unheld = false;
    const waiting = attachment.unheld().then(() => (unheld = true));
    expect(() => attachment.requireUnheld()).toThrow('packets have 7 references');
    letGo[1]!();
    await setImmediate();
    expect(unheld).toBe(false);
    expect(() => attachment.requireUnheld()).toThrow('packets have 2 references');
    letGo[0]!();
    await waiting;
    attachment.requireUnheld();
    addon().regionClose(id);
  });

  it('is not unheld when one is held again before those that wait have gone on', async () => {
    const { id, buffer } = attached();
    const attachment = Attachment.of(id, buffer);
    const letGo = attachment.hold(() => 0);
    let unheld = false;
    const waiting = attachment.unheld().then(() => (unheld = true));
    letGo();
    const letGoAgain = attachment.hold(() => 0);
    await setImmediate();
    expect(unheld).toBe(false);
    letGoAgain();
    await waiting;
    addon().regionClose(id);
  });
});
