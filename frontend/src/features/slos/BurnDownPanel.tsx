import { useQuery, type UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { burnDownQuery, type BurnDownAnswer, type ObjectiveParams, type SloRow, type Why } from '../../api/slos';
import type { BurnPoint } from '../../charts/burndown';
import { BurnDown } from '../../charts/BurnDown';
import { useT } from '../../i18n/useT';
import { FactLink } from '../../ui/FactLink';
import { Panel } from '../../ui/Panel';
import { ErrorState } from '../../ui/states';
import { Skeletons } from '../application/Skeletons';
import { whyText } from '../budget/reason';
import { targetText } from '../budget/words';

/**
 * The line of a chart, which holds every value until the next: it begins full,
 * and a point without data says so of the time that ends at it.
 */
export function pointsOf({ window, points }: BurnDownAnswer): BurnPoint[] {
  const full = points.some(({ remaining }) => remaining !== null) ? 1 : null;
  const ends = points.map(({ at, remaining, experienced }, i) => ({ at, remaining, experienced, noData: points[i + 1]?.no_data ?? false }));
  return [{ at: window.from, remaining: full, experienced: full, noData: points[0]?.no_data ?? false }, ...ends];
}

/**
 * The line of a composite: each point is what its budget said then, and one without
 * a value, or with nothing measured after it, says why.
 */
export function courseOf({ points }: BurnDownAnswer, told: (why: Why) => string): BurnPoint[] {
  return points.map(({ at, remaining, experienced, why }, i) => {
    const next = points[i + 1];
    const gap = remaining === null ? why : next?.no_data ? next.why : null;
    return { at, remaining, experienced, noData: remaining === null || (next?.no_data ?? false), why: gap && told(gap) };
  });
}

/** How many points a chart of this size can show. */
const mostPoints = 400;

interface PartProps {
  readonly params: ObjectiveParams;
  readonly row: SloRow;
}

/** The annotated burn-down of one objective. */
export function BurnDownPanel({ params, row }: PartProps) {
  const { t, locale } = useT();
  const query = useQuery(burnDownQuery(params, mostPoints));
  return (
    <Panel>
      <Awaited query={query}>
        {(data) => <Annotated params={params} row={row} data={data} points={pointsOf(data)} title={t('slo.burndown')} caption={t('slo.burndown_caption', { target: targetText(row.target, locale) })} fileName={`${row.id}-budget`} headingLevel={2} />}
      </Awaited>
    </Panel>
  );
}

/** The annotated burn-down of all objectives of a composite as one. */
export function CompositeBurnDown({ params, row }: PartProps) {
  const { t, locale } = useT();
  const query = useQuery(burnDownQuery(params, mostPoints, true));
  const told = (why: Why) => whyText(why, row.window.zone || 'UTC', t, locale);
  return (
    <Awaited query={query}>
      {(data) => <Annotated params={params} row={row} data={data} points={courseOf(data, told)} title={t('slo.composite.burndown')} caption={t('slo.composite.burndown_caption')} fileName={`${row.id}-composite-budget`} headingLevel={3} />}
    </Awaited>
  );
}

interface AwaitedProps {
  readonly query: UseQueryResult<BurnDownAnswer>;
  readonly children: (data: BurnDownAnswer) => ReactNode;
}

function Awaited({ query, children }: AwaitedProps) {
  if (query.data) return children(query.data);
  return query.error ? <ErrorState error={query.error} onRetry={() => void query.refetch()} /> : <Skeletons height={480} />;
}

interface AnnotatedProps extends PartProps {
  readonly data: BurnDownAnswer;
  readonly points: BurnPoint[];
  readonly title: string;
  readonly caption: string;
  readonly fileName: string;
  readonly headingLevel: 2 | 3;
}

function Annotated({ params, row, data, ...shown }: AnnotatedProps) {
  const { t } = useT();
  return (
    <BurnDown
      {...shown}
      timeZone={row.window.zone || 'UTC'}
      window={data.window}
      even={data.even.map(({ at, remaining }) => ({ at, remaining: remaining ?? 0 }))}
      forecast={data.forecast}
      marks={data.marks}
      consequence={t('slo.consequence')}
      link={(mark) =>
        mark.kind === 'definition' ? (
          <span>{t('slo.version', { version: mark.id })}</span>
        ) : mark.kind === 'correction' ? (
          <span>{mark.title}</span>
        ) : (
          <FactLink workspace={params.workspace} kind={mark.kind} id={mark.id}>
            {mark.title}
          </FactLink>
        )
      }
    />
  );
}
