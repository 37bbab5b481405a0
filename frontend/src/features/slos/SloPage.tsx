import { NativeSelect } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { known } from '../../api/known';
import { ApiError } from '../../api/problem';
import { sloQuery, type SloDetail, type SloRow } from '../../api/slos';
import { useApp } from '../../app/context';
import { useTitle } from '../../app/title';
import { useT } from '../../i18n/useT';
import { DataTable } from '../../ui/DataTable';
import { PageHeader } from '../../ui/PageHeader';
import { Panel } from '../../ui/Panel';
import { EmptyState, ErrorState } from '../../ui/states';
import { useUrl } from '../../url/useUrl';
import { Skeletons } from '../application/Skeletons';
import { rowKey, sloColumns } from '../budget/columns';
import { SpendPanel } from '../budget/Spend';
import { StatusWord } from '../budget/StatusWord';
import { rowTitle, targetText, windowWords } from '../budget/words';
import { AlertHistory } from './AlertHistory';
import { BurnDownPanel } from './BurnDownPanel';
import { BurnRates } from './BurnRates';
import { Corrections } from './Corrections';
import { Definition } from './Definition';
import { SloTiles } from './SloTiles';
import styles from './slos.module.css';
import { WhatIf } from './WhatIf';

/** One SLO: what is promised, what is left, who spent it. */
export function SloPage() {
  const { t } = useT();
  const { workspace = '', id = '' } = useParams({ strict: false });
  const query = useQuery(sloQuery(workspace, id));
  useTitle(query.data ? query.data.display_name || query.data.name : id, t('slos.title'));
  if (query.isPending) {
    return (
      <div className={styles.page}>
        <Skeletons height={96} />
        <Skeletons height={640} />
      </div>
    );
  }
  if (!query.data) {
    const missing = query.error instanceof ApiError && query.error.status === 404;
    if (!missing) return <ErrorState error={query.error} onRetry={() => void query.refetch()} />;
    return <EmptyState title={t('slo.missing', { id })}>{t('slo.missing_text')}</EmptyState>;
  }
  return <Shown key={id} slo={query.data} workspace={workspace} />;
}

interface ShownProps {
  readonly slo: SloDetail;
  readonly workspace: string;
}

/** The objective that the address names, else the first. */
export function objectiveOf(slo: SloDetail, wanted: string | null): SloRow {
  return slo.objectives.find(({ objective }) => objective === wanted) ?? slo.objectives[0] ?? slo;
}

function Shown({ slo, workspace }: ShownProps) {
  const { t, locale } = useT();
  const url = useUrl();
  const { session } = useApp();
  const row = objectiveOf(slo, url.state.objective);
  const mayChange = session.principal.role === 'admin' && !known.asOf;
  const params = { workspace, id: slo.id, objective: row.objective };
  const timeZone = row.window.zone || 'UTC';
  return (
    <div className={styles.page}>
      <div>
        <PageHeader
          title={slo.display_name || slo.name}
          trail={[
            <Link key="slos" to="/w/$workspace/slos" params={{ workspace }} search={{}}>
              {t('slos.title')}
            </Link>,
          ]}
          url={url}
          scope={<Scope row={row} workspace={workspace} />}
          controls={
            mayChange && (
              <Link className={styles.button} to="/w/$workspace/slos/$id/edit" params={{ workspace, id: slo.id }} search={{}}>
                {t('slo.edit')}
              </Link>
            )
          }
        />
        <p className={styles.statement}>{slo.statement}</p>
        {slo.objectives.length > 1 && (
          <NativeSelect
            className={styles.bound}
            size="xs"
            label={t('slo.objective')}
            value={row.objective}
            onChange={(event) => url.update({ objective: event.currentTarget.value })}
            data={slo.objectives.map((one) => ({ value: one.objective, label: `${one.objective || rowTitle(one)} · ${targetText(one.target, locale)}` }))}
          />
        )}
      </div>
      <Anomalies slo={slo} />
      <SloTiles row={row} />
      <BurnDownPanel params={params} row={row} />
      <Panel title={t('budget.spend.title')}>
        <SpendPanel {...params} timeZone={timeZone} />
      </Panel>
      <BurnRates params={params} row={row} />
      {slo.dimensions.length > 0 && (
        <Panel title={t('slo.dimensions')}>
          <DataTable name={t('slo.dimensions')} columns={sloColumns({ workspace, t, locale }, false)} rows={slo.dimensions} rowKey={rowKey} sort={null} onSort={() => {}} fileName={`${slo.name}-dimensions`} />
        </Panel>
      )}
      <AlertHistory workspace={workspace} id={slo.id} timeZone={timeZone} />
      <WhatIf params={params} row={row} />
      <Corrections workspace={workspace} slo={slo} row={row} mayChange={mayChange} />
      <Definition definition={slo.definition} timeZone={timeZone} />
    </div>
  );
}

function Scope({ row, workspace }: { row: SloRow; workspace: string }) {
  const { t, locale } = useT();
  return (
    <span className={styles.scope}>
      <StatusWord row={row} />
      <Link to="/w/$workspace/applications/$slug" params={{ workspace, slug: row.application.slug }} search={{ tab: 'reliability' }}>
        {row.application.name}
      </Link>
      <span>{t('slo.scope', { target: targetText(row.target, locale), window: windowWords(row, t), environment: row.environment || t('slo.any_environment') })}</span>
    </span>
  );
}

/** What was strange in the measurements, and was not counted or counted with care. */
function Anomalies({ slo }: { slo: SloDetail }) {
  const { t } = useT();
  if (slo.anomalies.length === 0) return null;
  return (
    <Panel title={t('slo.anomalies')}>
      <ul className={styles.anomalies}>
        {slo.anomalies.map(({ kind, field, text, n }) => (
          <li key={`${kind} ${field} ${text}`}>
            {field && <code>{field}</code>} {text} <span className={styles.quiet}>{t('slo.anomaly_n', { count: n })}</span>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
