/**
 * The memory of machines that run one after the other: one region, kept from machine to machine while it is large
 * enough.
 * Owner: the thread that made it.
 */
import { Region } from '../../memory/region.js';
import type { RegionSpec } from '../../memory/region-spec.js';
import type { MachineConfig } from '../build/config.js';
import { fillUsers, ramLayout } from '../build/ram.js';

export class RamHolder {
  readonly #spec: Omit<RegionSpec, 'bytes'>;
  #ram: Region | null = null;
  /** Where the users' buffers lie that hold the contents they should have. */
  #filledFor = '';

  /** `spec`: how the region is mapped. */
  constructor(spec: Omit<RegionSpec, 'bytes'>) {
    this.#spec = spec;
  }

  /** The region, or null before the first machine. */
  get ram(): Region | null {
    return this.#ram;
  }

  /**
   * Maps and populates a region that each of these machines fits into, unless there is one. Throws what `Region.create`
   * throws.
   */
  ensure(configs: readonly MachineConfig[]): Region {
    const bytes = Math.max(...configs.map((config) => ramLayout(config).bytes));
    if (this.#ram !== null && this.#ram.bytes >= bytes) return this.#ram;
    this.close();
    this.#ram = Region.create({ ...this.#spec, bytes });
    return this.#ram;
  }

  /** Returns the region, with the contents of the users' buffers that each machine starts with. */
  memoryFor(config: MachineConfig): Region {
    const ram = this.ensure([config]);
    const layout = ramLayout(config);
    const filledFor = `${layout.users}-${layout.system}`;
    if (this.#filledFor !== filledFor) fillUsers(ram.buffer, layout);
    this.#filledFor = filledFor;
    return ram;
  }

  /**
   * Unmaps the region and maps one of the same size. Linux gives out first what it has got back last, so the region
   * would have the same pages in another order. `ballastBytes` of other memory are mapped in between and take them:
   * with as much as the region has, all pages are others. Without a region it does nothing.
   * Throws what `Region.create` throws, and then there is no region.
   */
  renew(ballastBytes: number): void {
    if (this.#ram === null) return;
    const { bytes } = this.#ram;
    this.close();
    const ballast = ballastOf(ballastBytes);
    try {
      this.#ram = Region.create({ ...this.#spec, bytes });
    } catch (error) {
      if (ballast === null) throw error;
      ballast.close();
      this.#ram = Region.create({ ...this.#spec, bytes }); // there is room for the machines, if not for both
    } finally {
      ballast?.close();
    }
  }

  /** Unmaps the region. Idempotent. */
  close(): void {
    this.#ram?.close();
    this.#ram = null;
    this.#filledFor = '';
  }
}

/** Memory that only has to be elsewhere: a host that has no room for it does without. */
function ballastOf(bytes: number): Region | null {
  try {
    return bytes > 0 ? Region.create({ bytes, lock: 'no', hugePages: 'thp' }) : null;
  } catch {
    return null;
  }
}
