import { describe, expect, it } from 'vitest';
import type { AttentionItem, VerdictClause } from '../../api/types';
import { de } from '../../i18n/de';
import { en } from '../../i18n/en';
import { createI18n } from '../../i18n/i18n';
import { translator } from '../../i18n/useT';
import { attentionText } from './attention';
import { verdictSentence } from './verdict';

const t = translator(createI18n('en', en));

function clause(code: string, metric: VerdictClause['metric'], relative: number | null): VerdictClause {
  return { code, metric, relative };
}

const faster = clause('faster', 'change_lead_time', -0.29);
const slower = clause('slower', 'change_lead_time', 0.2);
const riskier = clause('riskier', 'change_fail_rate', 0.09);
const safer = clause('safer', 'change_fail_rate', -0.5);
const steadyLead = clause('no_clear_change', 'change_lead_time', 0.01);
const steadyFail = clause('no_clear_change', 'change_fail_rate', 0.01);
const moreOften = clause('more_often', 'deployment_frequency', 0.16);
const repaired = clause('recovers_faster', 'failed_deployment_recovery_time', -0.42);

function sentence(...clauses: VerdictClause[]): string {
  return verdictSentence(clauses, t, 'en').replaceAll('\u202f', ' ');
}

describe('the verdict', () => {
  it.each([
    [
      'joins what points the same way',
      [faster, safer],
      'Changes reach users 29 % faster than in the period before and deployments fail 50 % less often.',
    ],
    [
      'sets what points the other way against it',
      [faster, moreOften, repaired, riskier],
      'Changes reach users 29 % faster than in the period before, deployments are 16 % more frequent and failures are repaired 42 % faster, but deployments fail 9 % more often.',
    ],
    ['starts with bad news when it comes first', [slower, safer], 'Changes reach users 20 % slower than in the period before, but deployments fail 50 % less often.'],
    [
      'ends with what did not change',
      [steadyLead, riskier],
      'Deployments fail 9 % more often, while changes reach users about as fast as before.',
    ],
    ['says it when one figure alone did not change', [steadyLead], 'Changes reach users about as fast as before.'],
    ['says when nothing changed', [steadyLead, steadyFail], 'No figure changed clearly against the period before.'],
    [
      'says when there is nothing to say',
      [clause('no_value', 'change_lead_time', null)],
      'There is not enough data yet to say whether delivery became faster or safer.',
    ],
    ['skips a code it has no words for', [clause('sideways', 'change_lead_time', 1), riskier], 'Deployments fail 9 % more often.'],
    ['does not praise a frequency', [moreOften], 'Deployments are 16 % more frequent.'],
  ])('%s', (_, clauses, text) => {
    expect(sentence(...clauses)).toBe(text);
  });

  it('speaks German', () => {
    const german = translator(createI18n('de', de));
    expect(verdictSentence([faster, riskier], german, 'de').replaceAll('\u202f', ' ')).toBe(
      'Änderungen erreichen die Nutzer 29 % schneller als im Zeitraum davor, aber Deployments schlagen 9 % häufiger fehl.',
    );
  });
});

describe('attention', () => {
  const item: AttentionItem = {
    code: 'fail_rate_up',
    severity: 'bad',
    application: { slug: 'pay', name: 'Pay' },
    group: null,
    tier: 1,
    value: 0.61,
    n: 142,
  };

  it.each([
    ['fail_rate_up', 0.61, 'Deployments of Pay fail 61 % more often'],
    ['low_coverage', 0.39, 'Only 39 % of the deployments of Pay name what they ship'],
    ['stale', 61.4, 'Nothing was heard from Pay for 61 d'],
    ['unattributed_incidents', 2, '2 incidents of Pay are linked to no deployment'],
    ['unresolved_incidents', 1, '1 failure of Pay is not repaired yet'],
    ['something_new', 1, 'Pay: something_new'],
  ])('%s is written out', (code, value, text) => {
    expect(attentionText({ ...item, code, value }, t, 'en').statement.replaceAll('\u202f', ' ')).toBe(text);
  });
});
