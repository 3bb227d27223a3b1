// Descriptions as comments.
export const COLUMNS = 120;

/** A description as a sentence in a comment, on one line or on several. */
export function comment(text, indent) {
  const isWord = /^[a-z]+(?![\w:])/.test(text); // and not a name, such as x86, or a value that is told of
  const first = isWord ? text[0].toUpperCase() : text[0];
  const sentence = `${first}${text.slice(1)}${text.endsWith('.') ? '' : '.'}`;
  const line = `${indent}/** ${sentence} */`;
  if (line.length <= COLUMNS) return [line];
  const lines = [];
  let current = `${indent} *`;
  for (const word of sentence.split(' ')) {
    if (current.length + 1 + word.length > COLUMNS) {
      lines.push(current);
      current = `${indent} *`;
    }
    current += ` ${word}`;
  }
  return [`${indent}/**`, ...lines, current, `${indent} */`];
}
