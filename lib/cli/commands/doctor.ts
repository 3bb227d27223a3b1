/**
 * `copytax doctor`: shows on this host what goes wrong without each guard of the instrument, and says whether the host
 * is fit for measuring. An examination that is stopped reports what it has seen by then.
 */
import type { DoctorDocument } from '../../bench/doctor/doctor-schema.js';
import { Examination } from '../../bench/doctor/examination.js';
import { requireOptimizer, setEngineFlags } from '../../bench/host/engine-flags.js';
import { thisHost } from '../../bench/host/this-host.js';
import { doctorText } from '../../report/doctor-text.js';
import { Interrupt } from '../terminal/interrupt.js';
import { JsonOutput } from '../terminal/json-output.js';
import { EXIT_FAILED, EXIT_FINE } from '../terminal/print-error.js';
import { ProgressLine, timeText } from '../terminal/progress.js';

/**
 * Resolves to the exit code: 1 for an unusable host. Rejects before anything ran with ERR_ADDON_NOT_BUILT, and with
 * ERR_ENGINE_FLAGS for an engine that was told not to optimize: it would be taken for the host. With ERR_RESULT_FILE if
 * `json` names a file that cannot be written.
 */
export async function doctorCommand({ json }: { json?: string | boolean }): Promise<number> {
  requireOptimizer();
  const output = new JsonOutput(json);
  setEngineFlags();
  const progress = new ProgressLine(process.stderr);
  let print = () => {};
  const interrupt = new Interrupt(() => {
    print();
    process.exit(interrupt.exitCode);
  });
  const { signal } = interrupt;
  const onPart = (part: string, leftMs: number) => progress.update(part, () => `doctor: ${part}${timeText(leftMs)}`);
  try {
    const examination = new Examination({ host: thisHost(), signal, beganMs: 0, onPart });
    let printed: DoctorDocument | undefined;
    print = () => {
      if (printed !== undefined) return;
      progress.clear();
      const document = examination.document();
      printed = document;
      output.print(document, () => doctorText(document));
    };
    await examination.run();
    print();
    if (signal.aborted) return interrupt.exitCode;
    await examination.close();
    return printed?.verdict === 'unusable' ? EXIT_FAILED : EXIT_FINE;
  } finally {
    interrupt.close();
  }
}
