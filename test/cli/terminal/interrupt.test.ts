import { EventEmitter, once } from 'node:events';
import { describe, expect, it } from '@jest/globals';
import { Interrupt } from '../../../lib/cli/terminal/interrupt.js';

describe('Interrupt', () => {
  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
    ['SIGQUIT', 131],
  ])('asks the run to stop at the first %s, for the exit code %i', (signal, exitCode) => {
    const source = new EventEmitter();
    let gaveUp = 0;
    const interrupt = new Interrupt(() => gaveUp++, source);
    expect(interrupt.signal.aborted).toBe(false);
    source.emit(signal);
    expect(interrupt.signal.aborted).toBe(true);
    expect(gaveUp).toBe(0);
    expect(interrupt.exitCode).toBe(exitCode);
    interrupt.close();
    expect(source.listenerCount(signal)).toBe(0);
  });

  it('calls its give-up function at the second signal', () => {
    const source = new EventEmitter();
    let gaveUp = 0;
    const interrupt = new Interrupt(() => gaveUp++, source);
    source.emit('SIGINT');
    source.emit('SIGTERM');
    expect([gaveUp, interrupt.exitCode]).toEqual([1, 130]);
    interrupt.close();
  });

  it('waits for a second signal where a run may take as long as it takes', async () => {
    const source = new EventEmitter();
    let gaveUp = 0;
    const interrupt = new Interrupt(() => gaveUp++, source, null);
    source.emit('SIGINT');
    await new Promise((resolve) => setTimeout(resolve, 700));
    expect([gaveUp, interrupt.signal.aborted]).toEqual([0, true]);
    source.emit('SIGINT');
    expect(gaveUp).toBe(1);
    interrupt.close();
  });

  it('calls its give-up function by itself if the run does not end', async () => {
    const source = new EventEmitter();
    const over = new EventEmitter();
    const interrupt = new Interrupt(() => over.emit('over'), source);
    source.emit('SIGINT');
    await once(over, 'over');
    interrupt.close();
  });
});
