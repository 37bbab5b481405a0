import type { AlertPreview as Tried, PreviewRow } from '../../api/types';
import { useT } from '../../i18n/useT';
import { formatDateTime, formatDuration, formatNumber, formatPercent, noValue } from '../../ui/format';
import styles from './connectors.module.css';

interface PreviewProps {
  readonly preview: Tried;
  readonly zone: string;
}

/** What the rules would make of the last 30 days, beside those in force. */
export function AlertPreview({ preview, zone }: PreviewProps) {
  const { t, locale } = useT();
  const number = (value: number) => formatNumber(value, locale);
  const { before, after } = preview.whole;
  return (
    <section className={styles.preview} aria-label={t('connectors.preview')}>
      <p className={styles.sentence}>
        <output>
          {t('connectors.preview_sentence', {
            alerts: number(preview.alerts),
            matched: number(preview.matched),
            incidents: number(preview.incidents),
            before: number(preview.incidents_before),
            rate: formatPercent(after.fail_rate, locale),
            rate_before: formatPercent(before.fail_rate, locale),
          })}
        </output>
      </p>
      {preview.warnings.map(({ field, text }) => (
        <p key={`${field} ${text}`} className={styles.warning}>
          {field}: {text}
        </p>
      ))}
      <Figures rows={[preview.whole, ...preview.applications]} more={preview.applications_total - preview.applications.length} />
      {preview.rules.length > 0 && <RuleCounts rules={preview.rules} />}
      {preview.newest.length > 0 && <Incidents preview={preview} zone={zone} />}
    </section>
  );
}

/** The change fail rate and the recovery time, before and after. */
function Figures({ rows, more }: { rows: readonly PreviewRow[]; more: number }) {
  const { t, locale } = useT();
  return (
    <div className={styles.scroll}>
      <table className={styles.table}>
        <caption>{t('connectors.preview_figures')}</caption>
        <thead>
          <tr>
            <th scope="col">{t('connectors.preview_whose')}</th>
            <th scope="col">{t('connectors.preview_deployments')}</th>
            <th scope="col">{t('connectors.preview_failures')}</th>
            <th scope="col">{t('connectors.preview_rate')}</th>
            <th scope="col">{t('connectors.preview_recovery')}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ kind, slug, name, before, after }) => (
            <tr key={`${kind} ${slug}`}>
              <th scope="row">{kind === 'workspace' ? t('connectors.preview_all') : name}</th>
              <td>{formatNumber(after.deployments, locale)}</td>
              <Change before={formatNumber(before.failures, locale)} after={formatNumber(after.failures, locale)} />
              <Change before={formatPercent(before.fail_rate, locale)} after={formatPercent(after.fail_rate, locale)} />
              <Change before={formatDuration(before.recovery_seconds, locale)} after={formatDuration(after.recovery_seconds, locale)} />
            </tr>
          ))}
        </tbody>
      </table>
      {more > 0 && <p className={styles.hint}>{t('connectors.preview_more', { count: more })}</p>}
    </div>
  );
}

function Change({ before, after }: { before: string; after: string }) {
  const { t } = useT();
  if (before === after) return <td>{after}</td>;
  return (
    <td>
      <strong>{after}</strong> <span className={styles.quiet}>{t('connectors.preview_before', { value: before })}</span>
    </td>
  );
}

function RuleCounts({ rules }: { rules: Tried['rules'] }) {
  const { t, locale } = useT();
  return (
    <div className={styles.scroll}>
      <table className={styles.table}>
        <caption>{t('connectors.preview_rules')}</caption>
        <thead>
          <tr>
            <th scope="col">{t('connectors.rule.name')}</th>
            <th scope="col">{t('connectors.preview_alerts')}</th>
            <th scope="col">{t('connectors.preview_incidents')}</th>
          </tr>
        </thead>
        <tbody>
          {rules.map(({ name, alerts, incidents }) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td>{formatNumber(alerts, locale)}</td>
              <td>{formatNumber(incidents, locale)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Incidents({ preview, zone }: PreviewProps) {
  const { t, locale } = useT();
  return (
    <div className={styles.scroll}>
      <table className={styles.table}>
        <caption>{t('connectors.preview_newest', { shown: preview.newest.length, count: preview.incidents })}</caption>
        <thead>
          <tr>
            <th scope="col">{t('connectors.preview_opened')}</th>
            <th scope="col">{t('connectors.preview_lasted')}</th>
            <th scope="col">{t('connectors.rule.application')}</th>
            <th scope="col">{t('connectors.rule.environment')}</th>
            <th scope="col">{t('connectors.rule.severity')}</th>
          </tr>
        </thead>
        <tbody>
          {preview.newest.map((one) => (
            <tr key={one.id}>
              <th scope="row">{formatDateTime(one.opened_at, locale, zone)}</th>
              <td>{one.resolved_at ? formatDuration((Date.parse(one.resolved_at) - Date.parse(one.opened_at)) / 1000, locale) : t('connectors.preview_open')}</td>
              <td>{one.application || one.origin || noValue}</td>
              <td>{one.environment || noValue}</td>
              <td>{one.severity || noValue}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
