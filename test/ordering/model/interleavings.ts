/** Sequential consistency by its definition: all interleavings of the threads over one memory. */
import { type Program, replay, type Step } from './program.js';

interface State {
  readonly memory: Readonly<Record<string, number>>;
  readonly sent: Readonly<Record<string, readonly number[]>>;
}

/** Calls `visit` for every state in which all threads have ended, with their results and the contents of memory. */
export function interleave(
  program: Program,
  visit: (results: Record<string, unknown>, memory: State['memory']) => void,
) {
  const threads = Object.entries(program.threads);
  const seen = new Set<string>();
  const go = ({ memory, sent }: State): void => {
    const key = JSON.stringify([threads.map(([name]) => sent[name]), Object.entries(memory).sort()]);
    if (seen.has(key)) return;
    seen.add(key);
    const results: Record<string, unknown> = {};
    for (const [name, thread] of threads) {
      const values = sent[name] ?? [];
      const next = replay(thread, values);
      if (next.done) {
        results[name] = next.value;
        continue;
      }
      const [read, after] = perform(next.value, memory);
      go({ memory: after, sent: { ...sent, [name]: [...values, read] } });
    }
    if (Object.keys(results).length === threads.length) visit(results, memory);
  };
  go({ memory: program.initially ?? {}, sent: {} });
}

function perform(step: Step, memory: State['memory']): [read: number, memory: State['memory']] {
  if (step.kind === 'fence') return [0, memory];
  const value = memory[step.at] ?? 0;
  if (step.kind === 'load') return [value, memory];
  if (step.kind === 'store') return [0, { ...memory, [step.at]: step.value }];
  return [value, { ...memory, [step.at]: step.change(value) }];
}
