import { Button } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { sloAlertsQuery } from '../../api/slos';
import { useT, type Translate } from '../../i18n/useT';
import { formatDateTime, formatDuration } from '../../ui/format';
import { Panel } from '../../ui/Panel';
import { StateBadge } from '../../ui/StateBadge';
import { ErrorState } from '../../ui/states';
import { Skeletons } from '../application/Skeletons';
import { burnText } from '../budget/words';
import styles from './slos.module.css';

interface AlertHistoryProps {
  readonly workspace: string;
  readonly id: string;
  readonly timeZone: string;
  /** Its objectives stand as one, too: that has no name. */
  readonly composite: boolean;
}

/** "1h/5m" in words; the row of an alert policy, "fast-burn 1h", as it is. */
function bothOf(row: string, t: Translate): string {
  const [, long, short] = /^(\w+)\/(\w+)$/.exec(row) ?? [];
  return long && short ? t('slo.alert.both', { long, short }) : row;
}

/** Which alerts there were, the newest first. */
export function AlertHistory({ workspace, id, timeZone, composite }: AlertHistoryProps) {
  const { t, locale } = useT();
  const query = useInfiniteQuery(sloAlertsQuery(workspace, id));
  const rows = query.data?.pages.flatMap(({ items }) => items) ?? [];
  return (
    <Panel title={t('slo.alerts')}>
      {query.isPending && <Skeletons height={80} />}
      {query.error && !query.data && <ErrorState error={query.error} onRetry={() => void query.refetch()} />}
      {query.data && rows.length === 0 && <p className={styles.quiet}>{t('slo.alerts_none')}</p>}
      {rows.length > 0 && (
        // A region that scrolls must be reachable by keyboard.
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
        <section className={styles.scroll} aria-label={t('table.scroll', { name: t('slo.alerts') })} tabIndex={0}>
          <table className={styles.table}>
            <thead>
              <tr>
                <th scope="col">{t('slo.alert.began')}</th>
                <th scope="col">{t('slo.alert.severity')}</th>
                <th scope="col">{t('slo.alert.state')}</th>
                <th scope="col">{t('slo.alert.lasted')}</th>
                <th scope="col">{t('slo.alert.windows')}</th>
                <th scope="col">{t('slo.alert.peak')}</th>
              </tr>
            </thead>
            <tbody>
              {rows.map((row) => (
                <tr key={`${row.from} ${row.severity} ${row.row} ${row.objective} ${row.series}`}>
                  <th scope="row">{formatDateTime(row.from, locale, timeZone)}</th>
                  <td>
                    <StateBadge status={row.severity === 'page' ? 'bad' : 'watch'}>{t(`budget.severity.${row.severity}`)}</StateBadge>
                  </td>
                  <td>{t(`budget.alert.${row.state}`)}</td>
                  <td>{row.until === null ? t('slo.alert.still') : formatDuration((Date.parse(row.until) - Date.parse(row.from)) / 1000, locale)}</td>
                  <td>
                    {bothOf(row.row, t)}
                    <div className={styles.quiet}>{[row.objective || (composite && t('slo.composite')), row.series].filter(Boolean).join(' ')}</div>
                  </td>
                  <td>{burnText(row.peak, locale)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      )}
      {query.hasNextPage && (
        <Button className={styles.more} size="xs" variant="default" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
          {t('table.more')}
        </Button>
      )}
    </Panel>
  );
}
