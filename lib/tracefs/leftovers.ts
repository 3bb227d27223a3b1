/** What processes of copytax that were killed have left in tracefs: instances, and probes. */
import { hasEnded, nameOf, type Owner, ownerOf, thisProcess } from './owner.js';
import { removeProbes } from './probes.js';
import { removeInstance } from './trace-instance.js';
import type { TracingFiles } from './tracing-files.js';

function listed(files: TracingFiles, path: string): string[] {
  try {
    return files.list(path);
  } catch {
    return [];
  }
}

/** Owners of groups of probes. */
function probeOwners(files: TracingFiles, tracing: string): Owner[] {
  const lines = files.textOrNull(`${tracing}/kprobe_events`)?.split('\n') ?? [];
  return lines.flatMap((line) => ownerOf(/:(copytax_\d+_\d+)\//.exec(line)?.[1] ?? '') ?? []);
}

/**
 * Removes what owners have left that are known to have ended. Returns a line for each: what was removed, or what could
 * not be. Call it before this process makes anything.
 */
export function removeLeftovers(files: TracingFiles, tracing: string, own: Owner = thisProcess()): string[] {
  const said: string[] = [];
  const tried = (what: string, remove: () => void) => {
    try {
      remove();
      said.push(`removed ${what}, which a process that was killed had left`);
    } catch (error) {
      said.push(`cannot remove ${what}, which a process that was killed has left: ${(error as Error).message}`);
    }
  };
  for (const name of listed(files, `${tracing}/instances`)) {
    const owner = ownerOf(name);
    if (owner === null || nameOf(owner) !== name || !hasEnded(owner, own)) continue;
    const path = `${tracing}/instances/${name}`;
    tried(path, () => removeInstance(files, path));
  }
  const groups = new Set(
    probeOwners(files, tracing)
      .filter((owner) => hasEnded(owner, own))
      .map((owner) => nameOf(owner, '_')),
  );
  for (const group of groups) tried(`the probes ${group}`, () => removeProbes(files, tracing, group));
  return said;
}
