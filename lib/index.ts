/** The model: what a program imports as `copytax`. The instrument is `copytax/bench`, reports are `copytax/report`. */
export { CopytaxError, type ErrorCode, remedyFor } from './errors.js';
export {
  type DmaAddress,
  PAGE_SIZE,
  type Pfn,
  type PhysAddress,
  SEGMENT_BYTES,
  SEGMENT_SLOTS,
  SLOT_SIZE,
  type SlotIndex,
} from './units.js';
