// Which part of the bundle a module goes into. What the same doors load is one part, so that no door loads what it does
// not need; a part imports only parts that at least the same doors load, so that parts do not import each other in
// circles.
import { join, relative } from 'node:path';

/** A part with less code than this joins another, because Node needs longer to find a file than to compile this. */
const SMALL_PART = 16_384;
/** What no door loads at once, by folder: commands, threads, scenarios. The first that fits. */
const REST = [
  ['lib/faults', 'faults'],
  ['lib/bench/doctor', 'doctor'],
  ['lib/bench/fleet', 'fleet'],
  ['lib/bench', 'rounds'],
  ['lib/report', 'texts'],
  ['lib/cli', 'commands'],
  ['lib/capture', 'captures'],
  ['lib/explain', 'captures'],
  ['lib/lines', 'captures'],
  ['lib/recording', 'captures'],
  ['lib/tracefs', 'captures'],
  ['lib/watch', 'captures'],
  ['lib/sockets', 'scenarios'],
  ['benchmarks', 'scenarios'],
];

/** Returns the modules that importing `entry` loads. */
function loadedBy(entry, getModuleInfo) {
  const loaded = new Set([entry]);
  for (const id of loaded) {
    for (const imported of getModuleInfo(id)?.importedIds ?? []) loaded.add(imported);
  }
  return loaded;
}

const includes = (larger, smaller) => smaller.every((door) => larger.includes(door));

/** Moves small parts into larger ones that more doors load, where the order of parts stays as it is. */
function joinSmall(parts, partOf, getModuleInfo) {
  const size = ({ ids }) => ids.reduce((sum, id) => sum + (getModuleInfo(id).code?.length ?? 0), 0);
  for (const part of [...parts.values()].sort((a, b) => size(a) - size(b))) {
    if (size(part) >= SMALL_PART) continue;
    const imported = part.ids.flatMap((id) => getModuleInfo(id).importedIds.flatMap((of) => partOf.get(of) ?? []));
    const [into] = [...parts.values()]
      .filter((other) => other !== part && includes(other.doors, part.doors))
      .filter((other) => imported.every((of) => of === part || includes(of.doors, other.doors)))
      .sort((a, b) => a.doors.length - b.doors.length);
    if (into === undefined) continue;
    into.ids.push(...part.ids);
    for (const id of part.ids) partOf.set(id, into);
    parts.delete(part.name);
  }
}

/** Returns a function from a module to the name of its part. `doors`: a file below `dist` for each name. */
export function partition(dist, doors, { getModuleInfo }) {
  const loaders = new Map();
  for (const [door, file] of Object.entries(doors)) {
    for (const id of loadedBy(join(dist, file), getModuleInfo)) loaders.set(id, [...(loaders.get(id) ?? []), door]);
  }
  const parts = new Map();
  const partOf = new Map();
  for (const [id, through] of loaders) {
    if (getModuleInfo(id)?.isExternal !== false) continue;
    const name = through.join('-');
    if (!parts.has(name)) parts.set(name, { name, doors: through, ids: [] });
    parts.get(name).ids.push(id);
    partOf.set(id, parts.get(name));
  }
  joinSmall(parts, partOf, getModuleInfo);
  return (id) => {
    const file = relative(dist, id);
    return partOf.get(id)?.name ?? REST.find(([folder]) => file.startsWith(`${folder}/`))?.[1] ?? 'rest';
  };
}
