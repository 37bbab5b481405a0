import type { ReactNode } from 'react';
import type { AssistedAnswer, AssistedVerdict, MatchedDifference, MatchedRatio, ShareOf } from '../../api/types';
import { useT, type Translate } from '../../i18n/useT';
import { formatDuration, formatNumber, formatPercent, noValue } from '../../ui/format';
import { EmptyState } from '../../ui/states';
import styles from './flow.module.css';

const marks: Readonly<Record<AssistedVerdict, string>> = {
  better: '✓',
  worse: '▲',
  higher: '↑',
  lower: '↓',
  no_clear_change: '■',
  too_few: '–',
};

const tones: Readonly<Partial<Record<AssistedVerdict, 'good' | 'bad'>>> = { better: 'good', worse: 'bad' };

function Verdict({ verdict }: { verdict: AssistedVerdict }) {
  const { t } = useT();
  return (
    <span className={styles.verdict} data-tone={tones[verdict]}>
      <span aria-hidden="true">{marks[verdict]} </span>
      {t(`flow.verdict.${verdict}`)}
    </span>
  );
}

/** Changes written with a model's help beside others of the same application and size. */
export function Assisted({ answer }: { answer: AssistedAnswer }) {
  const { t, locale } = useT();
  const { share, sides, matched, rules } = answer;
  const known = answer.changes - answer.unknown;
  if (known === 0) {
    return <EmptyState title={t('assisted.unknown_all')}>{t('assisted.unknown_all_text')}</EmptyState>;
  }
  return (
    <>
      <p className={styles.note}>
        {t('assisted.share', {
          share: formatPercent(share.value, locale),
          k: formatNumber(share.k, locale),
          n: formatNumber(share.n, locale),
          unknown: formatPercent(answer.unknown_share, locale),
          bots: formatNumber(answer.bots, locale),
        })}
      </p>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a scrolling region takes keys */}
      <section className={styles.scroll} aria-label={t('table.scroll', { name: t('assisted.title') })} tabIndex={0}>
        <table className={styles.compare}>
          <thead>
            <tr>
              <th scope="col">{t('assisted.figure')}</th>
              <th scope="col">{t('assisted.assisted', { n: formatNumber(sides.assisted.n, locale) })}</th>
              <th scope="col">{t('assisted.other', { n: formatNumber(sides.other.n, locale) })}</th>
              <th scope="col">{t('assisted.matched')}</th>
            </tr>
          </thead>
          <tbody>
            <Row name={t('assisted.lead')} a={formatDuration(sides.assisted.lead_median_seconds, locale)} b={formatDuration(sides.other.lead_median_seconds, locale)} verdict={matched.lead.verdict}>
              {ratioText(matched.lead, t, locale)}
            </Row>
            <Row name={t('assisted.lines')} a={lines(sides.assisted.lines_median, locale)} b={lines(sides.other.lines_median, locale)} verdict={matched.lines.verdict}>
              {ratioText(matched.lines, t, locale)}
            </Row>
            <Row name={t('assisted.fail')} a={<Part share={sides.assisted.fail} />} b={<Part share={sides.other.fail} />} verdict={matched.fail.verdict}>
              {pointsText(matched.fail, t, locale)}
            </Row>
            <Row name={t('assisted.rework')} a={<Part share={sides.assisted.rework} />} b={<Part share={sides.other.rework} />} verdict={matched.rework.verdict}>
              {pointsText(matched.rework, t, locale)}
            </Row>
          </tbody>
        </table>
      </section>
      <p className={styles.note}>
        {t('assisted.how', {
          assisted: formatNumber(matched.assisted_n, locale),
          other: formatNumber(matched.other_n, locale),
          strata: formatNumber(matched.strata, locale),
          left: formatNumber(matched.left_out, locale),
        })}
      </p>
      <p className={styles.note}>{t('assisted.rules', { rules: [...rules.trailers, ...rules.labels, ...rules.actors].join(' · ') || noValue })}</p>
    </>
  );
}

function Row({ name, a, b, verdict, children }: { name: string; a: ReactNode; b: ReactNode; verdict: AssistedVerdict; children: ReactNode }) {
  return (
    <tr>
      <th scope="row">{name}</th>
      <td>{a}</td>
      <td>{b}</td>
      <td>
        <Verdict verdict={verdict} />
        {verdict !== 'too_few' && <span className={styles.interval}>{children}</span>}
      </td>
    </tr>
  );
}

function Part({ share }: { share: ShareOf }) {
  const { t, locale } = useT();
  if (share.value === null) return noValue;
  return (
    <>
      {formatPercent(share.value, locale)}
      <span className={styles.interval}>{t('assisted.of', { k: formatNumber(share.k, locale), n: formatNumber(share.n, locale) })}</span>
    </>
  );
}

function lines(value: number | null, locale: string): string {
  return value === null ? noValue : formatNumber(value, locale);
}

function ratioText({ ratio, low, high }: MatchedRatio, t: Translate, locale: string): string {
  if (ratio === null || low === null || high === null) return '';
  const times = (value: number) => formatNumber(value, locale, 2, 2);
  return t('assisted.times', { ratio: times(ratio), low: times(low), high: times(high) });
}

function pointsText({ difference, low, high }: MatchedDifference, t: Translate, locale: string): string {
  if (difference === null || low === null || high === null) return '';
  const points = (value: number) => `${value > 0 ? '+' : ''}${formatNumber(value * 100, locale, 1, 1)}`;
  return t('assisted.points', { difference: points(difference), low: points(low), high: points(high) });
}
