/**
 * V8 compiles code on the assumption that no ArrayBuffer of the isolate was ever detached, and throws all of that code
 * away when the first one is. That is when a region is closed to give a machine fresh memory: its control plane took
 * thirty times as long for half a second, until it was compiled anew. Without the assumption it is as fast as with it.
 */

/** Detaches a buffer, so that this thread compiles no code on that assumption. Before anything hot has run. */
export function detachBuffer(): void {
  const buffer = new ArrayBuffer(8);
  structuredClone(buffer, { transfer: [buffer] });
}
