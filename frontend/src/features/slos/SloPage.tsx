import { NativeSelect } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { known } from '../../api/known';
import { ApiError } from '../../api/problem';
import { objectiveParams, sloQuery, type SloDetail, type SloRow } from '../../api/slos';
import { useApp } from '../../app/context';
import { useTitle } from '../../app/title';
import { useT } from '../../i18n/useT';
import { DataTable } from '../../ui/DataTable';
import { PageHeader } from '../../ui/PageHeader';
import { Panel } from '../../ui/Panel';
import { EmptyState, ErrorState } from '../../ui/states';
import type { UrlState } from '../../url/state';
import { useUrl, type Url } from '../../url/useUrl';
import { Skeletons } from '../application/Skeletons';
import { rowKey, sloColumns } from '../budget/columns';
import { SpendPanel } from '../budget/spend/Spend';
import { StatusWord } from '../budget/StatusWord';
import { rowTitle, targetText, windowWords } from '../budget/words';
import { AlertHistory } from './AlertHistory';
import { Anomalies } from './Anomalies';
import { BurnDownPanel } from './BurnDownPanel';
import { BurnRates } from './BurnRates';
import { Composite } from './Composite';
import { Corrections } from './Corrections';
import { Definition } from './Definition';
import { Measured } from './Measured';
import { promiseText } from './promise';
import { SloTiles } from './SloTiles';
import styles from './slos.module.css';
import { WhatIf } from './WhatIf';

/** One SLO: what is promised, what is left, who spent it. */
export function SloPage() {
  const { t } = useT();
  const { workspace = '', id = '' } = useParams({ strict: false });
  const query = useQuery(sloQuery(workspace, id));
  useTitle(query.data?.name ?? id, t('slos.title'));
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

/** The budget that the address names, else the first. */
export function budgetOf({ budgets }: SloDetail, { objective, environment, series }: Pick<UrlState, 'objective' | 'environment' | 'series'>): SloRow | undefined {
  const [where] = environment;
  const found = budgets.find((one) => (objective === null || one.objective === objective) && (where === undefined || one.environment === where) && (series === null || one.series === series));
  return found ?? budgets[0];
}

function Shown({ slo, workspace }: ShownProps) {
  const { t } = useT();
  const url = useUrl();
  const { session } = useApp();
  const row = budgetOf(slo, url.state);
  const mayChange = session.principal.role === 'admin' && !known.asOf;
  const timeZone = row?.window.zone || 'UTC';
  const measured = <Measured slo={slo} workspace={workspace} zone={timeZone} />;
  // Where there is no number, how it is measured says why.
  const unmeasured = row?.status === 'no_data' || Boolean(slo.measuring?.error);
  return (
    <div className={styles.page}>
      <Head slo={slo} row={row} workspace={workspace} url={url} mayChange={mayChange} />
      <Anomalies slo={slo} zone={timeZone} />
      {unmeasured && measured}
      {slo.problem ? <EmptyState title={t('slo.problem')}>{slo.problem}</EmptyState> : row && <Figures slo={slo} row={row} workspace={workspace} />}
      {!unmeasured && measured}
      <AlertHistory workspace={workspace} id={slo.id} timeZone={timeZone} composite={slo.composite !== null} />
      {row && <Corrections workspace={workspace} slo={slo} row={row} mayChange={mayChange} />}
      <Definition versions={slo.versions} timeZone={timeZone} />
    </div>
  );
}

interface HeadProps extends ShownProps {
  readonly row: SloRow | undefined;
  readonly url: Url;
  readonly mayChange: boolean;
}

/** Its name and promise, and which of its budgets is shown. */
function Head({ slo, row, workspace, url, mayChange }: HeadProps) {
  const { t, locale } = useT();
  const choose = (key: string) => {
    const chosen = slo.budgets.find((one) => rowKey(one) === key);
    if (chosen) url.update({ objective: chosen.objective || null, environment: chosen.environment ? [chosen.environment] : [], series: chosen.series || null });
  };
  return (
    <div>
      <PageHeader
        title={slo.name}
        trail={[
          <Link key="slos" to="/w/$workspace/slos" params={{ workspace }} search={{}}>
            {t('slos.title')}
          </Link>,
        ]}
        url={url}
        scope={row && <Scope row={row} workspace={workspace} />}
        controls={
          mayChange && (
            <Link className={styles.button} to="/w/$workspace/slos/$id/edit" params={{ workspace, id: slo.id }} search={{}}>
              {t('slo.edit')}
            </Link>
          )
        }
      />
      <p className={styles.statement}>{slo.promise ? promiseText(slo.promise, t, locale) : slo.statement}</p>
      {row && slo.budgets.length > 1 && (
        <NativeSelect
          className={styles.bound}
          size="xs"
          label={t('slo.objective')}
          value={rowKey(row)}
          onChange={(event) => choose(event.currentTarget.value)}
          data={slo.budgets.map((one) => ({ value: rowKey(one), label: [rowTitle(one), targetText(one.target, locale), one.environment].filter(Boolean).join(' · ') }))}
        />
      )}
    </div>
  );
}

interface FiguresProps extends ShownProps {
  readonly row: SloRow;
}

/** What was measured of one of its budgets, and what became of it. */
function Figures({ slo, row, workspace }: FiguresProps) {
  const { t, locale } = useT();
  const params = objectiveParams(workspace, row);
  return (
    <>
      <SloTiles row={row} />
      <BurnDownPanel params={params} row={row} />
      <Panel title={t('budget.spend.title')}>
        <SpendPanel workspace={workspace} row={row} />
      </Panel>
      <BurnRates params={params} row={row} />
      {slo.budgets.length > 1 && (
        <Panel title={t('slo.budgets')}>
          <DataTable name={t('slo.budgets')} columns={sloColumns({ workspace, t, locale }, false)} rows={slo.budgets} rowKey={rowKey} sort={null} onSort={() => {}} fileName={`${slo.id}-budgets`} />
        </Panel>
      )}
      {slo.composite && <Composite composite={slo.composite} params={params} row={row} />}
      <WhatIf key={rowKey(row)} params={params} row={row} />
    </>
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
