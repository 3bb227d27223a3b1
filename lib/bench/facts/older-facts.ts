/**
 * Facts of hosts as older versions wrote them, made into facts of this version. What those did not read is unknown; a
 * fingerprint of theirs that hashed something unknown is none, because it calls unlike hosts alike.
 */

type Json = Readonly<Record<string, unknown>>;

const isRecord = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const NEW_OF_CPUS = [
  'types',
  'offline',
  'isolated',
  'packages',
  'dies',
  'cores',
  'threadsPerCore',
  'siblings',
  'frequencyDriver',
  'turbo',
];

const nulls = (names: readonly string[]): Json => Object.fromEntries(names.map((name) => [name, null]));

const listOf = (value: unknown): readonly unknown[] | null => (Array.isArray(value) ? value : null);

/** In a guest, caches are what the hypervisor says. */
function migratedCache(cache: unknown, isGuest: boolean): unknown {
  if (!isRecord(cache)) return cache;
  const toldBy = isGuest ? 'hypervisor' : 'host';
  return { ...cache, instances: listOf(cache.sharedBy)?.length ?? null, sharingUnknown: [], toldBy };
}

function migratedNode(node: unknown): unknown {
  return isRecord(node) ? { ...node, ...nulls(['distances', 'kind', 'memorySideCache']) } : node;
}

/** What went into a fingerprint of the first version, unknown or not. */
function hashedUnknowns({ cpu, caches, numaNodes, encryption, hypervisor }: Json): boolean {
  const { vendor, model, modelNumber, stepping, flags, online, smt } = isRecord(cpu) ? cpu : {};
  const present = isRecord(hypervisor) ? hypervisor.present : null;
  const hashed = [vendor, model, modelNumber, stepping, flags, online, smt, caches, numaNodes, encryption, present];
  return hashed.some((value) => value === null || value === undefined);
}

/**
 * Returns the facts of a file of the first two schemas of results, or of the first of examinations, as this version
 * has them. A value that is no such object is returned as it is. `schema` is named as the reason of what is missing.
 */
export function migratedFacts(machine: unknown, schema: string): unknown {
  if (!isRecord(machine)) return machine;
  const { cpu, caches, numaNodes, memory, kernel, encryption, hypervisor, missing, fingerprint } = machine;
  const announced = listOf(encryption);
  const isGuest = isRecord(hypervisor) && hypervisor.present === true;
  const reason = `${schema} does not have it: the file is of an older version`;
  return {
    ...machine,
    cpu: isRecord(cpu) ? { ...cpu, ...nulls(NEW_OF_CPUS) } : cpu,
    caches: listOf(caches)?.map((cache) => migratedCache(cache, isGuest)) ?? caches,
    cachesIncomplete: null,
    numaNodes: listOf(numaNodes)?.map(migratedNode) ?? numaNodes,
    subNuma: null,
    memory: isRecord(memory)
      ? { ...memory, ...nulls(['pageBytes', 'hugePageDefrag', 'multiSizePages', 'modules']) }
      : memory,
    kernel: isRecord(kernel) ? { ...kernel, ...nulls(['preemption', 'mitigations']) } : kernel,
    encryption: { able: encryption, guest: null, inEffect: null, notInEffect: [], undecided: announced ?? [] },
    missing: [...(listOf(missing) ?? []), { fact: 'facts that versions since then read', reason }],
    fingerprint: typeof fingerprint === 'string' && !hashedUnknowns(machine) ? `1-${fingerprint}` : null,
  };
}
