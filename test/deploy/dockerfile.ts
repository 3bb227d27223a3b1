/** A Dockerfile as its stages, and .dockerignore as what it leaves out. Both are read by tests only. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import dockerfileAst, { type Copy, type Instruction, type JSONInstruction } from 'dockerfile-ast';

export const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

export interface Step {
  readonly keyword: string;
  /** As written, with its line breaks. */
  readonly text: string;
  /** Words of COPY; what the JSON form lists, and null if it is none. */
  readonly words: readonly string[];
  readonly json: readonly string[] | null;
  /** COPY: the stage that it copies from. */
  readonly from: string | null;
}

export interface Stage {
  readonly name: string | null;
  /** With the defaults of arguments filled in. */
  readonly image: string;
  readonly steps: readonly Step[];
}

const hasJson = (instruction: Instruction): instruction is JSONInstruction => 'getJSONStrings' in instruction;

function stepOf(instruction: Instruction): Step {
  const isJson = hasJson(instruction) && instruction.getOpeningBracket() !== null;
  const from = instruction.getKeyword() === 'COPY' ? (instruction as Copy).getFromFlag()?.getValue() : null;
  return {
    keyword: instruction.getKeyword(),
    text: instruction.getRawArgumentsContent() ?? '',
    words: instruction.getArguments().map((argument) => argument.getValue()),
    json: isJson ? instruction.getJSONStrings().map((text) => text.getJSONValue()) : null,
    from: from ?? null,
  };
}

/** Returns the stages in order. Throws if a line is before the first of them and is no argument. */
export function stagesOf(text: string): Stage[] {
  const dockerfile = dockerfileAst.DockerfileParser.parse(text);
  const defaults = dockerfile.getInitialARGs().map((arg) => arg.getProperty()!);
  const filledIn = (image: string) =>
    defaults.reduce((filled, arg) => filled.replaceAll(`\${${arg.getName()}}`, arg.getValue() ?? ''), image);
  const stages: (Stage & { readonly steps: Step[] })[] = [];
  for (const instruction of dockerfile.getInstructions()) {
    const from = dockerfile.getFROMs().find((one) => one.getRange().start.line === instruction.getRange().start.line);
    if (from !== undefined) stages.push({ name: from.getBuildStage(), image: filledIn(from.getImage()!), steps: [] });
    else if (stages.length > 0) stages.at(-1)!.steps.push(stepOf(instruction));
    else if (instruction.getKeyword() !== 'ARG') throw new Error(`${instruction.toString()} is before the first FROM`);
  }
  return stages;
}

/** The stages of deploy/Dockerfile. */
export const repositoryStages = () => stagesOf(readFileSync(join(ROOT, 'deploy/Dockerfile'), 'utf8'));

/** The last step with this keyword, which is the one that counts. */
export function lastStep(stage: Stage, keyword: string): Step {
  const step = stage.steps.findLast((one) => one.keyword === keyword);
  if (step === undefined) throw new Error(`no ${keyword} in the stage`);
  return step;
}

/**
 * Whether a path of the repository does not reach the engine. Knows the two forms that .dockerignore has here: a path,
 * and the end of a name below any folder.
 */
export function isLeftOut(path: string): boolean {
  const lines = readFileSync(join(ROOT, '.dockerignore'), 'utf8').split('\n');
  return lines
    .filter((line) => line !== '' && !line.startsWith('#'))
    .some((line) => {
      if (line.startsWith('**/*')) return path.endsWith(line.slice('**/*'.length));
      return path === line || path.startsWith(`${line}/`);
    });
}
