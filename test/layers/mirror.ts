/**
 * The tests mirror the sources: `lib/net/skb.ts` is tested by `test/net/skb.test.ts`, so that one finds them. Pure: takes
 * names of files. A finding is what has no test, or an exception that is none any more.
 */

/** What needs no test of its own name, and why. */
export const ELSEWHERE: Readonly<Record<string, string>> = {
  'lib/flavour.ts': 'two names',
  'lib/net/transmit-path.ts': 'an interface',
  'lib/swiotlb/config.ts': 'interfaces',
  'lib/swiotlb/dma-attributes.ts': 'constants of Linux',
  'lib/index.ts': 'names what others hold: test/surface.test.ts',
  'lib/bench/index.ts': 'names what others hold: test/surface.test.ts',
  'lib/report/index.ts': 'names what others hold: test/surface.test.ts',
  'lib/trace/index.ts': 'names what others hold: test/surface.test.ts',
  'dev/main.ts': 'runs as a process: test/dev/commands/explore.test.ts',
  'dev/program.ts': 'runs as a process: test/dev/commands/explore.test.ts',
  'lib/cli/terminal/run-program.ts': 'runs every command line: test/cli/program.test.ts',
  'lib/cli/main.ts': 'runs as a process: test/cli/command.test.ts',
  'lib/cli/commands/bench.ts': 'runs as a process, to be interrupted: test/cli/command.test.ts',
  'dev/search/explore-worker.ts': 'a thread, of which an explorer has some: test/dev/search/explorer.test.ts',
  'dev/search/player.ts': 'a part of that thread: test/dev/search/explorer.test.ts',
  'dev/machine/role.ts': 'an interface',
  'dev/machine/explored.ts': 'what such threads do: test/dev/search/explorer.test.ts',
  'dev/stress/stress-worker.ts': 'a thread that stress has some of: test/dev/stress/stress.test.ts',
  'lib/faults/fault.ts': 'played with every fault: test/faults/faults.test.ts',
  'lib/faults/device-faults.ts': 'each fault is played: test/faults/faults.test.ts',
  'lib/faults/memory-faults.ts': 'each fault is played: test/faults/faults.test.ts',
  'lib/faults/page-faults.ts': 'each fault is played: test/faults/faults.test.ts',
  'lib/faults/bystander.ts': 'maps for faults that are played: test/faults/faults.test.ts',
  'lib/faults/share-faults.ts': 'each fault is played: test/faults/faults.test.ts',
  'lib/faults/mapping-faults.ts': 'each fault is played: test/faults/faults.test.ts',
  'lib/faults/removal-faults.ts': 'each fault is played: test/faults/faults.test.ts',
  'lib/faults/payload-faults.ts': 'each fault is played: test/faults/faults.test.ts',
  'lib/faults/time-faults.ts': 'each fault is played: test/faults/faults.test.ts',
};

/** Where the test of a source is. */
export function testOf(source: string): string {
  return source.replace(/^(lib\/)?/, 'test/').replace(/\.ts$/, '.test.ts');
}

/** `sources`: files of lib/ and dev/; `tests`: files of test/; `elsewhere`: exceptions, whose reason may name a test. */
export function mirrorFindings(
  sources: readonly string[],
  tests: readonly string[],
  elsewhere: Readonly<Record<string, string>> = ELSEWHERE,
): string[] {
  const hasTest = (source: string) => tests.includes(testOf(source));
  const untested = sources.filter((source) => !hasTest(source) && !Object.hasOwn(elsewhere, source));
  const exceptions = Object.entries(elsewhere).flatMap(([source, why]) => {
    if (!sources.includes(source)) return `${source}: is an exception, and not there`;
    if (hasTest(source)) return `${source}: is an exception, and has a test`;
    const [, named] = /: (test\/\S+)$/.exec(why) ?? [];
    return named !== undefined && !tests.includes(named) ? `${source}: ${named} is not there` : [];
  });
  return [...untested.map((source) => `${source}: ${testOf(source)} is not there`), ...exceptions];
}
