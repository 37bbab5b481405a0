import { Link } from '@tanstack/react-router';
import { known } from '../../api/known';
import type { SloDetail, SloMeasuring } from '../../api/slos';
import { useT } from '../../i18n/useT';
import { formatDateTime, formatDuration, formatNumber, formatPercent } from '../../ui/format';
import { Panel } from '../../ui/Panel';
import { StateBadge, StatusMark } from '../../ui/StateBadge';
import { EmptyState } from '../../ui/states';
import { reasonText } from '../budget/reason';
import { Late } from './Late';
import styles from './slos.module.css';

interface MeasuredProps {
  readonly workspace: string;
  readonly slo: SloDetail;
  readonly zone: string;
}

/** How a service level is measured: where its series come from, how asking for them stands, and what became known late. */
export function Measured({ workspace, slo, zone }: MeasuredProps) {
  const { t } = useT();
  const { measuring, sources } = slo;
  return (
    <Panel title={t('slo.measured')}>
      <div className={styles.answers}>
        {measuring && <Asked measuring={measuring} workspace={workspace} zone={zone} />}
        {!measuring && sources.length > 0 && !known.asOf && <p className={styles.quiet}>{t('slo.measured.sent')}</p>}
        <Origin workspace={workspace} slo={slo} zone={zone} />
        {measuring && measuring.notes.length > 0 && <Notes measuring={measuring} />}
        {measuring && measuring.queries.length > 0 && <Queries measuring={measuring} />}
        <Late late={slo.late} zone={zone} minutes={sources.length === 0} />
      </div>
    </Panel>
  );
}

/** What the budget is counted from: series, or the times in which incidents stood. */
function Origin({ workspace, slo, zone }: MeasuredProps) {
  const { t, locale } = useT();
  const row = slo.budgets[0];
  if (slo.sources.length > 0) return <Sources slo={slo} zone={zone} />;
  if (row?.unit !== 'minutes' || row.sli === null) return <EmptyState title={t('slo.measured.none')}>{(row && reasonText(row, t, locale)) || t('slo.measured.none_text')}</EmptyState>;
  return (
    <p>
      {t('slo.measured.incidents')}{' '}
      <Link to="/w/$workspace/applications/$slug" params={{ workspace, slug: slo.application.slug }} search={{ tab: 'reliability' }} hash="incidents">
        {t('slo.measured.incidents_of', { name: slo.application.name })}
      </Link>
    </p>
  );
}

/** How asking a connection goes: when it was, when it will be, and why it failed. */
function Asked({ measuring, workspace, zone }: { measuring: SloMeasuring; workspace: string; zone: string }) {
  const { t, locale } = useT();
  const { connection, source, last_slice: last, lag_seconds: lag, since, next, done, total, failures, error } = measuring;
  return (
    <>
      <p>
        {error ? (
          <StateBadge status="bad">{t('slo.measured.failed', { count: Math.max(1, failures) })}</StateBadge>
        ) : (
          <StateBadge status={since ? 'good' : 'unknown'}>{t(since ? 'slo.measured.answered' : 'slo.measured.never')}</StateBadge>
        )}{' '}
        {error && <span>{error}</span>}
      </p>
      <dl className={styles.facts}>
        <div>
          <dt>{t('slo.measured.at')}</dt>
          <dd>
            <Link to="/w/$workspace/connectors" params={{ workspace }} search={{}}>
              {connection || t('slo.measured.gone')}
            </Link>{' '}
            <span className={styles.quiet}>{source}</span>
          </dd>
        </div>
        <div>
          <dt>{t('slo.measured.until')}</dt>
          <dd>
            {formatDateTime(last, locale, zone)} {lag !== null && <span className={styles.quiet}>{t('slo.measured.lag', { time: formatDuration(lag, locale) })}</span>}
          </dd>
        </div>
        <div>
          <dt>{t('slo.measured.last')}</dt>
          <dd>{formatDateTime(since, locale, zone)}</dd>
        </div>
        <div>
          <dt>{t('slo.measured.next')}</dt>
          <dd>{formatDateTime(next, locale, zone)}</dd>
        </div>
        <div>
          <dt>{t('slo.measured.done')}</dt>
          <dd>
            {t('slo.measured.done_of', { done: formatNumber(done, locale), total: formatNumber(total, locale) })} {total > 0 && <span className={styles.quiet}>{formatPercent(done / total, locale)}</span>}
          </dd>
        </div>
      </dl>
    </>
  );
}

/** The series that count, and those of the same name that do not. */
function Sources({ slo: { sources }, zone }: { slo: SloDetail; zone: string }) {
  const { t, locale } = useT();
  return (
    // A region that scrolls must be reachable by keyboard.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <section className={styles.scroll} aria-label={t('table.scroll', { name: t('slo.measured.series') })} tabIndex={0}>
      <table className={styles.table}>
        <thead>
          <tr>
            <th scope="col">{t('slo.measured.series')}</th>
            <th scope="col">{t('slo.measured.source')}</th>
            <th scope="col">{t('slo.measured.environment')}</th>
            <th scope="col">{t('slo.measured.slice')}</th>
            <th scope="col">{t('slo.measured.last_slice')}</th>
            <th scope="col">{t('slo.measured.counts')}</th>
          </tr>
        </thead>
        <tbody>
          {sources.map(({ id, name, source, environment, slice_seconds: seconds, last_at: last, counts }) => (
            <tr key={id}>
              <th scope="row">
                <code>{name}</code>
              </th>
              <td>{source}</td>
              <td>{environment}</td>
              <td>{formatDuration(seconds, locale)}</td>
              <td>{formatDateTime(last, locale, zone)}</td>
              <td>{t(counts ? 'slo.measured.counted' : 'slo.measured.not_counted')}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

/** What was odd about the last answer, in words, with what the source said. */
function Notes({ measuring: { notes } }: { measuring: SloMeasuring }) {
  const { t } = useT();
  return (
    <div>
      <h3 className={styles.label}>{t('slo.note.title')}</h3>
      <ul className={styles.lints}>
        {notes.map(({ kind, name, text, count }) => (
          <li key={`${kind} ${name} ${text}`}>
            <StatusMark status="watch" label={t('slo.anomaly.watch')} />
            <div>
              <p>
                <strong>{t(`slo.note.${kind}`)}</strong> {name && <code>{name}</code>} {count > 0 && <span className={styles.quiet}>{t('slo.anomaly.slices', { count })}</span>}
              </p>
              <p className={styles.quiet} lang="en">
                {text}
              </p>
            </div>
          </li>
        ))}
      </ul>
    </div>
  );
}

/** The queries as they were asked, each with its graph. */
function Queries({ measuring: { queries } }: { measuring: SloMeasuring }) {
  const { t } = useT();
  return (
    <div>
      <h3 className={styles.label}>{t('slo.query.title')}</h3>
      <ul className={styles.list}>
        {queries.map(({ name, query, link }) => (
          <li key={`${name} ${query}`}>
            {name && <strong>{name}: </strong>}
            <code>{query}</code>{' '}
            {link && (
              <a href={link} target="_blank" rel="noreferrer">
                {t('slo.query.graph')}
              </a>
            )}
          </li>
        ))}
      </ul>
    </div>
  );
}
