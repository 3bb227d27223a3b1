import { EventEmitter } from 'node:events';
import { describe, expect, it } from '@jest/globals';
import { Undoing } from '../../lib/tracefs/undoing.js';

function undoing() {
  const source = new EventEmitter();
  return { source, undoing: new Undoing(source as unknown as NodeJS.Process) };
}

describe('Undoing', () => {
  it('undoes the last change first, once, and goes on where one cannot be undone', () => {
    const { source, undoing: changes } = undoing();
    const done: string[] = [];
    changes.add(() => done.push('first'));
    changes.add(() => {
      throw new Error('it is busy');
    });
    changes.add(() => done.push('last'));
    expect(changes.undo()).toEqual(['it is busy']);
    expect(done).toEqual(['last', 'first']);
    changes.undo();
    expect(done).toHaveLength(2);
    expect(source.listenerCount('exit')).toBe(0);
  });

  it('undoes what is not undone when the process exits', () => {
    const { source, undoing: changes } = undoing();
    const done: string[] = [];
    changes.add(() => done.push('undone'));
    source.emit('exit', 1);
    expect(done).toEqual(['undone']);
  });
});
