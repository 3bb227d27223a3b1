/**
 * The path of a byte in README is the one that a byte takes: a machine sends one message, and entered methods are
 * noted.
 */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { machineConfig } from '../lib/machine/build/config.js';
import { InlineMachine } from '../lib/machine/run/inline-machine.js';

const root = fileURLToPath(new URL('../..', import.meta.url));

interface Step {
  readonly number: number;
  readonly file: string;
  readonly method: string;
}

/** The numbered items of a text that begin with a link to a file and the name of a method. */
function stepsOf(markdown: string): Step[] {
  return [...markdown.matchAll(/^(\d+)\. \[[^\]]+\]\((lib\/[^)]+)\) `(\w+)`/gm)].map((match) => ({
    number: Number(match[1]),
    file: match[2]!,
    method: match[3]!,
  }));
}

const keyOf = ({ file, method }: Step) => `${file} ${method}`;

/**
 * The steps that are not entered when they should be. A step is entered when its method is for the first time or, where
 * it is listed before, for the first time after that; it has to be later than the step before.
 */
function outOfOrder(steps: readonly Step[], trace: readonly string[]): string[] {
  const entered = new Map<string, number>();
  let before = -1;
  return steps.flatMap((step) => {
    const key = keyOf(step);
    const at = trace.indexOf(key, (entered.get(key) ?? -1) + 1);
    const isLater = at > before;
    if (at >= 0) entered.set(key, at);
    before = Math.max(before, at);
    if (at < 0) return [`${step.number} ${key}: never entered`];
    return isLater ? [] : [`${step.number} ${key}: too early`];
  });
}

type Method = (...given: unknown[]) => unknown;

/** The prototypes of a module's classes, and of what they extend, that have a method of this name. */
async function prototypesWith({ file, method }: Step): Promise<Record<string, Method>[]> {
  const url = new URL(`../${file.replace(/\.ts$/, '.js')}`, import.meta.url).href;
  const found = new Set<Record<string, Method>>();
  for (const { prototype } of Object.values((await import(url)) as Record<string, { prototype?: object }>)) {
    for (let at = prototype; at != null; at = Object.getPrototypeOf(at) as object) {
      if (Object.hasOwn(at, method)) found.add(at as Record<string, Method>);
    }
  }
  return [...found];
}

/** Every call of a listed method while `work` runs, from the first step on. */
async function traceOf(steps: readonly Step[], work: () => void): Promise<string[]> {
  const trace: string[] = [];
  const restore: (() => void)[] = [];
  for (const [key, step] of new Map(steps.map((each) => [keyOf(each), each]))) {
    for (const prototype of await prototypesWith(step)) {
      const original = prototype[step.method]!;
      prototype[step.method] = function (this: unknown, ...given: unknown[]) {
        trace.push(key);
        return original.apply(this, given);
      };
      restore.push(() => {
        prototype[step.method] = original;
      });
    }
  }
  try {
    work();
  } finally {
    for (const each of restore) each();
  }
  return trace.slice(trace.indexOf(keyOf(steps[0]!)));
}

/** One message of one packet, which bounces. */
function sendOneMessage(): void {
  const config = machineConfig({
    design: 'bounce',
    cpus: { count: 1, copyKernel: 0 },
    sockets: { senders: 1, messagesPerSender: 1, messageBytes: 65536 },
    slotPool: { bytes: 4 << 20 },
  });
  using machine = new InlineMachine(config);
  machine.run();
}

describe('the path of a byte in README', () => {
  const steps = stepsOf(readFileSync(`${root}/README.md`, 'utf8'));

  it('is numbered without a gap', () => {
    expect(steps.length).toBeGreaterThan(25);
    expect(steps.map(({ number }) => number)).toEqual(steps.map((_, index) => index + 1));
  });

  it('enters the files in this order, there and back', async () => {
    expect(outOfOrder(steps, await traceOf(steps, sendOneMessage))).toEqual([]);
  });

  it('would not pass with any two steps exchanged, or with a method that a byte never enters', async () => {
    const trace = await traceOf(steps, sendOneMessage);
    const exchanged = steps.slice(1).map((step, index) => steps.with(index, step).with(index + 1, steps[index]!));
    expect(exchanged.filter((wrong) => outOfOrder(wrong, trace).length === 0).map((wrong) => wrong.map(keyOf))).toEqual(
      [],
    );
    const unused = { number: 2, file: 'lib/net/datagram-path.ts', method: 'send' };
    expect(outOfOrder(steps.with(1, unused), trace)).toEqual(['2 lib/net/datagram-path.ts send: never entered']);
  });
});
