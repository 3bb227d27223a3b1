/** A thread that reduces the files that it is told to, in their order. Ends when it is terminated. */
import { parentPort } from 'node:worker_threads';
import { Reducer } from './reduce-result.js';

const reducer = new Reducer();

parentPort?.on('message', (path: string) => {
  const posted = reducer.reduce(path);
  const runs = 'file' in posted ? posted.file.runs : [];
  const arrays = runs.flatMap(({ rows, medians, spreads }) => [rows.buffer, medians.buffer, spreads.buffer]);
  parentPort!.postMessage(posted, arrays);
});
