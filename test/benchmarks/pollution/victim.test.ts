import { describe, expect, it } from '@jest/globals';
import { LINE_BYTES, Victim } from '../../../benchmarks/pollution/victim.js';
import { KIB } from '../../../lib/units.js';

describe('a victim', () => {
  it.each([4, 24, 64, 200])('follows a chain through each line of %s KiB once, and comes back', (kib) => {
    const victim = new Victim(kib * KIB);
    try {
      expect(victim.lines).toBe((kib * KIB) / LINE_BYTES);
      const places = new Set(Array.from({ length: victim.lines }, () => victim.walk(1)));
      expect(places.size).toBe(victim.lines);
      const here = victim.walk(0);
      expect(victim.walk(victim.lines)).toBe(here);
      const links = [...places].reduce((sum, place) => sum + place, 0);
      expect(victim.touch()).toBe(links);
    } finally {
      victim.close();
    }
  });

  it('comes to no line in the order of addresses, but stays within 64 KiB for as long as there are lines', () => {
    const victim = new Victim(128 * KIB);
    try {
      const lines = Array.from({ length: victim.lines }, () => (victim.walk(1) * 4) / LINE_BYTES);
      const next = lines.filter((line, at) => line === lines[at - 1]! + 1);
      expect(next.length).toBeLessThan(lines.length / 16);
      const changes = lines.filter((line, at) => at > 0 && line >> 10 !== lines[at - 1]! >> 10);
      expect(changes.length).toBeLessThanOrEqual(2);
    } finally {
      victim.close();
    }
  });
});
