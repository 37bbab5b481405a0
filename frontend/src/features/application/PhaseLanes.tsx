import type { Phase } from '../../api/types';
import { useT } from '../../i18n/useT';
import { formatDuration, formatNumber } from '../../ui/format';
import classes from './application.module.css';

/** Phases in which nobody works on the change; their bars are hatched. */
const waiting: ReadonlySet<string> = new Set(['pickup', 'merge_wait', 'deploy']);

/** Fewer cases than this are shown as a number without a bar. */
const enough = 5;

/** C5: where a change spends its time, one lane per phase. */
export function PhaseLanes({ phases }: { phases: Phase[] }) {
  const { t, locale } = useT();
  const trusted = phases.filter((p) => p.n >= enough).map((p) => p.median_seconds ?? 0);
  const longest = Math.max(0, ...trusted);
  return (
    <table className={classes.lanes}>
      <caption className={classes.laneCaption}>{t('delivery.phases_caption')}</caption>
      <thead>
        <tr>
          <th scope="col">{t('delivery.phase')}</th>
          <th scope="col" className={classes.laneNumber}>
            {t('delivery.median')}
          </th>
          <th scope="col" className={classes.laneNumber}>
            n
          </th>
        </tr>
      </thead>
      <tbody>
        {phases.map((phase) => (
          <tr key={phase.phase}>
            <th scope="row">
              <span className={classes.laneName}>
                {t(`delivery.phase.${phase.phase}`)}
                {waiting.has(phase.phase) && <span className={classes.laneKind}>{t('delivery.waiting')}</span>}
              </span>
              <span
                className={classes.lane}
                data-waiting={waiting.has(phase.phase) ? '' : undefined}
                style={{ width: laneWidth(phase, longest) }}
              />
            </th>
            <td className={classes.laneNumber}>
              {phase.median_seconds === null ? t('delivery.no_value') : formatDuration(phase.median_seconds, locale)}
            </td>
            <td className={classes.laneNumber}>
              {phase.n > 0 && phase.n < enough ? t('delivery.too_few', { n: phase.n }) : formatNumber(phase.n, locale)}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function laneWidth(phase: Phase, longest: number): string {
  if (phase.n < enough || longest === 0) return '0';
  return `${((phase.median_seconds ?? 0) / longest) * 100}%`;
}
