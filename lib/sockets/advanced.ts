/** Returns a count that goes on beyond 2^32, from what a counter of 32 bits says now. Pure. */
export function advanced(count: number, counter: number): number {
  return count + ((counter - count) >>> 0);
}
