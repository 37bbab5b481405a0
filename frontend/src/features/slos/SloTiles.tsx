import type { SloRow } from '../../api/slos';
import { useT } from '../../i18n/useT';
import { formatNumber, formatPercent } from '../../ui/format';
import { Tile } from '../../ui/Tile';
import { BudgetBar } from '../budget/BudgetBar';
import { reasonText } from '../budget/reason';
import { amountText, burnText, exhaustsText, isStale, leftText, remainingNow, sliText, targetText } from '../budget/words';
import styles from './slos.module.css';

/** A text with its unit apart, as tiles set them. */
function quantity(text: string) {
  const [value = text, unit = ''] = text.split('\u202f');
  return { value, unit };
}

/** How it stands: the indicator, the budget, and when it runs out. */
export function SloTiles({ row }: { row: SloRow }) {
  const { t, locale } = useT();
  const { budget, burn } = row;
  const remaining = remainingNow(row);
  const unit = t(`slo.unit.${row.unit}`);
  const none = reasonText(row, t, locale) || t('budget.status.no_data');
  return (
    <div className={styles.tiles}>
      <Tile
        headingLevel={2}
        label={t('slo.tile.sli')}
        quantity={row.sli === null || isStale(row) ? null : quantity(sliText(row.sli, row.target, locale))}
        reason={none}
        caption={t('slo.tile.sli_caption', { good: formatNumber(row.good, locale), total: formatNumber(row.total, locale), unit, target: targetText(row.target, locale) })}
        partial={row.coverage !== null && row.coverage < 0.995 ? { short: t('tile.partial', { coverage: formatPercent(row.coverage, locale) }), full: t('slo.tile.coverage', { coverage: formatPercent(row.coverage, locale) }) } : null}
      />
      <Tile
        headingLevel={2}
        label={t('slo.tile.budget')}
        quantity={remaining === null ? null : quantity(formatPercent(remaining, locale))}
        reason={none}
        spark={<BudgetBar remaining={remaining} />}
        caption={[
          `${leftText(row, t, locale)}, ${t('slo.tile.allowed', { amount: amountText(budget.allowed, row, t, locale) })}`,
          budget.projected === null ? '' : t('slo.tile.projected', { share: formatPercent(budget.projected, locale) }),
          row.low_volume ? t('budget.low_volume_why') : '',
        ]
          .filter(Boolean)
          .join('. ')}
      />
      <Tile
        headingLevel={2}
        label={t('slo.tile.forecast')}
        quantity={null}
        reason={remaining === null ? none : exhaustsText(row, t, locale)}
        caption={t('slo.tile.burn', { hour: burnText(burn['1h'], locale), six: burnText(burn['6h'], locale), three: burnText(burn['3d'], locale) })}
      />
    </div>
  );
}
