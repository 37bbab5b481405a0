import type { FlowStage } from '../../api/types';
import { useT } from '../../i18n/useT';
import { formatDuration, formatNumber, formatPercent } from '../../ui/format';
import styles from './flow.module.css';

/** Fewer cases than this are shown as a number without a bar. */
const enough = 5;

/** C5: one lane per stage; the bar is its share of all time, of which waiting is hatched. */
export function StageLanes({ stages }: { stages: FlowStage[] }) {
  const { t, locale } = useT();
  return (
    // A region that scrolls must be reachable by keyboard.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <section className={styles.scroll} aria-label={t('table.scroll', { name: t('flow.stages') })} tabIndex={0}>
      <table className={styles.lanes}>
        <thead>
          <tr>
            <th scope="col">{t('flow.stage')}</th>
            <th scope="col">{t('flow.median')}</th>
            <th scope="col">{t('flow.p90')}</th>
            <th scope="col">{t('flow.share')}</th>
            <th scope="col">n</th>
          </tr>
        </thead>
        <tbody>
          {stages.map((stage) => (
            <tr key={stage.stage}>
              <th scope="row">
                {t(`flow.stage.${stage.stage}`)}
                <span className={styles.kind}>{t(`flow.kind.${stage.kind}`)}</span>
                <Lane stage={stage} />
              </th>
              <td>{formatDuration(stage.median_seconds, locale)}</td>
              <td>{formatDuration(stage.p90_seconds, locale)}</td>
              <td>{formatPercent(stage.share, locale)}</td>
              <td>{trusted(stage) || stage.n === 0 ? formatNumber(stage.n, locale) : t('flow.too_few', { n: stage.n })}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <Keys />
    </section>
  );
}

function trusted(stage: FlowStage): boolean {
  return stage.n >= enough;
}

/** The share of the stage's whole time in which something ran or was worked on. */
export function workShare(stage: FlowStage): number {
  if (stage.kind !== 'mixed') return stage.kind === 'work' ? 1 : 0;
  const whole = (stage.work_seconds ?? 0) + (stage.wait_seconds ?? 0);
  return whole > 0 ? (stage.work_seconds ?? 0) / whole : 0;
}

function Lane({ stage }: { stage: FlowStage }) {
  if (!trusted(stage) || stage.share === null) return <span className={styles.lane} />;
  const bar = stage.share * 100;
  const worked = bar * workShare(stage);
  return (
    <span className={styles.lane} aria-hidden="true">
      <span className={styles.bar} data-waiting="" style={{ width: `${bar}%` }} />
      <span className={styles.bar} style={{ insetInlineStart: `${bar - worked}%`, width: `${worked}%` }} />
    </span>
  );
}

function Keys() {
  const { t } = useT();
  return (
    <p className={styles.keys}>
      <span>
        <span className={styles.key} />
        {t('flow.kind.work')}
      </span>
      <span>
        <span className={styles.key} data-waiting="" />
        {t('flow.kind.wait')}
      </span>
    </p>
  );
}
