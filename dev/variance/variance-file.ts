/** The file of the experiment's data: JSON with one turn a line. */
import { readJson, writeWhole } from '../files/json-file.js';
import { parseVariance, type VarianceData } from './turn.js';

/** Returns the data as JSON: a line for each turn, and one for each other entry. */
export function varianceText(data: VarianceData): string {
  const lines = Object.entries(data).map(([name, value]) => {
    const isLong = name === 'turns' && data.turns.length > 0;
    const text = isLong ? `[\n${data.turns.map((turn) => JSON.stringify(turn)).join(',\n')}\n]` : JSON.stringify(value);
    return `${JSON.stringify(name)}: ${text}`;
  });
  return `{\n${lines.join(',\n')}\n}\n`;
}

/** Replaces the file in one step. @throws ERR_RESULT_FILE; the previous content is then still there */
export function writeVariance(path: string, data: VarianceData): void {
  writeWhole(path, varianceText(data));
}

/** @throws ERR_RESULT_FILE if it cannot be read, ERR_RESULT_SCHEMA if it is not the data of an experiment */
export function readVariance(path: string): VarianceData {
  return parseVariance(readJson(path), path);
}
