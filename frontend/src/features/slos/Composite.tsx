import type { SloComposite } from '../../api/slos';
import { useT } from '../../i18n/useT';
import { formatNumber, formatPercent } from '../../ui/format';
import { Panel } from '../../ui/Panel';
import { StatusWord } from '../budget/StatusWord';
import { sliText, targetText } from '../budget/words';
import styles from './slos.module.css';

/** Several objectives as one: the rule that joins them, where that stands, and which member is the worst. */
export function Composite({ composite }: { composite: SloComposite }) {
  const { t, locale } = useT();
  const { rule, sli, target, budget, members } = composite;
  const promised = target ?? 1;
  return (
    <Panel title={t('slo.composite')}>
      <p>
        <StatusWord row={composite} /> {target !== null && t('slo.composite.level', { sli: sliText(sli, target, locale), target: targetText(target, locale) })} {t('slo.composite.left', { left: formatPercent(budget.remaining, locale) })}
      </p>
      <p className={styles.quiet}>{t(`slo.composite.${rule}`)}</p>
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
    </Panel>
  );
}
