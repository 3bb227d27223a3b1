/**
 * What a trace of Linux's swiotlb tells, event by event.
 * `bounce` is an attempt: Linux prints it before it searches for slots, so a mapping that then fails is in it as well.
 */

export type CaptureEventKind =
  /** swiotlb:swiotlb_bounced: device, size, address of the buffer. */
  | 'bounce'
  /** A probe at the entry of swiotlb_tbl_map_single: size, address of the buffer, direction. */
  | 'map'
  /** A probe at its return: the slot, or null where none was found. Belongs to the last `map` of its task. */
  | 'mapped'
  /** A probe at swiotlb_tbl_unmap_single: slot, size, direction. */
  | 'unmap'
  /** dma:dma_map_page and dma_map_phys, and dma_map_sg once for each entry: device, direction, slot, size. */
  | 'dma-map'
  /**
   * dma:dma_unmap_page and dma_unmap_phys: device, direction, slot, size. dma_unmap_sg once for each entry: device,
   * direction and address of the buffer.
   */
  | 'dma-unmap';

/** In which context it ran. A capture by perf, and a graph of functions, do not tell: `unknown`. */
export type CaptureContext = 'process' | 'softirq' | 'hardirq' | 'nmi' | 'unknown';

/** As dma_data_direction of Linux. */
export type CaptureDirection = 'both' | 'to-device' | 'from-device' | 'none';

/** An event. A reader fills one object again and again: copy what is to be kept. */
export interface CaptureEvent {
  /** What happened: decides which of the other fields are told. */
  kind: CaptureEventKind;
  /** Number of its line, from 1. */
  line: number;
  /** Time of the trace's clock. Traces print microseconds, some clocks nanoseconds. */
  timeNs: number;
  /** Number of the CPU. */
  cpu: number;
  /** Number of the task; 0 where it is not told. */
  pid: number;
  /** Name of the task, which Linux cuts at 15 characters. */
  task: string;
  /** In which context it ran. */
  context: CaptureContext;
  /** Null where the event does not tell it. */
  device: string | null;
  /** In bytes; 0 where the event does not tell it. */
  size: number;
  /** Address of the buffer that is bounced; null if it is not told, or all ones. */
  address: number | null;
  /** Address of the first byte in its slots; null if it is not told, or no slots were found. */
  slot: number | null;
  /** Null where the event does not tell it. */
  direction: CaptureDirection | null;
  /** What stands behind the size of a `bounce`: FORCE, NORMAL, or another word. It decides nothing: see docs. */
  tag: string | null;
}
