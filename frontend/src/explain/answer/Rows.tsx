import { Button } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useEffect } from 'react';
import { explainQuery, type ExplainParams } from '../../api/queries';
import type { ExplainRow, MetricName } from '../../api/types';
import { useT } from '../../i18n/useT';
import { FactLink } from '../../ui/FactLink';
import { formatDateTime, formatNumber } from '../../ui/format';
import { EmptyState, ErrorState } from '../../ui/states';
import { codeText } from '../explain';
import classes from '../explain.module.css';
import { RowsSkeleton } from '../skeletons';
import { eventsSearch, flagText, rowValue } from './words';

interface RowsProps {
  params: ExplainParams;
  include: 'included' | 'excluded';
  /** Only rows left out for this reason; null is all. */
  reason: string | null;
  onReason: (reason: string | null) => void;
  timeZone: string;
  /** Called when a link leads away. */
  onLeave: () => void;
}

/** Rows left out are few: they are asked for in large pages, so that a reason finds its own. */
const pageSizes = { included: 25, excluded: 200 } as const;

/** The facts behind a figure, page by page. */
export function Rows({ params, include, reason, onReason, timeZone, onLeave }: RowsProps) {
  const { t } = useT();
  const query = useInfiniteQuery(explainQuery({ ...params, include }, pageSizes[include]));
  const { data, hasNextPage, isFetchingNextPage, fetchNextPage } = query;
  const loaded = data?.pages.flatMap((page) => page.rows.items) ?? [];
  const rows = reason === null ? loaded : loaded.filter((row) => row.reason === reason);
  const searching = reason !== null && rows.length === 0 && hasNextPage;
  useEffect(() => {
    if (searching && !isFetchingNextPage) void fetchNextPage();
  }, [searching, isFetchingNextPage, fetchNextPage]);

  if (query.isPending || searching) return <RowsSkeleton />;
  if (!data) return <ErrorState error={query.error} onRetry={() => void query.refetch()} />;
  return (
    <div className={classes.rows}>
      {include === 'excluded' && (
        <Reasons list={data.pages[0]?.exclusions ?? []} selected={reason} onSelect={onReason} />
      )}
      {rows.length === 0 && (
        <EmptyState title={t(include === 'included' ? 'explain.rows.none' : 'explain.no_exclusions')} status={include === 'included' ? 'unknown' : 'good'} />
      )}
      <ul aria-label={t(include === 'included' ? 'explain.rows.included' : 'explain.rows.excluded')}>
        {rows.map((row) => (
          <Row key={`${row.id}/${row.reason}`} row={row} metric={params.metric} workspace={params.workspace} timeZone={timeZone} onLeave={onLeave} />
        ))}
      </ul>
      {query.isError && <ErrorState error={query.error} onRetry={() => void fetchNextPage()} />}
      {rows.length > 0 && (
        <div className={classes.more}>
          <output>{t('table.count', { count: rows.length })}</output>
          <Link to="/w/$workspace/events" params={{ workspace: params.workspace }} search={eventsSearch(params)} onClick={onLeave}>
            {t('explain.rows.events')}
          </Link>
          {hasNextPage && (
            <Button size="xs" variant="default" disabled={isFetchingNextPage} onClick={() => void fetchNextPage()}>
              {t(isFetchingNextPage ? 'table.loading_more' : 'table.more')}
            </Button>
          )}
        </div>
      )}
    </div>
  );
}

interface ReasonsProps {
  list: { reason: string; count: number }[];
  selected: string | null;
  onSelect: (reason: string | null) => void;
}

function Reasons({ list, selected, onSelect }: ReasonsProps) {
  const { t, locale } = useT();
  if (list.length === 0) return null;
  const choices = [{ reason: null, label: t('explain.reasons.all') }, ...list.map((e) => ({ reason: e.reason, label: t('explain.count', { label: codeText(e.reason, t), count: formatNumber(e.count, locale) }) }))];
  return (
    // A fieldset would add a legend that nobody sees.
    // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role
    <div className={classes.reasons} role="group" aria-label={t('explain.reasons')}>
      {choices.map(({ reason, label }) => (
        <button key={label} type="button" aria-pressed={reason === selected} onClick={() => onSelect(reason)}>
          {label}
        </button>
      ))}
    </div>
  );
}

interface RowProps {
  row: ExplainRow;
  metric: MetricName;
  workspace: string;
  timeZone: string;
  onLeave: () => void;
}

function Row({ row, metric, workspace, timeZone, onLeave }: RowProps) {
  const { t, locale } = useT();
  const where = [row.belongs_to.map((a) => a.name).join(', '), row.environment].filter(Boolean).join(' · ');
  const notes = [...(row.reason ? [codeText(row.reason, t)] : []), ...row.flags.filter((flag) => flag !== 'failed' && flag !== 'rework').map((flag) => flagText(flag, t))];
  return (
    <li>
      <FactLink workspace={workspace} kind={row.kind} id={row.id} onClick={onLeave}>
        {row.summary || row.external_id}
      </FactLink>
      <span className={classes.rowValue}>{rowValue(metric, row, t, locale)}</span>
      <span className={classes.rowMeta}>
        <time dateTime={row.at ?? undefined}>{formatDateTime(row.at, locale, timeZone)}</time>
        {where && ` · ${where}`}
        {row.deployment && row.deployment !== row.id && (
          <>
            {' · '}
            <FactLink workspace={workspace} kind="deployment" id={row.deployment} onClick={onLeave}>
              {t(`explain.row.deployment.${row.kind === 'change' || row.kind === 'incident' ? row.kind : 'other'}`)}
            </FactLink>
          </>
        )}
      </span>
      {notes.length > 0 && <span className={classes.rowReason}>{notes.join(' · ')}</span>}
    </li>
  );
}
