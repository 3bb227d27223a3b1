/** The report on a comparison with other tools, for the terminal and for docs/tool-agreement.md. Pure. */

import type { RatioSummary } from '../../lib/bench/statistics/paired-ratio.js';
import { summarize } from '../../lib/bench/statistics/statistics.js';
import { sizeText } from '../../lib/cli/options/values.js';
import { table } from '../../lib/report/tables/table.js';
import { isAgreement, type Judgement, judge, TOLERANCE, type Verdict } from './agreement.js';
import type { AgreementData } from './agreement-file.js';

const COLUMNS = 118;
const HEAD = ['tool', 'kind', 'copytax', 'size', 'tool GB/s', 'copytax GB/s', 'tool / copytax', ''];
const PERCENT = Math.round(TOLERANCE * 100);

const rateText = (rates: readonly number[] | undefined): string => {
  if (rates === undefined || rates.length === 0) return 'not measured';
  const { median, low, high } = summarize(rates);
  return `${median.toFixed(1)} [${low.toFixed(1)}, ${high.toFixed(1)}]`;
};

const ratioText = ({ median, low, high }: RatioSummary): string =>
  `${median.toFixed(2)} [${low.toFixed(2)}, ${high.toFixed(2)}]`;

const WORDS: Readonly<Record<Verdict, string>> = {
  agrees: 'agrees',
  explained: 'explained',
  differs: 'DIFFERS',
  unclear: 'UNCLEAR',
  unmeasured: 'NOT MEASURED',
};

/** Lines of at most `COLUMNS` letters; all but the first are indented. */
function folded(text: string, indent = '    '): string {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= COLUMNS) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(lines.length === 0 ? word : indent + word);
  }
  return lines.join('\n');
}

/** What was compared where. */
function conditionLines({ host, cpu, rounds, tools }: AgreementData): string[] {
  const cache = host.lastLevelCacheBytes === null ? 'unknown' : sizeText(host.lastLevelCacheBytes);
  const facts = [
    host.cpu ?? 'CPU of unknown model',
    host.hypervisor === null ? null : `guest of ${host.hypervisor}`,
    host.linux === null ? null : `Linux ${host.linux}`,
    host.libc,
    `last-level cache ${cache}`,
    `transparent huge pages ${host.transparentHugePages ?? 'unknown'}`,
  ];
  const versions = tools.map(({ name, version }) => `${name} ${version ?? '(version unknown)'}`);
  const where = cpu === null ? 'not pinned, which is not allowed here' : `all on CPU ${cpu}`;
  return [
    folded(`${facts.filter((fact) => fact !== null).join(', ')}.`),
    folded(`${versions.join(', ') || 'No tool'}; ${rounds} rounds, ${where}. GB are 10^9 bytes.`),
  ];
}

/** What holds instead, below the table. */
function explanationLines(judged: readonly Judgement[], { rates }: AgreementData): string[] {
  return judged
    .filter(({ explained }) => explained !== null)
    .map(({ comparison, explained }, at) => {
      const { because, pairs } = explained!.explanation;
      const measured = pairs.map(({ of, to }, pair) => {
        const ratio = ratioText(explained!.ratios[pair]!);
        return `${of} ${rateText(rates[of])} / ${to} ${rateText(rates[to])}: ${ratio}`;
      });
      const { tool, kind, bytes } = comparison;
      return folded(`(${at + 1}) ${tool} ${kind}, ${sizeText(bytes)}: ${because}. ${measured.join('; ')}.`);
    });
}

/** For each comparison that failed, what was tried to explain it. */
function failureLines(judged: readonly Judgement[], { rates }: AgreementData): string[] {
  return judged
    .filter(({ verdict }) => ['differs', 'unclear', 'unmeasured'].includes(verdict))
    .map(({ comparison, verdict }) => {
      const { tool, kind, bytes, explanations } = comparison;
      const tried = explanations.flatMap(({ pairs }) => pairs.map(({ to }) => `${to} ${rateText(rates[to])}`));
      const why = tried.length === 0 ? 'Nothing was tried to explain it' : `Tried: ${tried.join('; ')}`;
      return folded(`${WORDS[verdict]}: ${tool} ${kind}, ${sizeText(bytes)}. ${why}.`);
    });
}

/** The sentence that all ends with. */
function conclusion(judged: readonly Judgement[]): string {
  const count = (verdict: Verdict) => judged.filter((one) => one.verdict === verdict).length;
  if (judged.length === 0) return 'FAILED: nothing was compared.';
  const [agree, explained] = [count('agrees'), count('explained')];
  const rest = judged.length - agree - explained;
  const agreeing = `${agree} agree with copytax within ${PERCENT} %`;
  const all = `Of ${judged.length} rates of tools, ${agreeing}, ${explained} differ and are explained`;
  if (rest === 0) return `${all}.`;
  const todo = [
    ...(count('unclear') > 0 ? ['UNCLEAR: the host was noisy; run it again while it does nothing else.'] : []),
    ...(count('differs') > 0
      ? ['DIFFERS: this needs looking at: a condition of the tool that is not known here.']
      : []),
  ].join(' ');
  return `FAILED: ${all}, and ${rest} differ unexplained. ${todo}`.trimEnd();
}

/** Returns the report as lines, and whether all agrees or is explained. */
export function agreementReport(data: AgreementData): { readonly lines: string[]; readonly isFine: boolean } {
  const judged = data.comparisons.map((comparison) => judge(comparison, data.rates));
  let explained = 0;
  const rows = judged.map(({ comparison, ratio, verdict }) => {
    const { tool, kind, copyKernel, bytes, of, to } = comparison;
    const word = verdict === 'explained' ? `explained (${++explained})` : WORDS[verdict];
    const rates = [rateText(data.rates[of]), rateText(data.rates[to])];
    return [tool, kind, copyKernel, sizeText(bytes), ...rates, ratio === null ? '-' : ratioText(ratio), word];
  });
  const parts = [
    conditionLines(data),
    rows.length === 0 ? [] : [table(HEAD, rows, 3)],
    explanationLines(judged, data),
    failureLines(judged, data),
    data.skipped,
    [folded(conclusion(judged), '')],
  ].filter((part) => part.length > 0);
  return { lines: parts.flatMap((part, at) => (at === 0 ? part : ['', ...part])), isFine: isAgreement(judged) };
}
