/**
 * Memory of users that is registered once and stays shared with the devices: nothing is copied but headers.
 * Models: transmission from device memory (devmem TCP), and memory that a guest has shared for DMA from the start
 * (DMA_ATTR_CC_SHARED): docs/spec/tx-path.md#one-interface-for-three-lifetimes. `faithful` has a reference to the
 * binding for each fragment, as devmem TCP does, `hardened` one for each skb. Deviation: the memory of all senders is
 * registered as one range for each device.
 */
import type { SharedMemory } from '../dma/shared-memory.js';
import { CopytaxError } from '../errors.js';
import { within, wrongType } from '../limits.js';
import { Region } from '../memory/region.js';
import { FIRST_WINDOW, RegionWindows } from '../memory/region-windows.js';
import { BindingTable } from '../owner/bindings.js';
import type { Arena } from '../smp/arena.js';
import type { Cpu } from '../smp/cpu.js';
import { PAGE_SIZE } from '../units.js';
import type { CpuTools, DesignParts, DesignTables, ReferenceCount } from './design.js';
import { PageReferences } from './page-references.js';
import { BindingFiller } from './zero-copy/binding-filler.js';
import { BindingRefs } from './zero-copy/binding-refs.js';
import { BoundMemory } from './zero-copy/bound-memory.js';
import { MemoryRanges } from './zero-copy/memory-ranges.js';
import { requireCounts } from './zero-copy/reference-counts.js';
import { UserFolios } from './zero-copy/user-folios.js';

/** Regions beside the memory of the machine that may be registered at the same time, for one device each. */
const MAX_REGIONS = 16;
/** Chunks for the regions that a caller registers. */
const REGION_CHUNKS = 16384;

/** The state of the design `registered`, for designs of one's own that extend it. Each thread has one. */
export class Registered extends PageReferences {
  /** Address of the buffers of users. */
  readonly users: number;
  /** Where the regions lie that a caller has registered. */
  readonly windows: RegionWindows;
  /** What is registered, with whom. */
  readonly bindings: BindingTable;
  readonly #users: UserFolios;
  readonly #isPerFragment: boolean;
  /** The region that users send from; 0: the memory of the machine. */
  readonly #regionId: number;
  #ofUsers: Region | null = null;
  #hasEnded = false;

