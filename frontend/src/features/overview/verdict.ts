import type { VerdictClause } from '../../api/types';
import { textFor, type Translate } from '../../i18n/useT';
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

/** A clause the sentence is made of, or null for one it has no words for. */
function word(clause: VerdictClause, t: Translate, locale: string): { text: string; tone: Tone } | null {
  const id = textFor(`verdict.${clause.code}.${clause.metric}`, t);
  if (!id) return null;
  const change = clause.relative === null ? '' : formatChange(clause.relative, locale);
  return { text: t(id, { change }), tone: tones[clause.code] ?? 'even' };
}

function joined(texts: readonly string[], locale: string): string {
  return new Intl.ListFormat(locale === 'en' ? 'en-GB' : locale, { type: 'conjunction' }).format(texts);
}

/**
 * Makes one sentence of the clauses. What points the same way as the first
 * directed clause comes first, in the given order, joined by "and"; what points
 * the other way follows after "but", what did not change clearly after "while".
 */
export function verdictSentence(clauses: readonly VerdictClause[], t: Translate, locale: string): string {
  const words = clauses.map((clause) => word(clause, t, locale)).filter((clause) => clause !== null);
  if (words.length === 0) return t('verdict.none');
  const clear = words.filter((clause) => clause.tone !== 'even');
  if (clear.length === 0 && words.length > 1) return t('verdict.steady');
  if (clear.length === 0) return sentenceOf(words.map((clause) => clause.text).join(''), locale);
  const even = words.filter((clause) => clause.tone === 'even');
  const lead = clear.find((clause) => clause.tone !== 'neutral')?.tone;
  const against = clear.filter((clause) => clause.tone !== lead && (clause.tone === 'good' || clause.tone === 'bad'));
  const along = clear.filter((clause) => !against.includes(clause));
  const [a = '', b, c] = [along, against, even].map((part) => joined(part.map((clause) => clause.text), locale));
  const directed = b ? t('verdict.but', { a, b }) : a;
  return sentenceOf(c ? t('verdict.while', { a: directed, b: c }) : directed, locale);
}

function sentenceOf(text: string, locale: string): string {
  return `${text.charAt(0).toLocaleUpperCase(locale)}${text.slice(1)}.`;
}
