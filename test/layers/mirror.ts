/**
 * The tests mirror the sources: `lib/net/skb.ts` is tested by `test/net/skb.test.ts`, where a reader looks for it.
 * Pure: takes names of files. A finding is a source without a test, or an exception that is not true any more.
 */

/** Sources that need no test of their name, and why. */
export const ELSEWHERE: Readonly<Record<string, string>> = {
  'lib/flavour.ts': 'two names',
  'lib/error-details.ts': 'types',
  'lib/capture/capture-event.ts': 'types',
  'lib/capture/mappings/captured-mapping.ts': 'types',
  'lib/capture/sizing/pool-sizing.ts': 'types',
  'lib/capture/replay/findings.ts': 'sentences of captures: test/capture/replay/replay.test.ts',
  'lib/capture/replay/replay-result.ts': 'types',
  'lib/capture/replay/result-of-replay.ts': 'puts together what test/capture/replay/replay.test.ts looks at',
  'lib/report/plots/plots.ts': 'draws what svg.ts has: test/report/plots/svg.test.ts',
  'lib/cli/terminal/write-plots.ts': 'what two commands do: test/cli/commands/plot.test.ts',
  'lib/smp/cpus-of-one-thread.ts': 'what replays run on: test/capture/occupancy/pool-use.test.ts',
  'lib/trace/format/operation-types.ts': 'types',
  'lib/bench/plan/crossing-spec.ts': 'two types',
  'lib/bench/compare/row.ts': 'types, and names of kinds: test/bench/compare/run-facts.test.ts',
  'lib/bench/plan/usual.ts': 'four numbers, and names that a run has: test/examples/own-design.test.ts',
  'lib/bench/types/cells.ts': 'types, written by `npm run docs`: test/bench/types/inferred.test.ts',
  'lib/bench/types/cores.ts': 'types, written by `npm run docs`: test/bench/types/inferred.test.ts',
  'lib/bench/types/cpus.ts': 'types, written by `npm run docs`: test/bench/types/inferred.test.ts',
  'lib/bench/types/environment.ts': 'types, written by `npm run docs`: test/bench/types/inferred.test.ts',
  'lib/bench/types/host.ts': 'types, written by `npm run docs`: test/bench/types/inferred.test.ts',
  'lib/bench/types/prices.ts': 'types, written by `npm run docs`: test/bench/types/inferred.test.ts',
  'lib/bench/types/result.ts': 'types, written by `npm run docs`: test/bench/types/inferred.test.ts',
  'lib/bench/types/tables.ts': 'types, written by `npm run docs`: test/bench/types/inferred.test.ts',
  'lib/bench/plan/option-settings.ts': 'types, written by `npm run docs`: test/bench/types/inferred.test.ts',
  'lib/bench/plan/warning.ts': 'two types',
  'lib/machine/check/watched.ts': 'two types',
  'lib/machine/build/design-knobs.ts': 'rows of the table: test/machine/build/knobs.test.ts',
  'lib/machine/build/choices.ts': 'types and lists of names: test/machine/build/knobs.test.ts',
  'lib/page/page-source.ts': 'an interface',
  'lib/net/filler.ts': 'an interface',
  'lib/page/pool/memory-provider.ts': 'interfaces',
  'lib/page/pool/machine-memory.ts': 'what two providers extend: test/page/pool/slot-provider.test.ts',
  'lib/trace/page-pool/page-pool-calls.ts':
    'each call is in the recordings: test/trace/page-pool/verify-page-pool.test.ts',
  'lib/trace/page-pool/traced-page-pools.ts':
    'made for the calls of recordings: test/trace/page-pool/verify-page-pool.test.ts',
  'lib/bench/fleet/read-worker.ts': 'a thread that reads: test/bench/fleet/read-fleet.test.ts',
  'lib/bench/doctor/doctor-worker.ts': 'a thread of the doctor: test/bench/doctor/doctor-threads.test.ts',
  'lib/bench/doctor/guard-list.ts': 'texts: test/bench/doctor/guard-report.test.ts',
  'lib/bench/doctor/guards/first-touch.ts': 'a job of a thread: test/bench/doctor/doctor-threads.test.ts',
  'lib/bench/doctor/guards/one-layout.ts': 'a job of a thread: test/bench/doctor/doctor-threads.test.ts',
  'lib/bench/doctor/guards/pending-stores.ts': 'a job of a thread: test/bench/doctor/doctor-threads.test.ts',
  'lib/bench/doctor/guards/small-pages.ts': 'a job of a thread: test/bench/doctor/doctor-threads.test.ts',
  'lib/bench/doctor/guards/zero-page.ts': 'a job of a thread: test/bench/doctor/doctor-threads.test.ts',
  'lib/net/transmit-path.ts': 'an interface',
  'lib/designs/design.ts': 'interfaces',
  'lib/designs/page-references.ts': 'three rows of the table: test/net/bytes.test.ts',
  'lib/net/transmitter.ts': 'an interface',
  'lib/swiotlb/config.ts': 'interfaces, and the names of their members: test/options.test.ts',
  'lib/addon/cpu-facts.ts': 'types',
  'lib/addon/network-addon.ts': 'types',
  'lib/swiotlb/slots/slot-pool-config.ts': 'checked by each slot pool: test/swiotlb/slots/slot-pool.test.ts',
  'lib/swiotlb/dma-attributes.ts': 'constants of Linux',
  'lib/index.ts': 'exports names of other files: test/surface.test.ts',
  'lib/memory/index.ts': 'exports names of other files: test/surface.test.ts',
  'lib/memory/create-worker.ts': 'a thread that makes a region: test/memory/create-elsewhere.test.ts',
  'lib/bench/index.ts': 'exports names of other files: test/surface.test.ts',
  'lib/report/html/contents.ts': 'types, and a number: test/cli/commands/report.test.ts',
  'lib/report/html/style.ts': 'how a page looks: test/report/html/script.test.ts',
  'lib/report/html/tables.ts': 'parts of others: test/report/html/page.test.ts',
  'lib/report/index.ts': 'exports names of other files: test/surface.test.ts',
  'lib/slots/index.ts': 'exports names of other files: test/surface.test.ts',
  'lib/trace/index.ts': 'exports names of other files: test/surface.test.ts',
  'lib/report/plots/index.ts': 'exports names of other files: test/surface.test.ts',
  'dev/mutate/plants/arithmetic.ts': 'a table: test/dev/mutate/plants/plants.test.ts',
  'dev/mutate/plants/caches.ts': 'a table: test/dev/mutate/plants/plants.test.ts',
  'dev/mutate/plants/captures.ts': 'a table: test/dev/mutate/plants/plants.test.ts',
  'dev/mutate/plants/counters.ts': 'a table: test/dev/mutate/plants/plants.test.ts',
  'dev/mutate/plants/network.ts': 'a table: test/dev/mutate/plants/plants.test.ts',
  'dev/mutate/plants/pictures.ts': 'a table: test/dev/mutate/plants/plants.test.ts',
  'dev/mutate/plants/counts.ts': 'a table: test/dev/mutate/plants/plants.test.ts',
  'dev/mutate/plants/locks.ts': 'a table: test/dev/mutate/plants/plants.test.ts',
  'dev/mutate/plants/table-locks.ts': 'a table: test/dev/mutate/plants/plants.test.ts',
  'dev/mutate/plants/marks.ts': 'a table: test/dev/mutate/plants/plants.test.ts',
  'dev/mutate/plants/steps.ts': 'a table: test/dev/mutate/plants/plants.test.ts',
  'dev/mutate/plants/instrument.ts': 'a table: test/dev/mutate/plants/plants.test.ts',
  'dev/mutate/plants/publication.ts': 'a table: test/dev/mutate/plants/plants.test.ts',
  'dev/main.ts': 'runs as a process: test/dev/commands/explore.test.ts',
  'dev/variance/sampled-main.ts': 'runs as a process: test/dev/variance/sampled-process.test.ts',
  'dev/program.ts': 'runs as a process: test/dev/commands/explore.test.ts',
  'lib/cli/terminal/run-program.ts': 'runs every command line: test/cli/program.test.ts',
  'lib/cli/main.ts': 'runs as a process: test/cli/command.test.ts',
  'lib/cli/commands/bench.ts': 'runs as a process, to be interrupted: test/cli/command.test.ts',
  'dev/search/explore-worker.ts': 'a thread of an explorer: test/dev/search/explorer.test.ts',
  'dev/search/player.ts': 'runs in that thread: test/dev/search/explorer.test.ts',
  'dev/machine/role.ts': 'an interface',
  'dev/machine/explored-state.ts': 'the role of that thread: test/dev/search/explorer.test.ts',
  'dev/stress/stress-worker.ts': 'a thread of a machine under stress: test/dev/stress/stress.test.ts',
  'lib/faults/scene/fault.ts': 'played with every fault: test/faults/faults.test.ts',
  'lib/faults/device-faults.ts': 'each fault is played: test/faults/faults.test.ts',
  'lib/faults/memory-faults.ts': 'each fault is played: test/faults/faults.test.ts',
  'lib/faults/page-faults.ts': 'each fault is played: test/faults/faults.test.ts',
  'lib/faults/designs/page-pool-faults.ts': 'each fault is played: test/faults/faults.test.ts',
  'lib/faults/scene/bystander.ts': 'maps for faults that are played: test/faults/faults.test.ts',
  'lib/faults/slot-pool-faults.ts': 'each fault is played: test/faults/faults.test.ts',
  'lib/faults/mapping-faults.ts': 'each fault is played: test/faults/faults.test.ts',
  'lib/faults/removal-faults.ts': 'each fault is played: test/faults/faults.test.ts',
  'lib/faults/payload-faults.ts': 'each fault is played: test/faults/faults.test.ts',
  'lib/faults/designs/lent-faults.ts': 'each fault is played: test/faults/faults.test.ts',
  'lib/faults/designs/owner-faults.ts': 'each fault is played: test/faults/faults.test.ts',
  'lib/faults/designs/pinned-faults.ts': 'each fault is played: test/faults/faults.test.ts',
  'lib/faults/designs/registered-faults.ts': 'each fault is played: test/faults/faults.test.ts',
  'lib/faults/time-faults.ts': 'each fault is played: test/faults/faults.test.ts',
};

/** Returns the path of a source's test. */
export function testOf(source: string): string {
  return source.replace(/^(lib\/)?/, 'test/').replace(/\.ts$/, '.test.ts');
}

/** Checks the `sources` in lib/ and dev/ against the `tests`. The reason of an exception may name a test. */
export function mirrorFindings(
  sources: readonly string[],
  tests: readonly string[],
  elsewhere: Readonly<Record<string, string>> = ELSEWHERE,
): string[] {
  const hasTest = (source: string) => tests.includes(testOf(source));
  const untested = sources.filter((source) => !hasTest(source) && !Object.hasOwn(elsewhere, source));
  const exceptions = Object.entries(elsewhere).flatMap(([source, why]) => {
    if (!sources.includes(source)) return `${source}: is an exception, and does not exist`;
    if (hasTest(source)) return `${source}: is an exception, and has a test`;
    const [, named] = /: (test\/\S+)$/.exec(why) ?? [];
    return named !== undefined && !tests.includes(named) ? `${source}: ${named} is missing` : [];
  });
  return [...untested.map((source) => `${source}: ${testOf(source)} is missing`), ...exceptions];
}
