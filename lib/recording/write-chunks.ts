/** Writes what is recorded to a stream, such as standard output. */

/** What is needed of a stream. */
export interface ChunkStream {
  write(chunk: string, onTaken: (error?: Error | null) => void): unknown;
}

/**
 * Writes chunks, as fast as the stream takes them. Resolves to whether it took all: an error is the stream's own, which
 * it tells as an event. Rejects with what `chunks` throws.
 */
export async function writeChunks(stream: ChunkStream, chunks: AsyncIterable<string>): Promise<boolean> {
  for await (const chunk of chunks) {
    const error = await new Promise<Error | null | undefined>((resolve) => stream.write(chunk, resolve));
    if (error) return false;
  }
  return true;
}
