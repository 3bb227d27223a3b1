/** What of a checkout the tarball holds, as package.json says it. Pure. */

/** The fields of package.json that decide where a link of a packed document leads. */
export interface Manifest {
  readonly files: readonly string[];
  readonly homepage: string;
  readonly bugs: string;
  readonly repository: { readonly type: string; readonly url: string };
}

/** npm packs them whatever `files` says. */
const ALWAYS = ['README.md', 'LICENSE', 'package.json'];

/** Whether npm packs a file. Of the patterns of `files`, those that are paths are understood: there are no others. */
export function isPacked(path: string, { files }: Manifest): boolean {
  if (ALWAYS.includes(path)) return true;
  const holds = (folder: string) => path === folder || path.startsWith(`${folder}/`);
  const isLeftOut = files.some((pattern) => pattern.startsWith('!') && holds(pattern.slice(1)));
  return !isLeftOut && files.some((pattern) => holds(pattern));
}

/**
 * Where a registry's page leads a link to a file that is not packed: into the repository, by its address of the web.
 * @returns null if the fields disagree about where that is, or do not say
 */
export function repositoryPage({ repository, homepage, bugs }: Manifest): string | null {
  const page = /^git\+(https:\/\/github\.com\/[\w-]+\/[\w-]+)\.git$/.exec(repository?.url ?? '')?.[1];
  if (page === undefined || repository.type !== 'git') return null;
  return homepage === `${page}#readme` && bugs === `${page}/issues` ? page : null;
}
