/** What can be said of a shared library before it is loaded: mapping a file that was cut off may end the process. */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

const MAGIC = 0x7f454c46;
const HEADER_BYTES = 64;
/** Node's names of the architectures that e_machine of the ELF header numbers. */
const ARCHITECTURES: Readonly<Record<number, string>> = { 62: 'x64', 183: 'arm64' };

/**
 * Returns why `file` cannot be a whole library for `arch` (as process.arch has it), or null. Throws what opening it
 * throws.
 */
export function elfProblem(file: string, arch: string): string | null {
  const descriptor = openSync(file, 'r');
  try {
    const header = Buffer.alloc(HEADER_BYTES);
    const bytes = fstatSync(descriptor).size;
    if (readSync(descriptor, header, 0, HEADER_BYTES, 0) < HEADER_BYTES || header.readUInt32BE(0) !== MAGIC) {
      return 'it is not a shared library';
    }
    const made = ARCHITECTURES[header.readUInt16LE(18)] ?? 'another architecture';
    if (made !== arch) return `it is for ${made}, and this Node for ${arch}`;
    // Linkers write the table of sections last: e_shoff + e_shnum * e_shentsize.
    const whole = Number(header.readBigUInt64LE(40)) + header.readUInt16LE(58) * header.readUInt16LE(60);
    return bytes < whole ? `it was cut off: ${bytes} of ${whole} bytes` : null;
  } finally {
    closeSync(descriptor);
  }
}
