import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useEffect, useId, useState } from 'react';
import { applicationsQuery } from '../../api/queries';
import { slosQuery } from '../../api/slos';
import { Matrix, type MatrixColumn } from '../../charts/Matrix';
import { useT } from '../../i18n/useT';
import { LongWait } from '../../ui/LongWait';
import { ErrorState } from '../../ui/states';
import { Skeletons } from '../application/Skeletons';
import { tierText } from '../applications/columns';
import styles from './budget.module.css';
import { budgetStates, inCell, place, tierRows, type BudgetState, type Placed } from './matrix';

const tones: Readonly<Record<BudgetState, MatrixColumn['tone']>> = { exhausted: 'bad', low: 'watch', half: 'good', full: 'good', no_data: 'unknown', no_slo: 'unknown' };

/** Rows asked for at a time; all pages are read, because a part would be a wrong count. */
const pageSize = 500;

interface RiskMatrixProps {
  readonly workspace: string;
  readonly group: string | null;
}

function useAll<Query extends { hasNextPage: boolean; isFetchingNextPage: boolean; fetchNextPage: () => unknown }>(query: Query): Query {
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = query;
  useEffect(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, fetchNextPage]);
  return query;
}

/** How critical applications are against what is left of their worst budget. */
export function RiskMatrix({ workspace, group }: RiskMatrixProps) {
  const ofGroup = group ? { group } : {};
  const applications = useAll(useInfiniteQuery(applicationsQuery({ workspace, ...ofGroup, limit: pageSize })));
  const slos = useAll(useInfiniteQuery(slosQuery({ workspace, ...ofGroup, limit: pageSize })));
  const error = applications.error ?? slos.error;
  if (error) {
    return (
      <ErrorState
        error={error}
        onRetry={() => {
          void applications.refetch();
          void slos.refetch();
        }}
      />
    );
  }
  if (!applications.data || !slos.data || applications.hasNextPage || slos.hasNextPage) {
    return (
      <div aria-busy="true">
        <LongWait />
        <Skeletons height={260} />
      </div>
    );
  }
  const placed = place(applications.data.pages.flatMap(({ items }) => items), slos.data.pages.flatMap(({ items }) => items));
  return <Cells placed={placed} workspace={workspace} />;
}

/** The matrix of placed applications; a cell shows which they are. */
export function Cells({ placed, workspace }: { placed: readonly Placed[]; workspace: string }) {
  const { t } = useT();
  const id = useId();
  const [chosen, setChosen] = useState<{ tier: number; state: BudgetState } | null>(null);
  const rows = tierRows.map((tier) => ({ id: String(tier), label: tierText(tier, t), counts: budgetStates.map((state) => inCell(placed, tier, state).length) }));
  const columns = budgetStates.map((state): MatrixColumn => ({ id: state, label: t(`budget.matrix.${state}`), tone: tones[state] }));
  const shown = chosen ? inCell(placed, chosen.tier, chosen.state) : [];
  return (
    <>
      <Matrix
        name={t('budget.matrix.title')}
        corner={t('column.tier')}
        columns={columns}
        rows={rows}
        cell={(row, column, count) => {
          const tier = Number(row.id);
          const open = chosen?.tier === tier && chosen.state === column.id;
          const state = column.id as BudgetState;
          return (
            <button
              type="button"
              aria-expanded={open}
              aria-controls={id}
              aria-label={t('budget.matrix.cell', { count: Number(row.counts[budgetStates.indexOf(state)]), tier: row.label, state: t(`budget.matrix.${state}`) })}
              onClick={() => setChosen(open ? null : { tier, state })}
            >
              {count}
            </button>
          );
        }}
      />
      <div id={id}>
        {chosen && (
          <ul className={styles.apps} aria-label={`${tierText(chosen.tier, t)}: ${t(`budget.matrix.${chosen.state}`)}`}>
            {shown.map(({ slug, name }) => (
              <li key={slug}>
                <Link to="/w/$workspace/applications/$slug" params={{ workspace, slug }} search={{ tab: 'reliability' }}>
                  {name}
                </Link>
              </li>
            ))}
          </ul>
        )}
      </div>
      <p className={styles.quiet}>{t('budget.matrix.note')}</p>
    </>
  );
}
