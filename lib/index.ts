/**
 * The model: what a program imports as `copytax`. In the order of the data: memory and copies, CPUs, slots, pages, the
 * addresses that devices see, the transmit path, and machines made of all that. The instrument is `copytax/bench`,
 * reports are `copytax/report` and `copytax/plots`, slots for programs of one's own `copytax/slots`, and traces of the
 * real slot allocator are `copytax/trace`.
 */
export {
  CopytaxError,
  type CopytaxErrorOf,
  type ErrorCode,
  type ErrorDetails,
  isCopytaxError,
  isErrorCode,
  remedyFor,
} from './errors.js';
export { PAGE_SIZE, SEGMENT_BYTES, SEGMENT_SLOTS, SLOT_SIZE } from './units.js';

export {
  allCopyKernels,
  COPY_KERNEL_NAMES,
  CopyList,
  type CopyKernelChoice,
  type CopyKernelFacts,
  type CopyKernelName,
  type CopyOptions,
  checksum,
  chooseCopyKernel,
  copy,
  copyKernelIndex,
  flush,
  type HugePagePolicy,
  type Lease,
  LIST_CAPACITY,
  type OpenRegion,
  type LockPolicy,
  type LockRefusal,
  Region,
  type RegionInfo,
  type RegionOrId,
  type RegionSpec,
  type TimedCopyOptions,
  timedCopy,
} from './memory/index.js';

export { Arena } from './smp/arena.js';
export { Cpu, CpuTable, NET_RX, NET_TX } from './smp/cpu.js';
export type { Meter } from './smp/meter.js';
export {
  type Context,
  type ContextName,
  CopyLedger,
  type CopyLedgerJson,
  type CopyTotals,
  HARDIRQ,
  PROCESS,
  SITES,
  type Site,
  SOFTIRQ,
} from './smp/copy-ledger.js';

export { NO_SLOT, SlotPool, type SlotPoolConfig } from './swiotlb/slots/slot-pool.js';
export type { DmaConstraints, SwiotlbDevice } from './swiotlb/slots/constraints.js';
export type { DynamicConfig } from './swiotlb/pools/growing-slot-pools.js';
export type { SwiotlbConfig } from './swiotlb/config.js';
export { type BlockSource, ZONE } from './swiotlb/pools/block-source.js';
export type { AreaContention } from './swiotlb/slots/area.js';
export type { Misuse } from './swiotlb/pools/checks.js';
export type { SwiotlbStatistics } from './swiotlb/slots/counters.js';
export type { PerMappingConfig, PerMappingStatistics } from './swiotlb/per-mapping/per-mapping.js';
export { NO_ADDRESS, Swiotlb } from './swiotlb/swiotlb.js';
export {
  type BounceSink,
  type BounceWarning,
  type Mapped,
  type MappingWishes,
  RegionBounces,
  SynchronousMapping,
} from './swiotlb/synchronous-mapping.js';
export { DIRECTION, type Direction } from './swiotlb/dma-attributes.js';
export {
  type BootInputs,
  type BootParam,
  type BootPool,
  bootPool,
  confidentialGuestBytes,
  parseBootParam,
} from './swiotlb/boot/boot-options.js';
export { type EarlierBootParam, parseEarlierBootParam } from './swiotlb/boot/earlier-boot-option.js';

export { PAGE_TYPE, type PageKind } from './page/page-type.js';
export { NO_PAGE, PageTable } from './page/page-table.js';
export { AllocatorHook, type FreeDispatch, TypedFolio } from './page/free-dispatch.js';
export { LeakedBlocks, type PageOwner, PageOwners } from './page/page-owners.js';
export { FreeCounters } from './page/free-counters.js';
export { BouncePages, type BouncePageParts } from './page/bounce-pages.js';
export { FRAG_ORDER, type PageSource } from './page/page-source.js';
export { SystemPages } from './page/system-pages.js';
export { PercentLimit } from './page/percent-limit.js';
export { DeviceTable } from './device/device-table.js';
export { PageFrag, type PageHolding, ReferencedPages } from './page/page-frag.js';

