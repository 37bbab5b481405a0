import { useQuery } from '@tanstack/react-query';
import { burnDownQuery, type BurnDownAnswer, type ObjectiveParams, type SloRow } from '../../api/slos';
import type { BurnPoint } from '../../charts/burndown';
import { BurnDown } from '../../charts/BurnDown';
import { useT } from '../../i18n/useT';
import { FactLink } from '../../ui/FactLink';
import { Panel } from '../../ui/Panel';
import { ErrorState } from '../../ui/states';
import { Skeletons } from '../application/Skeletons';
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
  const { data } = query;
  return (
    <Panel>
      {query.isPending && <Skeletons height={480} />}
      {query.error && !data && <ErrorState error={query.error} onRetry={() => void query.refetch()} />}
      {data && (
        <BurnDown
          title={t('slo.burndown')}
          headingLevel={2}
          caption={t('slo.burndown_caption', { target: targetText(row.target, locale) })}
          timeZone={row.window.zone || 'UTC'}
          fileName={`${row.id}-budget`}
          window={data.window}
          points={pointsOf(data)}
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
      )}
    </Panel>
  );
}
