import { describe, expect, it } from '@jest/globals';
import { BindingFiller } from '../../../lib/designs/zero-copy/binding-filler.js';
import { BindingRefs } from '../../../lib/designs/zero-copy/binding-refs.js';
import { networkDevice } from '../../../lib/dma/device.js';
import { bindingRig, OTHER, USER } from './fixtures/binding-rig.js';

function rig(isDatagram = false, device = 1) {
  const parts = bindingRig();
  const { skbs, bindings, ranges, frag } = parts;
  const refs = new BindingRefs(skbs, bindings, true);
  const ofQueues = [networkDevice(true, { number: device })];
  const filler = new BindingFiller({ skbs, bindings, refs, ranges, ofQueues, isDatagram });
  for (let skb = 0; skb < 4; skb++) skbs.init(skb, 0);
  const fill = (skb: number, from: number, bytes: number) => filler.fill(skb, frag, from, bytes);
  return { ...parts, filler, fill };
}

describe('BindingFiller', () => {
  it('makes a fragment of each chunk, with the address that the device knows', () => {
    const { fill, filler, fragments, bindings, ofUser, skbs } = rig();
    expect(fill(0, USER + 4000, 5000)).toBe(5000);
    expect(fill(0, USER + 9000, 100)).toBe(100);
    filler.endSend(0);
    expect(fragments(0)).toEqual([
      [4000, 4096],
      [4096, 8192],
      [8192, 9100],
    ]);
    expect({ inFlight: bindings.inFlight(ofUser), bytes: skbs.bytes(0) }).toEqual({ inFlight: 3, bytes: 5100 });
  });

  it('seals an skb that has memory of another binding', () => {
    const { fill, skbs, bindings, ofUser, ofOther } = rig();
    fill(0, USER, 100);
    expect([fill(0, OTHER, 100), skbs.hasRoom(0), fill(1, OTHER, 100)]).toEqual([0, false, 100]);
    expect([bindings.inFlight(ofUser), bindings.inFlight(ofOther)]).toEqual([1, 1]);
  });

  it('takes what an skb has room for, and of a datagram all or nothing', () => {
    expect(rig().fill(0, USER + 1, 100_000)).toBe(65_536);
    const { fill, skbs } = rig(true);
    expect([fill(0, USER + 1, 100_000), skbs.frags(0), skbs.mark(0)]).toEqual([0, 0, 0]);
    expect(fill(0, USER + 1, 65_507)).toBe(65_507);
  });

  it('refuses memory that is not registered for the device of the socket', () => {
    const refused = expect.objectContaining({ code: 'ERR_BAD_ADDRESS' });
    expect(() => rig().fill(0, OTHER + (1 << 19) - 10, 11)).toThrow(refused);
    expect(() => rig(false, 2).fill(0, USER, 1)).toThrow(refused);
  });
});
