import { describe, expect, it } from '@jest/globals';
import { armImplementer, armPart, isSmallArmCore, namedArmParts } from '../../../../lib/bench/facts/cpu/arm-parts.js';

describe('names of arm parts', () => {
  it.each([
    [0x41, 0xd03, 'ARM', 'Cortex-A53'],
    [0x41, 0xd0c, 'ARM', 'Neoverse-N1'],
    [0x41, 0xd40, 'ARM', 'Neoverse-V1'],
    [0x48, 0xd40, 'HiSilicon', 'Cortex-A76'],
    [0x43, 0x0af, 'Cavium', 'ThunderX2-99xx'],
    [0x46, 0x001, 'Fujitsu', 'A64FX'],
    [0x51, 0x001, 'Qualcomm', 'Oryon'],
    [0x61, 0x023, 'Apple', 'Firestorm-M1'],
    [0x6d, 0xd49, 'Microsoft', 'Azure-Cobalt-100'],
    [0x70, 0x663, 'Phytium', 'FTC663'],
    [0xc0, 0xac4, 'Ampere', 'Ampere-1a'],
  ])('are those of the implementer: %d %d', (implementer, part, vendor, name) => {
    expect(armImplementer(implementer)).toBe(vendor);
    expect(armPart(implementer, part, 0)).toBe(name);
  });

  it('are none for numbers that are not known', () => {
    expect(armImplementer(0x99)).toBeNull();
    expect(armPart(0x99, 0xd0c, 0)).toBeNull();
    expect(armPart(0x41, 0xfff, 0)).toBeNull();
    expect(armImplementer(0x49)).toBe('Infineon');
    expect(armPart(0x49, 0, 0)).toBeNull(); // it has no entries
  });

  it('depend on the variant where two designs have one number', () => {
    expect(armPart(0x53, 0x001, 1)).toBe('Exynos-M1');
    expect(armPart(0x53, 0x001, 4)).toBe('Exynos-M2');
  });

  it('are many, each part once', () => {
    expect(namedArmParts()).toBeGreaterThanOrEqual(150);
    const found = new Set<string>();
    for (let implementer = 0; implementer < 256; implementer++) {
      for (let part = 0; part < 4096; part++) {
        const name = armPart(implementer, part, 0);
        if (name !== null) found.add(`${implementer}/${part}`);
      }
    }
    expect(found.size).toBe(namedArmParts());
  });

  it('tell which cores are made to be small', () => {
    expect(['Cortex-A55', 'Icestorm-M1', 'Kryo-3XX-Silver'].every(isSmallArmCore)).toBe(true);
    expect(['Cortex-A76', 'Firestorm-M1', 'Neoverse-N1'].some(isSmallArmCore)).toBe(false);
  });
});
