import { useQuery } from '@tanstack/react-query';
import { burnQuery, type ObjectiveParams, type SloComposite, type SloRow } from '../../api/slos';
import { useT } from '../../i18n/useT';
import { formatNumber, formatPercent } from '../../ui/format';
import { Panel } from '../../ui/Panel';
import { ErrorState } from '../../ui/states';
import { Skeletons } from '../application/Skeletons';
import { AlertBadge } from '../budget/AlertBadge';
import { reasonText, whyText } from '../budget/reason';
import { StatusWord } from '../budget/StatusWord';
import { burnText, exhaustsText, sliText, spanWords, targetText } from '../budget/words';
import { CompositeBurnDown } from './BurnDownPanel';
import { BurnLines } from './BurnRates';
import styles from './slos.module.css';

interface CompositeProps {
  readonly composite: SloComposite;
  readonly params: ObjectiveParams;
  readonly row: SloRow;
}

/** Several objectives as one: the rule that joins them, where that stands and goes, and which member is the worst. */
export function Composite({ composite, params, row }: CompositeProps) {
  const { t, locale } = useT();
  const { rule, sli, target, budget, members, status } = composite;
  const promised = target ?? 1;
  const why = status === 'no_data' && <p>{reasonText({ ...composite, window: row.window }, t, locale)}</p>;
  if (members.length === 0) {
    return (
      <Panel title={t('slo.composite')}>
        <StatusWord row={composite} />
        {why}
      </Panel>
    );
  }
  return (
    <Panel title={t('slo.composite')}>
      <p>
        <StatusWord row={composite} /> <AlertBadge alert={composite.alert} zone={row.window.zone || 'UTC'} /> {target !== null && t('slo.composite.level', { sli: sliText(sli, target, locale), target: targetText(target, locale) })} {t('slo.composite.left', { left: formatPercent(budget.remaining, locale) })}
      </p>
      <p className={styles.quiet}>{t(`slo.composite.${rule}`)}</p>
      {why}
      <Pace composite={composite} row={row} />
      {/* A region that scrolls must be reachable by keyboard. */}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <section className={styles.scroll} aria-label={t('table.scroll', { name: t('slo.composite') })} tabIndex={0}>
        <table className={styles.table}>
          <thead>
            <tr>
              <th scope="col">{t('slo.objective')}</th>
              <th scope="col">{t('slo.composite.weight')}</th>
              <th scope="col">{t('slo.tile.sli')}</th>
              <th scope="col">{t('budget.column.budget')}</th>
            </tr>
          </thead>
          <tbody>
            {members.map((member) => (
              <tr key={member.objective}>
                <th scope="row">
                  {member.objective} {member.worst && <span className={styles.quiet}>{t('slo.composite.is_worst')}</span>}
                </th>
                <td>{formatNumber(member.weight, locale, 2)}</td>
                <td>{member.no_data ? t('budget.status.no_data') : sliText(member.sli, promised, locale)}</td>
                <td>{formatPercent(member.remaining, locale)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      <div className={styles.apart}>
        <CompositeBurnDown params={params} row={row} />
      </div>
      <div className={styles.apart}>
        <Burn params={params} row={row} />
      </div>
    </Panel>
  );
}

const lookbacks = ['1h', '6h', '3d'] as const;

/** How fast the whole burns and where that leads; what is not known says of whom. */
function Pace({ composite, row }: Omit<CompositeProps, 'params'>) {
  const { t, locale } = useT();
  const { burn, lacks, no_forecast_why: why } = composite;
  const [hour, six, three] = lookbacks.map((one) => burnText(burn[one], locale));
  return (
    <>
      <p>
        {t('slo.tile.burn', { hour: hour ?? '', six: six ?? '', three: three ?? '' })}{' '}
        {lookbacks.map((over) => lacks[over] && <span key={over}>{t('slo.composite.lacks', { over: spanWords(over, t), members: lacks[over].join(', ') })} </span>)}
      </p>
      <p>{why ? t('slo.composite.no_forecast', { reason: whyText(why, row.window.zone || 'UTC', t, locale) }) : t('slo.composite.forecast', { forecast: exhaustsText({ ...composite, window: row.window }, t, locale) })}</p>
    </>
  );
}

function Burn({ params, row }: Omit<CompositeProps, 'composite'>) {
  const { t } = useT();
  const query = useQuery(burnQuery(params, true));
  if (!query.data) return query.error ? <ErrorState error={query.error} onRetry={() => void query.refetch()} /> : <Skeletons height={320} />;
  return <BurnLines title={t('slo.composite.burn')} caption={t('slo.composite.burn_caption')} fileName={`${row.id}-composite-burn`} data={query.data} headingLevel={3} timeZone={row.window.zone || 'UTC'} />;
}
