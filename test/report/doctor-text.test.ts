import { describe, expect, it } from '@jest/globals';
import { doctorSchema } from '../../lib/bench/doctor/doctor-schema.js';
import { GUARD_NAMES, GUARDS } from '../../lib/bench/doctor/guard-list.js';
import { doctorText } from '../../lib/report/doctor-text.js';
import { REPORT_WIDTH } from '../../lib/report/tables/format.js';
import { NOTHING_SEEN } from '../bench/doctor/fixtures/observed.js';
import { examinationOf } from './fixtures/examination.js';

const DOCUMENTS = {
  quiet: examinationOf(),
  noisy: examinationOf({ stealShare: 0.0213 }),
  unusable: examinationOf({ othersCpus: 3.5, isPinned: false }),
  unknown: examinationOf({ ...NOTHING_SEEN, stealShare: 0 }),
  interrupted: examinationOf(NOTHING_SEEN, {
    interrupted: true,
    verdict: null,
    missing: [{ fact: 'throttling', reason: 'no control group of this process counts it' }],
  }),
};

describe('the report of an examination', () => {
  it.each(Object.entries(DOCUMENTS))(
    'of a document that is %s is of the schema, and narrow enough for an email',
    (_name, document) => {
      expect(doctorSchema().parse(document)).toEqual(document);
      const text = doctorText(document);
      expect(text).toMatch(/[^\n]\n$/);
      expect(text.split('\n').filter((line) => [...line].length > REPORT_WIDTH)).toEqual([]);
    },
  );

  it('says that a host is quiet, without a reason', () => {
    const text = doctorText(DOCUMENTS.quiet);
    expect(text).toContain('\nThis host: quiet: ');
    expect(text).not.toContain('try: ');
  });

  it('says why a host is not, and what would help', () => {
    const text = doctorText(DOCUMENTS.noisy);
    expect(text).toContain('\nThis host: noisy: ');
    expect(text).toContain(
      '\nnoisy: CPU time that the hypervisor took: 2.13 %; stolen time is charged to whatever ran\n  try: use an',
    );
    expect(text).toMatch(/^CPU time that the hypervisor took +2\.13 % +above 1\.00 % +above 10\.0 % +noisy$/m);
  });

  it('names the worst first in its verdict, and every reason', () => {
    const text = doctorText(DOCUMENTS.unusable);
    expect(text).toContain('\nThis host: unusable: ');
    expect(text).toContain('\nunusable: CPUs that other processes kept busy: 3.50; ');
    expect(text).toContain('\nnoisy: threads that could be pinned to their CPUs: 0 %; ');
  });

  it('says how many rules could not be applied, and shows them as not known', () => {
    const text = doctorText(DOCUMENTS.unknown).replaceAll('\n  ', ' ');
    expect(text).toContain('11 of 12 rules could not be applied');
    expect(text.match(/^.* not known +.* unknown$/gm)).toHaveLength(11);
  });

  it('has no verdict for an interrupted examination, and says why something is not known', () => {
    const text = doctorText(DOCUMENTS.interrupted);
    expect(text).toContain('\nThis host: no verdict, because the examination was interrupted\n');
    expect(text).toContain('\n  throttling: no control group of this process counts it\n');
    expect(text).toContain('\ninterrupted after 10.0 s, ');
  });

  it('shows each guard with what goes wrong without it, its numbers, and what copytax does', () => {
    const sections = doctorText(DOCUMENTS.quiet).split('\n\n');
    for (const [at, name] of GUARD_NAMES.entries()) {
      const section = sections.find((text) => text.startsWith(`${GUARDS[name].mistake}\n`))!;
      const lines = section.split('\n');
      if (at > 6) {
        expect(lines[1]).toBe(`  could not be tried: no ${name} here`);
      } else {
        expect(lines[1]).toMatch(
          /^ {2}a copy for \S+ +212 \[200, 224\] ns +106 \[100, 112\] ns +2\.00 \[2\.00, 2\.00\]$/,
        );
        expect(lines[2]).toBe('  pages of it: 3; moves of it: not known');
      }
      expect(section).toContain('\n  without: ');
      expect(section).toContain('\n  copytax: ');
    }
  });
});
