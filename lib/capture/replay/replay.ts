/**
 * Replays a capture on this host: its mappings are given to the allocator of the model, and copied in real memory.
 * A capture is read once, in bounded memory. If it is short, what it holds is repeated: the first pass over some
 * thousand copies measures a program that is not compiled yet.
 */
import { type CopyKernelChoice, copyKernelIndex } from '../../memory/copy-kernels.js';
import { Region } from '../../memory/region.js';
import { MIB, SLOT_SIZE } from '../../units.js';
import { type CaptureSummary, readCapture } from '../capture-reader.js';
import { MappingStream } from '../mappings/mapping-stream.js';
import { Timeline } from '../occupancy/timeline.js';
import { CopyCosts } from './copy-costs.js';
import { MeasuredSteps } from './measured-steps.js';
import { Pacer } from './pacer.js';
import { Recorder } from './recorder.js';
import { ReplayDriver, type Step } from './replay-driver.js';
import { isTransmit, type ReplayOptions, type Setting, settingOf } from './replay-options.js';
import type { ReplayResult } from './replay-result.js';
import { resultOf } from './result-of-replay.js';
import { Sweep } from './sweep.js';

/** A short capture is repeated for so long if nothing else is given, and so often at most. */
const USUAL_REPEAT_MS = 1000;
const MOST_PASSES = 50;
/** The usual slot pool is: starting a thread would take longer. */
const MADE_IN_A_MOMENT = 128 * MIB;

/**
 * Replays a capture from a file or a stream, plain or gzipped. Memory: that of the slot pool, 32 MiB of buffers, and
 * some that does not grow with the capture. Threads: any; the copies are made by the calling one.
 * Rejects with ERR_CAPTURE if it is none, or what stands beside it is damaged; ERR_LOG_FILE if it cannot be read;
 * ERR_OUT_OF_RANGE, ERR_UNKNOWN_OPTION for options; what `Region.createAsync` throws; the reason of the signal.
 */
export async function replayCapture(
  source: string | NodeJS.ReadableStream,
  options: ReplayOptions = {},
): Promise<ReplayResult> {
  const setting = settingOf(source, options);
  const { signal, copyKernel = 'kernel-like' } = options;
  signal?.throwIfAborted();
  using pool = await poolMemory(setting.shape.slots * SLOT_SIZE, signal);
  using buffers = CopyCosts.bufferWindow();
  // Awaited, because the memory goes when this function ends.
  return await new Replay(setting, { pool, buffers, copyKernel }, options).run(source);
}

/** What takes longer than a moment to make is made by another thread, so that the signal is heard. */
async function poolMemory(bytes: number, signal?: AbortSignal): Promise<Region> {
  if (bytes <= MADE_IN_A_MOMENT) return Region.create({ bytes, lock: 'try' });
  return await Region.createAsync({ bytes, lock: 'try' }, signal ? { signal } : {});
}

interface Memory {
  readonly pool: Region;
  readonly buffers: Region;
  readonly copyKernel: CopyKernelChoice;
}

/** Owner: the call that made it. */
class Replay {
  readonly #setting: Setting;
  readonly #memory: Memory;
  readonly #options: ReplayOptions;
  readonly #timeline: Timeline;
  readonly #recorder: Recorder;
  readonly #stream: MappingStream;
  readonly #sweep: Sweep;
  readonly #pacer: Pacer | null;
  #steps: MeasuredSteps;
  readonly #driver: ReplayDriver;

  constructor(setting: Setting, memory: Memory, options: ReplayOptions) {
    const { shape, startUsed, holds } = setting;
    this.#setting = setting;
    this.#memory = memory;
    this.#options = options;
    this.#timeline = new Timeline(startUsed);
    this.#recorder = new Recorder(this.#timeline);
    this.#stream = new MappingStream(this.#recorder);
    this.#sweep = new Sweep(shape, startUsed, holds);
    this.#pacer = options.pace === 'recorded' ? new Pacer(options.signal) : null;
    this.#steps = this.#newSteps();
    this.#driver = this.#newDriver();
  }

  async run(source: string | NodeJS.ReadableStream): Promise<ReplayResult> {
    const { signal, onProgress, copyKernel } = { ...this.#options, ...this.#memory };
    let lines = 0;
    const summary: CaptureSummary = await readCapture(
      source,
      (event) => {
        lines = event.line;
        this.#stream.add(event);
      },
      async () => {
        signal?.throwIfAborted();
        onProgress?.(lines);
        await this.#take(this.#recorder.take());
      },
    );
    const mappings = this.#stream.end();
    await this.#take(this.#recorder.take());
    const passes = (await this.#repeat()) ?? 1;
    return resultOf({
      source,
      setting: this.#setting,
      summary,
      mappings,
      live: this.#stream.live(),
      recorder: this.#recorder,
      timeline: this.#timeline,
      pool: this.#driver.pool,
      sweep: this.#sweep.end(),
      steps: this.#steps,
      passes,
      copyKernel: copyKernelIndex(copyKernel),
    });
  }

  /** The first pass, which decides what is told of the pool. */
  async #take(steps: readonly Step[]): Promise<void> {
    const portions = this.#pacer?.portions(steps) ?? [steps];
    for await (const portion of portions) {
      this.#steps.take(this.#driver, portion, (timeNs, before, after) => {
        this.#timeline.use(timeNs, before);
        this.#timeline.use(timeNs, after);
      });
    }
    this.#sweep.take(steps);
  }

  /** Repeats a short capture, of which then only the repetitions are measured. Resolves to how often, or to null. */
  async #repeat(): Promise<number | null> {
    const { kept } = this.#recorder;
    const { repeatMs = USUAL_REPEAT_MS } = this.#options;
    if (kept === null || kept.length === 0 || this.#pacer !== null || repeatMs === 0) return null;
    this.#steps = this.#newSteps();
    const until = performance.now() + repeatMs;
    let passes = 0;
    do {
      this.#options.signal?.throwIfAborted();
      this.#steps.take(this.#newDriver(), kept);
      passes++;
      await new Promise(setImmediate);
    } while (passes < MOST_PASSES && performance.now() < until);
    return passes;
  }

  #newSteps(): MeasuredSteps {
    const { pool, buffers, copyKernel } = this.#memory;
    const { receiveSizes } = this.#setting;
    const costs = new CopyCosts(pool, buffers, copyKernelIndex(copyKernel));
    return new MeasuredSteps(costs, (mapping) => isTransmit(mapping, receiveSizes));
  }

  #newDriver(): ReplayDriver {
    const { shape, startUsed, holds } = this.#setting;
    return new ReplayDriver(shape, startUsed, holds, (...copy) => this.#steps.copy(...copy));
  }
}
