/** Files that import each other in a circle: none of them can be read, or used, without the others. Pure. */

/** From each file to those that it imports. */
export type Graph = ReadonlyMap<string, readonly string[]>;

/**
 * Returns one circle for each knot of files that reach each other: the shortest through its first file by name, as
 * `[a, b, c]` where a imports b, b imports c, and c imports a. A file that imports itself is a circle, too.
 */
export function circlesOf(graph: Graph): string[][] {
  const seen = new Set<string>();
  const circles: string[][] = [];
  for (const file of [...graph.keys()].sort()) {
    if (seen.has(file)) continue;
    const circle = shortestCircle(graph, file);
    if (circle === null) continue;
    circles.push(circle);
    const reached = reachedFrom(graph, file);
    for (const other of reached) if (reachedFrom(graph, other).has(file)) seen.add(other);
  }
  return circles;
}

/** Of those through `file`, found breadth first; null if there is none. */
function shortestCircle(graph: Graph, file: string): string[] | null {
  const importer = new Map<string, string>();
  const queue = [file];
  for (const at of queue) {
    for (const next of graph.get(at) ?? []) {
      if (next === file) return pathTo(at, importer);
      if (importer.has(next)) continue;
      importer.set(next, at);
      queue.push(next);
    }
  }
  return null;
}

function pathTo(file: string, importer: ReadonlyMap<string, string>): string[] {
  const path = [file];
  for (let at = importer.get(file); at !== undefined; at = importer.get(at)) path.unshift(at);
  return path;
}

function reachedFrom(graph: Graph, file: string): Set<string> {
  const reached = new Set<string>();
  const queue = [file];
  for (const at of queue) {
    for (const next of graph.get(at) ?? []) {
      if (reached.has(next)) continue;
      reached.add(next);
      queue.push(next);
    }
  }
  return reached;
}
