/**
 * Memory that a device could touch, and copies of it: what a program imports as `copytax/memory`. Nothing here loads
 * native code before its first call.
 */

export type { CopyKernelFacts, RegionFacts, TimedCopySpec } from '../addon/addon.js';
export { BufferPool, type BufferPoolOptions } from '../buffers/buffer-pool.js';
export { type Datagram, type RegionRange, sendRegion, writeRegion } from '../buffers/send.js';
export { CopytaxError, type ErrorCode, remedyFor } from '../errors.js';
export type { Completions, RegionSender, SendAllOptions } from '../sockets/region-sender.js';
export { TcpSender, type TcpSenderOptions } from '../sockets/tcp-sender.js';
export { UdpSender, type UdpSenderOptions } from '../sockets/udp-sender.js';
export { type XdpFrame, XdpSender, type XdpSenderOptions } from '../sockets/xdp-sender.js';
export { PAGE_SIZE } from '../units.js';
export { checksum, copy, flush, type OpenRegion, type RegionOrId, type TimedCopyOptions, timedCopy } from './copy.js';
export type { CopyOptions } from './copy-into.js';
export { chooseCopyKernel } from './copy-kernel-choice.js';
export {
  allCopyKernels,
  COPY_KERNEL_NAMES,
  type CopyKernelChoice,
  type CopyKernelName,
  copyKernelIndex,
} from './copy-kernels.js';
export { CopyList, LIST_CAPACITY } from './copy-list.js';
export { type Lease, Region } from './region.js';
export {
  type HugePagePolicy,
  type LockPolicy,
  type LockRefusal,
  MAX_REGION_BYTES,
  type RegionInfo,
  type RegionSpec,
} from './region-spec.js';