export { type DmaDevice, networkDevice } from './dma/device.js';
export { Dma, MAPPING_ERROR, type SocketTeacher } from './dma/map.js';
export {
  BouncePageMemory,
  NOT_SHARED,
  SHARED,
  type SharedMemory,
  type Sharing,
  STAYS_MAPPED,
} from './dma/shared-memory.js';
export { COMPLETION_MODES, type CompletionMode } from './dma/completion-modes.js';

export type { Filler } from './net/filler.js';
export type { Lifetime } from './net/lifetime.js';
export { LearnedSource, OneSource, type PageChoice } from './net/page-choice.js';
export { SkbFiller } from './net/skb-filler.js';
export { type CopyPolicy, MAX_FRAGS, type SkbTable } from './net/skb.js';
export type { SocketTable } from './net/socket.js';
export type { LearnedDevices } from './net/learned-device.js';

export {
  type Block,
  type CpuTools,
  type Design,
  type DesignParts,
  type DesignState,
  type DesignTables,
  FREE_DISPATCHES,
  type FreeDispatchName,
  type ReferenceCount,
} from './designs/design.js';
export { PageRefs } from './designs/pages/page-refs.js';
export { type DevicePages, PageReferences, type SourcesOf, slotPoolPages } from './designs/page-references.js';
export {
  ALL_DESIGN_NAMES,
  type BuiltInDesignName,
  DESIGN_NAMES,
  DESIGNS,
  type DesignName,
  designOf,
  type OwnDesignName,
} from './designs/designs.js';
export { Registered } from './designs/registered.js';
export type { BindingLimits, BindingTable } from './owner/bindings.js';
export type { RegionWindows } from './memory/region-windows.js';
export { addDesign } from './designs/own-designs.js';

export { type MachineConfig, type MachineOptions, machineConfig } from './machine/build/config.js';
export {
  GROWTH_MODES,
  type GrowthMode,
  type Learning,
  type Lender,
  type QdiscName,
  type Traffic,
} from './machine/build/choices.js';
export type { TrialPlan } from './machine/run/trial.js';
export type { Held, HeldMemory } from './machine/run/memory-looks.js';
export type { TxTrial } from './machine/run/tx-trial.js';
export { InlineMachine } from './machine/run/inline-machine.js';
export {
  ThreadedMachine,
  /** @deprecated The former name of `ThreadedMachine`; it goes with the next release. */
  ThreadedMachine as TxHost,
} from './machine/run/threaded-machine.js';

// What signatures above mention.
export type { DetailsOf } from './errors.js';
export type { Flavour } from './flavour.js';
export type { CpuOptions } from './machine/build/config.js';
export type { CpuRunner } from './machine/build/cpu-runner.js';
export type { NetworkDevices } from './machine/build/network-devices.js';
export type { PageFreeing } from './machine/build/page-freeing.js';
export type { RamLayout } from './machine/build/ram.js';
export type { System } from './machine/build/system.js';
export type { Invariant, Watched } from './machine/check/watched.js';
export type { Areas } from './swiotlb/slots/area.js';
export type { SlotTable } from './swiotlb/slots/slot-table.js';
export type { Counters } from './swiotlb/slots/counters.js';
export type { BounceRange } from './swiotlb/slots/bounce-range.js';
export type { FoundSlotPool, GrowingSlotPools } from './swiotlb/pools/growing-slot-pools.js';
export type { GrowthConfig } from './swiotlb/pools/growth.js';
export type { Zone } from './swiotlb/pools/block-source.js';
export type { PerMapping } from './swiotlb/per-mapping/per-mapping.js';
export type { DesignConfig } from './designs/design.js';
export type { SocketLimits } from './net/socket.js';
export type { SocketLocks } from './net/socket-lock.js';
export type { FillerPages } from './net/skb-filler.js';
export type { Fields, Layout, Records } from './smp/arena.js';
export type { Softirq } from './smp/cpu.js';
