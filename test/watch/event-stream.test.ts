import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { TraceInstance } from '../../lib/tracefs/trace-instance.js';
import { Undoing } from '../../lib/tracefs/undoing.js';
import { EventStream } from '../../lib/watch/event-stream.js';
import { bounceLine } from '../support/bounce-lines.js';
import { fakeHost } from '../support/fake-host.js';
import { FakeTracingFiles, TRACING } from '../support/fake-tracing-files.js';

function opened(events: readonly string[] = []) {
  const root = fakeHost({ events });
  const undoing = new Undoing();
  const instance = new TraceInstance(new FakeTracingFiles(root), TRACING, undoing);
  const stream = new EventStream(instance);
  const read = (file: string) => readFileSync(join(root, instance.path, file), 'utf8').trim();
  return { root, stream, undoing, read, pipe: join(root, instance.path, 'trace_pipe') };
}

describe('EventStream', () => {
  it('adds up bytes and attempts of each device, and starts anew for each interval', () => {
    const a = '0000:00:01.0';
    const { stream, undoing } = opened([bounceLine(a, 1500), bounceLine('nvme', 4096), bounceLine(a, 60)]);
    expect(stream.drain()).toBe(false);
    expect(stream.totals()).toEqual({
      devices: new Map([
        [a, { attempts: 2, bytes: 1560 }],
        ['nvme', { attempts: 1, bytes: 4096 }],
      ]),
      lost: 0,
      unparsed: 0,
    });
    stream.drain();
    expect([...stream.totals().devices]).toEqual([
      [a, { attempts: 0, bytes: 0 }],
      ['nvme', { attempts: 0, bytes: 0 }],
    ]);
    undoing.undo();
  });

  it('reads a line that comes in parts, and counts what is lost or no line of it', () => {
    const { stream, undoing, pipe } = opened([bounceLine('a', 1)]);
    stream.drain();
    const line = `${bounceLine('a', 10)}\n`;
    appendFileSync(pipe, line.slice(0, 40));
    stream.drain();
    expect(stream.totals().devices.get('a')).toEqual({ attempts: 1, bytes: 1 });
    appendFileSync(pipe, `${line.slice(40)}CPU:1 [LOST 77 EVENTS]\nno line\n`);
    stream.drain();
    expect(stream.totals()).toMatchObject({
      devices: new Map([['a', { attempts: 1, bytes: 10 }]]),
      lost: 77,
      unparsed: 1,
    });
    expect(stream.totals()).toMatchObject({ lost: 0, unparsed: 0 });
    undoing.undo();
  });

  it('records nothing else, and nothing any more when it is stopped', () => {
    const { root, stream, undoing, read } = opened();
    expect([read('tracing_on'), read('events/swiotlb/swiotlb_bounced/enable')]).toEqual(['1', '1']);
    stream.stop();
    expect(read('tracing_on')).toBe('0');
    expect(readFileSync(join(root, TRACING, 'events/swiotlb/swiotlb_bounced/enable'), 'utf8')).toBe('0\n');
    undoing.undo();
  });

  it('takes no more at once than a part, and tells that there may be more', () => {
    const root = fakeHost();
    const files = new FakeTracingFiles(root);
    const undoing = new Undoing();
    const instance = new TraceInstance(files, TRACING, undoing);
    writeFileSync(join(root, instance.path, 'much'), `${bounceLine('a', 1)}\n`.repeat(50_000));
    const open = instance.open.bind(instance);
    instance.open = () => open('much');
    const stream = new EventStream(instance);
    expect(stream.drain()).toBe(true);
    const first = stream.totals().devices.get('a')!.attempts;
    expect(first).toBeLessThan(50_000);
    while (stream.drain());
    expect(first + stream.totals().devices.get('a')!.attempts).toBe(50_000);
    undoing.undo();
  });
});
