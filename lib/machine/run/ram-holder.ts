/**
 * The memory of machines that run one after the other: one region, kept from machine to machine while it is large
 * enough.
 * Owner: the thread that made it.
 */
import { CopytaxError } from '../../errors.js';
import { createInSlices } from '../../memory/create-in-slices.js';
import { Region } from '../../memory/region.js';
import type { RegionSpec } from '../../memory/region-spec.js';
import type { MachineConfig } from '../build/config.js';
import { fillUsers, ramLayout } from '../build/ram.js';

export class RamHolder {
  readonly #spec: Omit<RegionSpec, 'bytes'>;
  #ram: Region | null = null;
  /** Where the users' buffers lie that hold the contents they should have. */
  #filledFor = '';
  /** Aborts what is being made while the memory is closed. */
  #made = new AbortController();

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
    const bytes = bytesFor(configs);
    if (this.#ram !== null && this.#ram.bytes >= bytes) return this.#ram;
    this.close();
    this.#ram = Region.create({ ...this.#spec, bytes });
    return this.#ram;
  }

  /**
   * As `ensure`, in slices, see `createInSlices`; one call at a time. Rejects with what `Region.create` throws, with
   * the reason of `signal`, and with ERR_REGION_CLOSED after a `close` meanwhile; then there is no region.
   */
  async ensureInSlices(configs: readonly MachineConfig[], signal?: AbortSignal): Promise<void> {
    const bytes = bytesFor(configs);
    if (this.#ram !== null && this.#ram.bytes >= bytes) return;
    this.close();
    this.#ram = await this.#make({ ...this.#spec, bytes }, signal);
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
   * Rejects as `ensureInSlices`, and then there is no region.
   */
  async renew(ballastBytes: number, signal?: AbortSignal): Promise<void> {
    if (this.#ram === null) return;
    const { bytes } = this.#ram;
    const spec = { ...this.#spec, bytes };
    this.close();
    const ballast = await this.#ballast(ballastBytes, signal);
    try {
      this.#ram = await this.#make(spec, signal);
    } catch (error) {
      if (ballast === null || !isRefusal(error)) throw error;
      ballast.close();
      this.#ram = await this.#make(spec, signal); // there is room for the machines, if not for both
    } finally {
      ballast?.close();
    }
  }

  /** Memory that only has to be elsewhere: null on a host that has no room for it. */
  async #ballast(bytes: number, signal?: AbortSignal): Promise<Region | null> {
    if (bytes === 0) return null;
    try {
      return await this.#make({ bytes, lock: 'no', hugePages: 'thp' }, signal);
    } catch (error) {
      if (isRefusal(error)) return null;
      throw error;
    }
  }

  async #make(spec: RegionSpec, signal?: AbortSignal): Promise<Region> {
    const closing = this.#made.signal;
    const either = signal === undefined ? closing : AbortSignal.any([signal, closing]);
    const region = await createInSlices(spec, Region.attach, either);
    if (!closing.aborted) return region;
    region.close();
    throw closing.reason;
  }

  /** Unmaps the region, and ends what is being made. Idempotent. */
  close(): void {
    this.#made.abort(new CopytaxError('ERR_REGION_CLOSED', 'the memory was closed while it was made'));
    this.#made = new AbortController();
    this.#ram?.close();
    this.#ram = null;
    this.#filledFor = '';
  }
}

const bytesFor = (configs: readonly MachineConfig[]) => Math.max(...configs.map((config) => ramLayout(config).bytes));

/** True of what `Region.create` throws; false of what stopped the making. */
function isRefusal(error: unknown): boolean {
  return error instanceof CopytaxError && error.code !== 'ERR_REGION_CLOSED';
}
