import { useQuery } from '@tanstack/react-query';
import { burnDownQuery, type ObjectiveParams, type SloRow } from '../../api/slos';
import { BurnDown } from '../../charts/BurnDown';
import { useT } from '../../i18n/useT';
import { FactLink } from '../../ui/FactLink';
import { Panel } from '../../ui/Panel';
import { ErrorState } from '../../ui/states';
import { Skeletons } from '../application/Skeletons';
import { targetText } from '../budget/words';

/** How many points a chart of this size can show. */
const points = 400;

interface PartProps {
  readonly params: ObjectiveParams;
  readonly row: SloRow;
}

/** The annotated burn-down of one objective. */
export function BurnDownPanel({ params, row }: PartProps) {
  const { t, locale } = useT();
  const query = useQuery(burnDownQuery(params, points));
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
          fileName={`${row.name}-budget`}
          window={data.window}
          points={data.points.map(({ at, remaining, experienced, no_data }) => ({ at, remaining, experienced, noData: no_data }))}
          even={data.even}
          forecast={data.forecast}
          marks={data.marks}
          consequence={t('slo.consequence')}
          link={(mark) =>
            mark.kind === 'policy' || mark.kind === 'correction' ? (
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
