/** Makes Linux a simulated one for a process: `node --import` of this. */
import { TracingFiles } from '../../lib/tracefs/tracing-files.js';
import { FakeTracingFiles } from './fake-tracing-files.js';

for (const name of ['write', 'append', 'makeFolder', 'removeFolder'] as const) {
  Object.defineProperty(
    TracingFiles.prototype,
    name,
    Object.getOwnPropertyDescriptor(FakeTracingFiles.prototype, name)!,
  );
}
