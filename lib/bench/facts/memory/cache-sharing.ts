/** Turns what each CPU says of who shares a cache with it into the instances of that cache. Pure. */

export interface Sharing {
  /** One list of CPUs for each instance, in the order of their first CPUs. */
  readonly instances: number[][];
  /** CPUs that have such a cache, but of which it is not known who shares it. */
  readonly unknown: number[];
}

/**
 * `claims`: for each CPU with such a cache, the CPUs that share it as far as this CPU says; null: it does not say. A
 * claim is believed where no other claim contradicts it, that is, has some of its CPUs but not the same. So two CPUs
 * that disagree make the sharing of both unknown, and a CPU that says nothing shares with those that say so.
 */
export function sharingOf(claims: ReadonlyMap<number, readonly number[] | null>): Sharing {
  const distinct = new Map<string, readonly number[]>();
  for (const claim of claims.values()) if (claim !== null) distinct.set(claim.join(), claim);
  const claimants = new Map<number, number>();
  for (const cpu of [...distinct.values()].flat()) claimants.set(cpu, (claimants.get(cpu) ?? 0) + 1);
  const believed = [...distinct.values()].filter((claim) => claim.every((cpu) => claimants.get(cpu) === 1));
  const known = new Set(believed.flat());
  return {
    instances: believed.map((claim) => [...claim]).sort((a, b) => a[0]! - b[0]!),
    unknown: [...claims.keys()].filter((cpu) => !known.has(cpu)),
  };
}
