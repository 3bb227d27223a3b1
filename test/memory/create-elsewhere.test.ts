import { describe, expect, it } from '@jest/globals';
import { createElsewhere } from '../../lib/memory/create-elsewhere.js';
import { Region } from '../../lib/memory/region.js';

describe('createElsewhere()', () => {
  it('hands a region over that only this thread is attached to', async () => {
    using region = await createElsewhere({ bytes: 1 << 20, lock: 'no' }, undefined, (id) => Region.attach(id));
    expect(region.info()).toMatchObject({ bytes: 1 << 20, attachments: 1 });
  });

  it('leaves no region when this thread does not take it', async () => {
    let id = 0;
    const refused = createElsewhere({ bytes: 4096, lock: 'no' }, undefined, (made) => {
      id = made;
      throw new Error('not wanted');
    });
    await expect(refused).rejects.toThrow('not wanted');
    for (let tries = 0; tries < 500; tries++) {
      try {
        Region.attach(id).close();
      } catch (error) {
        expect(error).toMatchObject({ code: 'ERR_REGION_CLOSED' });
        return;
      }
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    throw new Error('the region stayed');
  });

  it('rejects with what the other thread was refused', async () => {
    const refused = createElsewhere({ bytes: 4096, numaNode: 1000 }, undefined, (id) => id);
    await expect(refused).rejects.toMatchObject({ code: 'ERR_REGION_MAP', details: { syscall: 'mbind' } });
  });
});
