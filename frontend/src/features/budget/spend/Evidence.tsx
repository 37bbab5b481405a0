import type { SpendEntry } from '../../../api/slos';
import { useT, type Translate } from '../../../i18n/useT';
import { FactLink } from '../../../ui/FactLink';
import { formatDateTime, formatDuration, formatPercent } from '../../../ui/format';
import styles from '../budget.module.css';
import { ratioText } from '../words';

interface EvidenceProps {
  readonly evidence: SpendEntry['evidence'];
  /** How many causes the entry has. */
  readonly causes: number;
  readonly workspace: string;
  readonly zone: string;
}

/** Why an entry is laid to its causes. */
export function Evidence({ evidence, causes, workspace, zone }: EvidenceProps) {
  const { t, locale } = useT();
  const { basis, from, during, before, before_low: low, before_high: high, incidents } = evidence;
  // Where incidents are what is measured, they are the causes, and there is no baseline.
  if (basis === 'stood') return <p className={styles.evidence}>{t('budget.evidence.stood')}</p>;
  return (
    <div className={styles.evidence}>
      <p>{t('budget.evidence.ratio', { during: ratioText(during, locale), from: formatDateTime(from, locale, zone), before: ratioText(before, locale), low: ratioText(low, locale), high: ratioText(high, locale) })}</p>
      <p>{basisText(evidence, causes, t, locale)}</p>
      {incidents.length > 0 && (
        <p>
          {t('budget.evidence.incidents', { n: incidents.length })}{' '}
          {incidents.map(({ kind, id, title, at }, i) => (
            <span key={id}>
              {i > 0 && ', '}
              <FactLink workspace={workspace} kind={kind} id={id}>
                {title || id}
              </FactLink>{' '}
              <span className={styles.quiet}>{formatDateTime(at, locale, zone)}</span>
            </span>
          ))}
        </p>
      )}
    </div>
  );
}

/** A delay below this is none: slices are this long. */
const minute = 60;

/** The probability from which nobody needs to be told of the rest. */
const certain = 0.995;

/** What makes the causes the causes, in words. */
export function basisText({ basis, sure, delay_seconds: delay, cohort, rest }: SpendEntry['evidence'], causes: number, t: Translate, locale: string): string {
  if (basis === 'cohort') {
    return cohort === null || rest === null ? t('budget.evidence.cohorts') : t('budget.evidence.cohort', { cohort: ratioText(cohort, locale), rest: ratioText(rest, locale) });
  }
  if (basis !== 'timing') return t(`budget.evidence.${basis}`);
  const apart = delay ?? 0;
  const time = formatDuration(Math.abs(apart), locale);
  const began = Math.abs(apart) < minute ? t('budget.evidence.with', { n: causes }) : t(apart > 0 ? 'budget.evidence.after' : 'budget.evidence.ahead', { n: causes, time });
  return sure >= certain ? began : `${began} ${t('budget.evidence.sure', { sure: formatPercent(sure, locale) })}`;
}
