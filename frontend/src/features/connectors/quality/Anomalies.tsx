import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { anomaliesQuery, type AnomaliesAnswer, type DataAnomaly } from '../../../api/quality';
import { useT } from '../../../i18n/useT';
import { FactLink } from '../../../ui/FactLink';
import { formatDate, formatNumber } from '../../../ui/format';
import { Panel } from '../../../ui/Panel';
import { StateBadge } from '../../../ui/StateBadge';
import { EmptyState, ErrorState } from '../../../ui/states';
import type { RawSearch } from '../../../url/state';
import { Skeletons } from '../../application/Skeletons';
import styles from './quality.module.css';
import type { QualityProps } from './QualityTab';
import { coded, evidenceText, subjectText } from './words';

/** What looks wrong, each with its evidence and what to do. */
export function Anomalies({ workspace }: QualityProps) {
  const { t } = useT();
  const query = useQuery(anomaliesQuery(workspace));
  return (
    <Panel title={t('quality.anomalies')}>
      {query.data ? (
        <Found answer={query.data} workspace={workspace} />
      ) : query.isPending ? (
        <Skeletons height={140} />
      ) : (
        <ErrorState error={query.error} onRetry={() => void query.refetch()} />
      )}
    </Panel>
  );
}

function Found({ answer, workspace }: { answer: AnomaliesAnswer; workspace: string }) {
  const { t } = useT();
  const judged = answer.looked.some((one) => one.judged > 0);
  return (
    <>
      {answer.items.length === 0 && (
        <EmptyState title={t(judged ? 'quality.none' : 'quality.nothing')}>{t(judged ? 'quality.none_text' : 'quality.nothing_text')}</EmptyState>
      )}
      <ul className={styles.anomalies}>
        {answer.items.map((one) => (
          <Anomaly key={[one.kind, one.signal, ...one.connections.map((c) => c.id), ...one.sources, ...one.applications.map((a) => a.slug)].join(' ')} one={one} workspace={workspace} />
        ))}
      </ul>
      <Looked answer={answer} />
    </>
  );
}

function Anomaly({ one, workspace }: { one: DataAnomaly; workspace: string }) {
  const { t, locale } = useT();
  const about = subjectText(one, t);
  return (
    <li className={styles.anomaly}>
      <div className={styles.head}>
        <h3>{coded('quality.kind', one.kind, t)}</h3>
        <StateBadge status={one.severity === 'warning' ? 'watch' : 'unknown'}>{t(`quality.severity.${one.severity}`)}</StateBadge>
      </div>
      <p className={styles.about}>
        {about && <strong>{about}</strong>}
        {one.since && <span>{t('quality.since', { date: formatDate(one.since, locale) })}</span>}
      </p>
      <p>{evidenceText(one, t, locale)}</p>
      {one.kind === 'counted_twice' && one.applications.length > 0 && <p>{t('quality.in_applications', { names: one.applications.map((a) => a.name).join(', ') })}</p>}
      <Examples one={one} workspace={workspace} />
      <p className={styles.note}>
        {coded('quality.do', one.kind, t)} <Go one={one} workspace={workspace} />
      </p>
    </li>
  );
}

/** The way to where it can be seen or mended. */
function Go({ one, workspace }: { one: DataAnomaly; workspace: string }) {
  const { t } = useT();
  const params = { workspace };
  const source: RawSearch = one.sources.length > 0 ? { source: one.sources.join(',') } : {};
  const application: RawSearch = one.applications[0] ? { app: one.applications[0].slug, kind: one.signal } : {};
  switch (one.kind) {
    case 'counted_twice':
      return <Link to="/w/$workspace/definitions" params={params} search={{}}>{t('quality.go.definitions')}</Link>;
    case 'unclaimed':
      return <Link to="/w/$workspace/events" params={params} search={{ claimed: 'no', range: '365d' }}>{t('quality.go.unclaimed')}</Link>;
    case 'clock_ahead':
    case 'clock_behind':
      return <Link to="/w/$workspace/events" params={params} search={{ ...source, range: '30d' }}>{t('quality.go.events')}</Link>;
    default:
      if (one.connections[0]) {
        return <Link to="/w/$workspace/events" params={params} search={{ tab: 'deliveries', connection: one.connections[0].id, range: '30d' }}>{t('quality.go.deliveries')}</Link>;
      }
      return <Link to="/w/$workspace/events" params={params} search={{ ...source, ...application, range: '30d' }}>{t('quality.go.events')}</Link>;
  }
}

function Examples({ one, workspace }: { one: DataAnomaly; workspace: string }) {
  const { t, locale } = useT();
  if (one.examples.length === 0) return null;
  return (
    <details className={styles.details}>
      <summary>{t('quality.examples', { count: one.examples.length })}</summary>
      <ul>
        {one.examples.map((example) => (
          <li key={example.text + example.facts.join(' ')}>
            {example.facts.length === 0 && <span className={styles.wrap}>{example.text || t('quality.nameless')} </span>}
            {example.facts.length === 0 && <span className={styles.quiet}>{t('quality.facts', { n: formatNumber(example.n, locale) })}</span>}
            {example.facts.map((id, index) => (
              <span key={id}>
                {index > 0 && ` ${t('quality.and')} `}
                <FactLink workspace={workspace} kind={one.signal} id={id}>
                  {t('quality.example', { id: id.slice(0, 8) })}
                </FactLink>
              </span>
            ))}
          </li>
        ))}
      </ul>
    </details>
  );
}

/** What was compared: without data nothing is found, and nothing is right. */
function Looked({ answer }: { answer: AnomaliesAnswer }) {
  const { t, locale } = useT();
  return (
    <details className={styles.details}>
      <summary>{t('quality.looked')}</summary>
      <table className={styles.looked}>
        <thead>
          <tr>
            {(['kind', 'looked', 'judged', 'found'] as const).map((column) => (
              <th key={column} scope="col">
                {t(`quality.looked.${column}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {answer.looked.map((one) => (
            <tr key={one.kind}>
              <th scope="row">{coded('quality.kind', one.kind, t)}</th>
              <td>{formatNumber(one.looked, locale)}</td>
              <td>{formatNumber(one.judged, locale)}</td>
              <td>{formatNumber(one.found, locale)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}
