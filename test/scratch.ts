/** Folders that a test file may fill, gone when it has ended. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from '@jest/globals';

const folders: string[] = [];

afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** An empty one. */
export function scratchFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'copytax-test-'));
  folders.push(folder);
  return folder;
}
