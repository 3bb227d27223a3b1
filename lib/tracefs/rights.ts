/** What a process may do on its host. */

export interface Rights {
  readonly isRoot: boolean;
  /** Whether it has CAP_SYS_ADMIN, which root of a container has not by default. */
  readonly isAdmin: boolean;
  /** Whether it is in a user namespace: its root is none of the host, and may mount neither debugfs nor tracefs. */
  readonly isInUserNamespace: boolean;
}

const CAP_SYS_ADMIN = 21n;
/** The map of users of the first user namespace: each is itself. */
const SAME_USERS = /^\s*0\s+0\s+4294967295\s*$/;

/** The rights of this process, by its `status` and `uid_map` in /proc/self; null where they cannot be read. */
export function ownRights(status: string | null, uidMap: string | null): Rights {
  const capabilities = BigInt(`0x${/^CapEff:\s*([\da-f]+)$/m.exec(status ?? '')?.[1] ?? '0'}`);
  return {
    isRoot: process.geteuid?.() === 0,
    isAdmin: ((capabilities >> CAP_SYS_ADMIN) & 1n) === 1n,
    isInUserNamespace: uidMap !== null && !SAME_USERS.test(uidMap),
  };
}
