/**
 * Makes mappings of the events of a capture: which were made, when they ended, and what the capture does not tell.
 *
 * Linux prints `swiotlb_bounced` before it searches for slots, so that alone is an attempt. Probes at the map function,
 * or events of `dma` for the same buffer and task, tell what became of it; where a capture has neither, each attempt
 * counts as a mapping whose end is not told. Which of the two a capture is shows in its first thousand attempts.
 * Models: swiotlb_map, swiotlb_tbl_map_single and swiotlb_tbl_unmap_single (kernel/dma/swiotlb.c).
 * Owner: one reader.
 */
import { SLOT_SIZE } from '../../units.js';
import type { CaptureEvent } from '../capture-event.js';
import type { CapturedMapping, MappingSink, MappingSummary } from './captured-mapping.js';
import { ContinuousClock } from './continuous-clock.js';
import { PendingAttempts, taskOf } from './pending-attempts.js';

/** Attempts without an outcome after which a capture is one that tells no outcomes. */
const ATTEMPTS_WITHOUT_OUTCOME = 1000;

type Outcomes = 'not known' | 'told' | 'not told';

/** Slots of a mapping of `size` bytes whose first byte is at `slot`: a part of the first slot may be left free. */
export function slotsAt(slot: number, size: number): number {
  return Math.ceil((size + (slot % SLOT_SIZE)) / SLOT_SIZE);
}

export class MappingStream {
  readonly #sink: MappingSink;
  readonly #clock = new ContinuousClock();
  /** The last attempt, as it was told. */
  #last: CapturedMapping | null = null;
  #doubled = 0;
  /** Events that came before it was known whether outcomes are told. */
  #early: CaptureEvent[] = [];
  #earlyAttempts = 0;
  #outcomes: Outcomes = 'not known';
  #hasProbes = false;
  readonly #pending = new PendingAttempts();
  /** Calls of the map function that have not returned, by task, the innermost last. */
  readonly #calls = new Map<number, CapturedMapping[]>();
  /** Mappings that have not ended, by the address of their slot. */
  readonly #live = new Map<number, CapturedMapping>();
  /** Those of which only the address of the buffer will be told when they end. */
  readonly #liveByBuffer = new Map<number, CapturedMapping>();
  #lowestSlot = Number.POSITIVE_INFINITY;
  #highestSlot = 0;
  #lastId = 0;
  #paired = 0;
  #unpaired = 0;
  #failed = 0;
  #endedEarlier = 0;
  #missedUnmaps = 0;
  #brokenProbes = 0;

  constructor(sink: MappingSink) {
    this.#sink = sink;
  }

