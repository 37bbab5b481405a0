import type { VerdictClause } from '../../api/types';
import { en } from '../../i18n/en';
import type { MessageId } from '../../i18n/i18n';
import type { Translate } from '../../i18n/useT';
import { formatChange } from '../../ui/format';

/** How a clause points; even clauses report that nothing changed clearly. */
type Tone = 'good' | 'bad' | 'neutral' | 'even';

const tones: Readonly<Record<string, Tone>> = {
  faster: 'good',
  slower: 'bad',
  more_often: 'neutral',
  less_often: 'neutral',
  recovers_faster: 'good',
  recovers_slower: 'bad',
  safer: 'good',
  riskier: 'bad',
  less_rework: 'good',
  more_rework: 'bad',
};

function messageOf(clause: VerdictClause): MessageId | null {
  const id = `verdict.${clause.code}.${clause.metric}`;
  return Object.hasOwn(en, id) ? (id as MessageId) : null;
}

/** A clause the sentence is made of, or null for one it has no words for. */
function word(clause: VerdictClause, t: Translate, locale: string): { text: string; tone: Tone } | null {
  const id = messageOf(clause);
  if (!id) return null;
  const change = clause.relative === null ? '' : formatChange(clause.relative, locale);
  return { text: t(id, { change }), tone: tones[clause.code] ?? 'even' };
}

function opposed(a: Tone, b: Tone): boolean {
  return (a === 'good' && b === 'bad') || (a === 'bad' && b === 'good');
}

/**
 * Makes one sentence of the clauses in their given order. The first two are
 * joined by "but" when one is good and the other bad, else by "and"; more follow after a semicolon. Clauses without a clear change are left out
 * when another clause has one.
 */
export function verdictSentence(clauses: readonly VerdictClause[], t: Translate, locale: string): string {
  const words = clauses.map((clause) => word(clause, t, locale)).filter((clause) => clause !== null);
  if (words.length === 0) return t('verdict.none');
  const clear = words.filter((clause) => clause.tone !== 'even');
  if (clear.length === 0 && words.length > 1) return t('verdict.steady');
  const [first, second, ...rest] = clear.length > 0 ? clear : words;
  if (!first) return t('verdict.none');
  let text = first.text;
  if (second) text = t(opposed(first.tone, second.tone) ? 'verdict.but' : 'verdict.and', { a: text, b: second.text });
  for (const clause of rest) text = t('verdict.then', { a: text, b: clause.text });
  return `${text.charAt(0).toLocaleUpperCase(locale)}${text.slice(1)}.`;
}