  constructor(arena: Arena, tables: DesignTables) {
    super(tables);
    const { flavour, userMemory, registration } = tables.config;
    this.#isPerFragment = flavour === 'faithful';
    this.#users = new UserFolios(tables);
    const { all } = tables.devices;
    const chunkBytes = userMemory.pageBytes;
    const chunks = all.length * ((this.#users.pages * PAGE_SIZE) / chunkBytes) + REGION_CHUNKS;
    this.windows = new RegionWindows(arena.int32(2 * MAX_REGIONS));
    this.bindings = new BindingTable(arena, { bindings: all.length + MAX_REGIONS, chunks, chunkBytes }, this.windows);
    this.#regionId = registration.regionId;
    this.users = this.#regionId === 0 ? tables.layout.users : FIRST_WINDOW;
  }

  /** @throws ERR_OUT_OF_RANGE for a region of users that is too small, ERR_REGION_CLOSED for one that is closed */
  override reset(): void {
    this.bindings.reset();
    this.windows.reset();
    this.#hasEnded = false;
    const { config, devices } = this.tables;
    const bytes = this.#users.pages * PAGE_SIZE;
    this.#letGo();
    if (this.#regionId !== 0) this.#ofUsers = Region.attach(this.#regionId);
    try {
      for (const { number } of devices.all) {
        if (this.#ofUsers === null) this.bindings.register(number, this.users, bytes);
        else
          this.bindings.registerRegion(number, this.#ofUsers, config.sockets.senders * config.sockets.userBufferBytes);
      }
    } catch (error) {
      this.#letGo();
      throw error;
    }
  }

  /** The caller has this region open, too: it is free when both have closed it. */
  #letGo(): void {
    this.#ofUsers?.close();
    this.#ofUsers = null;
  }

  /**
   * Registers a region beside the machine's memory for a device: a sender may send from it. Returns its binding, whose
   * address is `bindings.address`. The region cannot be closed before `unregister`, or the end of the machine. Only on
   * the thread of the machine's owner.
   * @throws ERR_INVALID_ARG_TYPE, ERR_OUT_OF_RANGE, ERR_REGION_CLOSED for a region or a machine that is closed
   */
  register(device: number, region: Region): number {
    requireDevice(device, this.tables.devices.all.length);
    requireOpen(region);
    if (this.#hasEnded) {
      const message = `region ${region.id} cannot be registered: the machine is closed; register it before`;
      throw new CopytaxError('ERR_REGION_CLOSED', message, { region: region.id });
    }
    return this.bindings.registerRegion(device, region);
  }

  /**
   * Ends what `register` has returned, so that the region can be closed.
   * @throws ERR_IN_FLIGHT with the number of references of packets, if there are any; then nothing has changed.
   * ERR_INVALID_ARG_TYPE, ERR_OUT_OF_RANGE, ERR_DOUBLE_FREE for what is no binding
   */
  unregister(binding: number): void {
    const last = this.bindings.limits.bindings - 1;
    if (typeof binding !== 'number') throw wrongType('binding', 'the number that register has returned', binding);
    within('the binding to unregister', binding, 0, last);
    this.bindings.unregister(binding);
  }

  override partsOf(cpu: Cpu, tools: CpuTools): DesignParts {
    const { config, skbs, devices } = this.tables;
    const refs = new BindingRefs(skbs, this.bindings, this.#isPerFragment);
    const filler = new BindingFiller({
      skbs,
      bindings: this.bindings,
      refs,
      ranges: new MemoryRanges(cpu, skbs, config.userMemory.pageBytes, { ...tools.copies, windows: this.windows }),
      ofQueues: devices.ofQueues,
      isDatagram: config.sockets.traffic === 'datagram',
    });
    return { filler, lifetime: refs, pageFrag: super.partsOf(cpu, tools).pageFrag };
  }

  override sharedMemory(): SharedMemory {
    return new BoundMemory(this.bindings, this.windows);
  }

  protected override holdsPages(_skb: number): boolean {
    return false;
  }

  /** References that packets hold to each binding, by its number. No CPU is at work. */
  ownerReferences(): ReferenceCount[] {
    const { skbs } = this.tables;
    const { bindings } = this;
    const expected = new Int32Array(bindings.limits.bindings);
    for (let skb = 0; skb < skbs.count; skb++) {
      const binding = skbs.mark(skb) - 1;
      if (skbs.isFree(skb) || binding < 0) continue;
      expected[binding] = expected[binding]! + (this.#isPerFragment ? skbs.frags(skb) : 1);
    }
    return Array.from(expected, (of, binding) => {
      return { what: `binding ${binding}`, refs: bindings.inFlight(binding), expected: of };
    });
  }

  override close(_cpu: Cpu): void {
    requireCounts(this.ownerReferences());
    for (let binding = 0; binding < this.tables.devices.all.length; binding++) this.bindings.unregister(binding);
    this.#letGo();
  }

  /** Unregisters all memory, whatever is in flight. No CPU is at work, and none will be. Idempotent. */
  abandon(): void {
    this.#hasEnded = true;
    this.bindings.abandon();
    this.#letGo();
  }
}

function requireDevice(device: number, devices: number): void {
  const what = `the number of the device that the region is registered for, from 1 to ${devices}`;
  if (typeof device !== 'number') throw wrongType('device', what, device);
  within('the device that a region is registered for', device, 1, devices);
}

function requireOpen(region: Region): void {
  if (!(region instanceof Region)) throw wrongType('region', 'a Region, such as Region.create returns', region);
  if (region.buffer.byteLength > 0) return;
  const message = `region ${region.id} cannot be registered: it is closed; register it before, or create another`;
  throw new CopytaxError('ERR_REGION_CLOSED', message, { region: region.id });
}
