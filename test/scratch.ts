/** Folders that a test file may fill. They are removed when it has ended. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from '@jest/globals';

const folders: string[] = [];

afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** Returns an empty folder. */
export function scratchFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'copytax-test-'));
  folders.push(folder);
  return folder;
}
