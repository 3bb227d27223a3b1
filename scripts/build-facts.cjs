#!/usr/bin/env node
/**
 * How the addon is being compiled, as a header that is compiled into it: results name the addon that ran, not what lies
 * beside it. binding.gyp runs it during a build, with the header's path; `--digest` prints a number that changes with
 * the flags of the environment, so that make notices. Uses nothing but Node.
 */
'use strict';

const crypto = require('node:crypto');
const fs = require('node:fs');
const path = require('node:path');

const root = path.join(__dirname, '..');

/** The flags of the environment, in the order in which make passes them. */
const flagsOfUser = (env = process.env) => `${env.CPPFLAGS || ''} ${env.CXXFLAGS || ''}`.trim();

/** The words of a variable of a makefile. */
function variable(makefile, name) {
  const found = new RegExp(`^${name} :=((?:.*\\\\\\n)*.*)$`, 'm').exec(makefile);
  return found === null ? '' : found[1].replaceAll('\\\n', ' ').trim();
}

/** Definitions that change code of the compiler's own; the others are of this package, or anything. */
const KEPT_DEFINITION = /^-[DU](?:_FORTIFY_SOURCE|_GLIBCXX_ASSERTIONS|NDEBUG)(?:=\d+)?$/;
/** Followed by a word of its own, which is a path or anything else. */
const WITH_WORD = /^-(?:[DUIBLo]|isystem|include|imacros|iquote|idirafter|iprefix|isysroot|specs|T|x|MF|MT|MQ)$/;
/** What only names places, writes warnings or files beside the code, or says where it came from. */
const DROPPED = /^(?:-[DUIBL]|-i[a-z]+|-W(?![ap],)|-w$|-M|-g|--sysroot|-f(?:file|macro|debug|profile)-prefix-map)/;

/**
 * Returns the flags that decide what code is made, without paths and names of the host: what follows the name of a flag
 * is kept only if it is a word without slashes.
 */
function codeFlags(text) {
  const words = text.split(/\s+/).filter((word) => word !== '');
  return words.flatMap((word, at) => {
    if (WITH_WORD.test(words[at - 1] ?? '')) return [];
    if (KEPT_DEFINITION.test(word)) return [word];
    if (!word.startsWith('-') || WITH_WORD.test(word) || DROPPED.test(word)) return [];
    if (/^-[\w+,.:-]+(?:=[\w+,.:-]*)?$/.test(word)) return [word];
    const name = /^-[\w+-]+/.exec(word);
    return name === null ? [] : [`${name[0]}=...`];
  });
}

/** The text of the header. `makefile`: what gyp wrote for the addon; `configuration`: Release or Debug. */
function header(version, makefile, configuration, ofUser) {
  const ofPackage = ['CFLAGS', 'CFLAGS_CC'].map((name) => variable(makefile, `${name}_${configuration}`)).join(' ');
  const flags = codeFlags(`${ofPackage} ${ofUser}`);
  return [
    '// Written by scripts/build-facts.cjs.',
    `#define COPYTAX_VERSION ${JSON.stringify(version)}`,
    `#define COPYTAX_FLAGS ${JSON.stringify(flags.join(' '))}`,
    '',
  ].join('\n');
}

function main([output]) {
  if (output === '--digest') {
    process.stdout.write(crypto.createHash('sha256').update(flagsOfUser()).digest('hex').slice(0, 16));
    return;
  }
  const { version } = JSON.parse(fs.readFileSync(path.join(root, 'package.json'), 'utf8'));
  const makefile = fs.readFileSync(path.join(root, 'build', 'copytax.target.mk'), 'utf8');
  const configuration = output.split(/[/\\]/).includes('Debug') ? 'Debug' : 'Release';
  fs.mkdirSync(path.dirname(output), { recursive: true });
  fs.writeFileSync(output, header(version, makefile, configuration, flagsOfUser()));
}

module.exports = { codeFlags, header };

if (require.main === module) main(process.argv.slice(2));