  /** Takes the next event, which may be filled again afterwards. Makes its time continuous. */
  add(event: CaptureEvent): void {
    event.timeNs = this.#clock.continued(event.timeNs);
    if (this.#outcomes === 'not known') this.#addEarly(event);
    else this.#take(event);
  }

  /** Returns what was told. Call it once. */
  end(): MappingSummary {
    if (this.#outcomes === 'not known') this.#decide('not told');
    for (const attempt of this.#pending.drain()) this.#mapUnpaired(attempt);
    for (const calls of this.#calls.values()) this.#brokenProbes += calls.length;
    return {
      paired: this.#paired,
      unpaired: this.#unpaired,
      failed: this.#failed,
      endedEarlier: this.#endedEarlier,
      missedUnmaps: this.#missedUnmaps,
      brokenProbes: this.#brokenProbes,
      doubled: this.#doubled,
      restarts: this.#clock.restarts,
    };
  }

  /** Mappings that have not ended, in the order in which they were made. */
  live(): CapturedMapping[] {
    return [...this.#live.values()].sort((a, b) => a.id - b.id);
  }

  #addEarly(event: CaptureEvent): void {
    this.#early.push({ ...event });
    if (event.kind === 'mapped' || this.#isOutcome(event)) this.#decide('told');
    else if (event.kind === 'bounce' && ++this.#earlyAttempts === ATTEMPTS_WITHOUT_OUTCOME) this.#decide('not told');
  }

  /** True for an event of `dma` about a buffer that was to be bounced: others are of buffers that were not. */
  #isOutcome({ kind, address, size }: CaptureEvent): boolean {
    if (kind !== 'dma-map' || address === null) return false;
    return this.#early.some((one) => one.kind === 'bounce' && one.address === address && one.size === size);
  }

  #decide(outcomes: Outcomes): void {
    this.#outcomes = outcomes;
    const early = this.#early;
    this.#early = [];
    for (const event of early) this.#take(event);
  }

  #take(event: CaptureEvent): void {
    switch (event.kind) {
      case 'bounce':
        this.#attempt(event);
        break;
      case 'map':
        this.#enter(event);
        break;
      case 'mapped':
        this.#return(event);
        break;
      case 'dma-map':
        if (!this.#hasProbes) this.#dmaMap(event);
        break;
      case 'unmap':
        this.#hasProbes = true;
        this.#unmap(event);
        break;
      case 'dma-unmap':
        if (!this.#hasProbes) this.#dmaUnmap(event);
        break;
    }
  }

  #mappingOf({ timeNs, cpu, context, device, size, address, direction, slot }: CaptureEvent): CapturedMapping {
    return { id: ++this.#lastId, timeNs, cpu, context, device, size, address, direction, slot };
  }

  #attempt(event: CaptureEvent): void {
    const attempt = this.#mappingOf(event);
    if (this.#last !== null && isSame(attempt, this.#last)) this.#doubled++;
    this.#last = attempt;
    this.#sink.attempt(attempt);
    if (this.#outcomes === 'not told') {
      this.#mapUnpaired(attempt);
      return;
    }
    for (const one of this.#pending.add(taskOf(event), attempt)) this.#mapUnpaired(one);
  }

  #mapUnpaired(attempt: CapturedMapping): void {
    this.#unpaired++;
    this.#sink.map(attempt);
  }

  #enter(event: CaptureEvent): void {
    this.#hasProbes = true;
    this.#outcomes = 'told';
    const task = taskOf(event);
    const attempt = this.#pending.take(task, event.address, event.size);
    const call = { ...(attempt ?? this.#mappingOf(event)), direction: event.direction };
    const calls = this.#calls.get(task);
    if (calls === undefined) this.#calls.set(task, [call]);
    else calls.push(call);
  }

  #return(event: CaptureEvent): void {
    this.#hasProbes = true;
    const task = taskOf(event);
    const calls = this.#calls.get(task);
    const call = calls?.pop();
    if (calls?.length === 0) this.#calls.delete(task);
    if (call === undefined) this.#brokenProbes++;
    else this.#settle(call, event);
  }

  #dmaMap(event: CaptureEvent): void {
    const attempt = this.#pending.take(taskOf(event), event.address, event.size);
    if (attempt === null) return;
    const mapping = this.#settle({ ...attempt, direction: event.direction }, event);
    if (mapping !== null && mapping.address !== null) this.#liveByBuffer.set(mapping.address, mapping);
  }

  /** Tells what became of an attempt. Returns the mapping, or null if no slots were found. */
  #settle(attempt: CapturedMapping, { slot, timeNs }: CaptureEvent): CapturedMapping | null {
    const mapping: CapturedMapping = { ...attempt, slot, timeNs };
    if (slot === null) {
      this.#failed++;
      this.#sink.fail(mapping);
      return null;
    }
    const before = this.#live.get(slot);
    if (before !== undefined) {
      this.#missedUnmaps++;
      this.#end(before, timeNs);
    }
    this.#paired++;
    this.#live.set(slot, mapping);
    this.#lowestSlot = Math.min(this.#lowestSlot, slot);
    this.#highestSlot = Math.max(this.#highestSlot, slot);
    this.#sink.map(mapping);
    return mapping;
  }

  #unmap({ slot, size, timeNs }: CaptureEvent): void {
    if (slot === null) return;
    const mapping = this.#live.get(slot);
    if (mapping !== undefined) this.#end(mapping, timeNs);
    else this.#endEarlier(slotsAt(slot, size), timeNs);
  }

  #dmaUnmap({ slot, size, address, timeNs }: CaptureEvent): void {
    const mapping =
      slot !== null ? this.#live.get(slot) : address !== null ? this.#liveByBuffer.get(address) : undefined;
    if (mapping !== undefined) this.#end(mapping, timeNs);
    else if (slot !== null && slot >= this.#lowestSlot && slot <= this.#highestSlot) {
      this.#endEarlier(slotsAt(slot, size), timeNs);
    }
  }

  #end(mapping: CapturedMapping, timeNs: number): void {
    this.#live.delete(mapping.slot!);
    if (this.#liveByBuffer.get(mapping.address!) === mapping) this.#liveByBuffer.delete(mapping.address!);
    this.#sink.unmap(mapping, timeNs);
  }

  #endEarlier(slots: number, timeNs: number): void {
    this.#endedEarlier++;
    this.#sink.unmapEarlier(slots, timeNs);
  }
}

/** True for attempts of one CPU at one time with one buffer, of which there cannot be two. */
function isSame(a: CapturedMapping, b: CapturedMapping): boolean {
  return (
    a.timeNs === b.timeNs && a.cpu === b.cpu && a.address === b.address && a.size === b.size && a.device === b.device
  );
}
