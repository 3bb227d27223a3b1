/**
 * The text of a recorded ring, as chunks of whole lines: as long as it may be, with what was lost told at its end in
 * the words of ftrace, and read on the way as any capture is.
 */
import { readSync } from 'node:fs';
import { setImmediate as turn } from 'node:timers/promises';
import { CaptureReader, type CaptureSummary } from '../capture/capture-reader.js';

const CHUNK_BYTES = 2 ** 16;
const CPU = /\[(\d{3,})\]/;

/** Owned by one recorder; main thread only. */
export class TraceText {
  readonly #reader: CaptureReader;
  readonly #maxBytes: number;
  /** Events that are not in the text, by CPU. */
  readonly #dropped: Map<number, number>;
  /** Bytes of devices and their attempts. */
  #bouncedBytes = 0;
  #bytes = 0;
  #cut = 0;

  /** `dropped`: events of each CPU that the ring had no room for. `name`: of the file, for errors. */
  constructor(name: string, maxBytes: number, dropped: ReadonlyMap<number, number>) {
    this.#maxBytes = maxBytes;
    this.#dropped = new Map(dropped);
    this.#reader = new CaptureReader(name, ({ kind, size }) => {
      if (kind === 'bounce') this.#bouncedBytes += size;
    });
  }

  /** Bytes that were bounced, by the events that are in the text. */
  get bouncedBytes(): number {
    return this.#bouncedBytes;
  }

  /** Events that were left out because the text had become as long as it may be. */
  get cutEvents(): number {
    return this.#cut;
  }

  /** Bytes of the text. */
  get bytes(): number {
    return this.#bytes;
  }

  /** What the text holds, once it was read to its end. @throws ERR_CAPTURE if it is no trace */
  summary(): CaptureSummary {
    return this.#reader.end();
  }

  /** Reads an open file to its end. The event loop has a turn after each chunk. */
  async *read(file: number): AsyncGenerator<string> {
    const chunk = Buffer.alloc(CHUNK_BYTES);
    const decoder = new TextDecoder();
    let rest = '';
    for (let bytes = readSync(file, chunk); bytes > 0; bytes = readSync(file, chunk)) {
      const lines = (rest + decoder.decode(chunk.subarray(0, bytes), { stream: true })).split('\n');
      rest = lines.pop()!;
      const kept = this.#kept(lines);
      if (kept !== '') yield kept;
      await turn();
    }
    const last = this.#kept(rest === '' ? [] : [rest]) + this.#losses();
    if (last !== '') yield last;
  }

  /** The lines that there is room for. */
  #kept(lines: readonly string[]): string {
    let text = '';
    for (const line of lines) {
      const bytes = Buffer.byteLength(line) + 1;
      if (this.#cut > 0 || this.#bytes + bytes > this.#maxBytes) this.#leaveOut(line);
      else {
        this.#bytes += bytes;
        this.#reader.add(line);
        text += `${line}\n`;
      }
    }
    return text;
  }

  #leaveOut(line: string): void {
    const cpu = Number(CPU.exec(line)?.[1] ?? 0);
    this.#cut++;
    this.#dropped.set(cpu, (this.#dropped.get(cpu) ?? 0) + 1);
  }

  /** Lines that tell what is not in the text. */
  #losses(): string {
    const lines = [...this.#dropped]
      .filter(([, events]) => events > 0)
      .sort(([a], [b]) => a - b)
      .map(([cpu, events]) => `CPU:${cpu} [LOST ${events} EVENTS]`);
    for (const line of lines) this.#reader.add(line);
    return lines.map((line) => `${line}\n`).join('');
  }
}
