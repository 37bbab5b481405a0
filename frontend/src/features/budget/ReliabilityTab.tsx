import { NativeSelect } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { incidentsQuery } from '../../api/queries';
import { slosQuery, type SloRow } from '../../api/slos';
import type { ApplicationDetail } from '../../api/types';
import { useT } from '../../i18n/useT';
import { DataTable } from '../../ui/DataTable';
import { Panel } from '../../ui/Panel';
import { EmptyState, ErrorState } from '../../ui/states';
import { windowOf } from '../../url/state';
import type { Url } from '../../url/useUrl';
import { Facts } from '../application/Facts';
import { incidentColumns } from '../application/rows';
import { Skeletons } from '../application/Skeletons';
import styles from './budget.module.css';
import { rowKey, sloColumns } from './columns';
import { SpendPanel } from './spend/Spend';
import { rowTitle } from './words';

interface ReliabilityTabProps {
  readonly workspace: string;
  readonly application: ApplicationDetail;
  readonly url: Url;
}

/** Rows of a list asked for at a time. */
const pageSize = 25;

/** An application's promises, what broke them, and its incidents. */
export function ReliabilityTab({ workspace, application, url }: ReliabilityTabProps) {
  const { t, locale } = useT();
  const { slug } = application;
  const slos = useInfiniteQuery(slosQuery({ workspace, application: slug }));
  const incidents = useInfiniteQuery(incidentsQuery({ workspace, application: slug, ...windowOf(url.state.range), limit: pageSize }));
  const rows = slos.data?.pages.flatMap(({ items }) => items) ?? [];
  // What stands below moves with the number of rows, so it waits for them.
  if (slos.isPending) return <Skeletons height={640} />;
  return (
    <div className={styles.body}>
      <Panel title={t('budget.of_application')}>
        {slos.error && <ErrorState error={slos.error} onRetry={() => void slos.refetch()} />}
        {slos.data && rows.length === 0 && (
          <EmptyState
            title={t('budget.none')}
            action={
              <Link to="/w/$workspace/slos/new" params={{ workspace }} search={{ app: slug }}>
                {t('budget.make_one')}
              </Link>
            }
          >
            {t('budget.none_text')}
          </EmptyState>
        )}
        {rows.length > 0 && (
          <DataTable name={t('budget.of_application')} columns={sloColumns({ workspace, t, locale }, false)} rows={rows} rowKey={rowKey} sort={null} onSort={() => {}} fileName={`${slug}-slos`} />
        )}
      </Panel>
      {rows.length > 0 && <Attribution workspace={workspace} rows={rows} />}
      <Facts
        anchor="incidents"
        title={t('delivery.incidents')}
        columns={incidentColumns({ t, locale, timeZone: 'UTC' }, workspace)}
        query={incidents}
        rowKey={(row) => row.id}
        empty={t('delivery.no_incidents')}
        fileName={`${slug}-incidents`}
      />
    </div>
  );
}

/** Who spent one of the budgets; the worst first. */
function Attribution({ workspace, rows }: { workspace: string; rows: readonly SloRow[] }) {
  const { t } = useT();
  const [chosen, setChosen] = useState(0);
  const row = rows[chosen] ?? rows[0];
  if (!row) return null;
  return (
    <Panel title={t('budget.spend.title')}>
      <div className={styles.bound}>
        <NativeSelect
          size="xs"
          label={t('budget.column.slo')}
          value={String(chosen)}
          onChange={(event) => setChosen(Number(event.currentTarget.value))}
          data={rows.map((one, i) => ({ value: String(i), label: rowTitle(one) }))}
        />
      </div>
      <SpendPanel workspace={workspace} row={row} />
    </Panel>
  );
}
