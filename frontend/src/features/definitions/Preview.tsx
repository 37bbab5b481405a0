import { Link } from '@tanstack/react-router';
import type { PolicyPreview, PreviewFacts, PreviewFigures, PreviewRow } from '../../api/types';
import { useT } from '../../i18n/useT';
import { formatDuration, formatNumber, formatPercent } from '../../ui/format';
import styles from './definitions.module.css';
import { Changes } from './Versions';

/** What the proposed rules would make of the last year, beside those in force. */
export function Preview({ preview, workspace }: { preview: PolicyPreview; workspace: string }) {
  const { t, locale } = useT();
  const { before, after } = preview.whole;
  const rest = preview.applications_total - preview.applications.length;
  return (
    <>
      <p className={styles.sentence}>
        <output>
          {t('definitions.finds', {
            deployments: formatNumber(after.deployments, locale),
            failures: formatNumber(after.failures, locale),
            deployments_before: formatNumber(before.deployments, locale),
            failures_before: formatNumber(before.failures, locale),
          })}
        </output>
      </p>
      {preview.warnings.map(({ field, text }) => (
        <p key={field} className={styles.warning} role="alert">
          {field}: {text}
        </p>
      ))}
      <div className={styles.scroll}>
        <table className={styles.table}>
          <caption>{t('definitions.compared')}</caption>
          <thead>
            <tr>
              <th scope="col">{t('definitions.whose')}</th>
              {columns.map(({ label }) => (
                <th key={label} scope="col">
                  {t(label)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {[preview.whole, ...preview.applications].map((row) => (
              <Row key={`${row.kind} ${row.slug}`} row={row} />
            ))}
          </tbody>
        </table>
      </div>
      {rest > 0 && <p className={styles.hint}>{t('definitions.more_applications', { count: rest })}</p>}
      <div className={styles.facts}>
        <Facts title={t('definitions.added')} facts={preview.added} workspace={workspace} />
        <Facts title={t('definitions.removed')} facts={preview.removed} workspace={workspace} />
        <Facts title={t('definitions.failures_added')} facts={preview.failures_added} workspace={workspace} />
        <Facts title={t('definitions.failures_removed')} facts={preview.failures_removed} workspace={workspace} />
      </div>
      <Changes changes={preview.changes} />
    </>
  );
}

type Shown = (figures: PreviewFigures, locale: string) => string;

const none = '–';
const percent = (value: number | null, locale: string) => (value === null ? none : formatPercent(value, locale));
const duration = (value: number | null, locale: string) => (value === null ? none : formatDuration(value, locale));

const columns = [
  { label: 'definitions.deployments', show: ((f, locale) => formatNumber(f.deployments, locale)) as Shown },
  { label: 'definitions.failures', show: ((f, locale) => formatNumber(f.failures, locale)) as Shown },
  { label: 'definitions.fail_rate', show: ((f, locale) => percent(f.fail_rate, locale)) as Shown },
  { label: 'definitions.lead_time', show: ((f, locale) => duration(f.lead_time_seconds, locale)) as Shown },
  { label: 'definitions.recovery_time', show: ((f, locale) => duration(f.recovery_seconds, locale)) as Shown },
  { label: 'definitions.rework', show: ((f, locale) => percent(f.rework_rate, locale)) as Shown },
] as const;

function Row({ row }: { row: PreviewRow }) {
  const { locale } = useT();
  return (
    <tr>
      <th scope="row">{row.name}</th>
      {columns.map(({ label, show }) => {
        const [was, is] = [show(row.before, locale), show(row.after, locale)];
        return <td key={label}>{was === is ? is : <><span className={styles.was}>{was}</span> → <strong>{is}</strong></>}</td>;
      })}
    </tr>
  );
}

function Facts({ title, facts, workspace }: { title: string; facts: PreviewFacts; workspace: string }) {
  const { t, locale } = useT();
  return (
    <div>
      <h3 className={styles.factsTitle}>
        {title}: {formatNumber(facts.total, locale)}
      </h3>
      {facts.ids.length > 0 && (
        <ul className={styles.ids}>
          {facts.ids.map((id) => (
            <li key={id}>
              <Link to="/w/$workspace/deployments/$id" params={{ workspace, id }} search={{}}>
                {t('definitions.deployment', { id: id.slice(0, 8) })}
              </Link>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
