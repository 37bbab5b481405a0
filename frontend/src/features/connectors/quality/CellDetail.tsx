import { Link } from '@tanstack/react-router';
import type { CoverageCell, CoverageRow } from '../../../api/quality';
import { useT } from '../../../i18n/useT';
import { formatDateTime, formatDuration, formatNumber } from '../../../ui/format';
import { StateBadge } from '../../../ui/StateBadge';
import { eventKinds } from '../../../url/state';
import styles from './quality.module.css';
import { reasonText, stateMark } from './words';

interface CellDetailProps {
  readonly row: CoverageRow;
  readonly cell: CoverageCell;
  readonly workspace: string;
}

/** One signal of one application: its state, why, and where it is mended. */
export function CellDetail({ row, cell, workspace }: CellDetailProps) {
  const { t, locale } = useT();
  const facts: readonly (readonly [string, string])[] = cell.signal === 'ownership' ? [] : [
    [t('quality.cell.last'), cell.last_at ? formatDateTime(cell.last_at, locale) : t('quality.state.never')],
    [t('quality.cell.recent'), cell.recent === null ? t('quality.cell.uncounted') : formatNumber(cell.recent, locale)],
    [t('quality.cell.usual'), cell.usual_seconds === null ? t('quality.cell.unknown') : formatDuration(cell.usual_seconds, locale)],
    [t('quality.cell.limit'), cell.limit_seconds === null ? t('quality.cell.unknown') : formatDuration(cell.limit_seconds, locale)],
    [t('quality.cell.have'), t('quality.cell.have_value', { have: formatNumber(cell.have, locale), of: formatNumber(cell.of, locale) })],
  ];
  const kind = eventKinds.find((one) => one === cell.signal);
  return (
    <div className={styles.detail}>
      <StateBadge status={stateMark[cell.state]}>{t(`quality.state.${cell.state}`)}</StateBadge>
      <p>{reasonText(cell, t, locale)}</p>
      <dl className={styles.facts}>
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {cell.fix && (
        <p>
          {t(`quality.fix_text.${cell.fix}`)} <Fix cell={cell} workspace={workspace} />
        </p>
      )}
      {cell.signal === 'ownership' && (
        <p>
          <Link to="/w/$workspace/suggestions" params={{ workspace }} search={{ q: row.application.slug, aspect: 'owner' }}>
            {t('quality.suggestions')}
          </Link>
        </p>
      )}
      {kind && cell.last_at && (
        <p>
          <Link to="/w/$workspace/events" params={{ workspace }} search={{ kind, app: row.application.slug, range: '365d' }}>
            {t(`quality.signal.${cell.signal}`)}
          </Link>
        </p>
      )}
    </div>
  );
}

function Fix({ cell, workspace }: { cell: CoverageCell; workspace: string }) {
  const { t } = useT();
  const params = { workspace };
  const kind = eventKinds.find((one) => one === cell.signal);
  switch (cell.fix) {
    case 'claims':
      return <Link to="/w/$workspace/events" params={params} search={{ claimed: 'no', range: '365d', ...(kind && { kind }) }}>{t('quality.fix.claims')}</Link>;
    case 'catalogue':
      return <Link to="/w/$workspace/groups" params={params} search={{}}>{t('quality.fix.catalogue')}</Link>;
    case 'docs':
      return <Link to="/w/$workspace/connectors" params={params} search={{}}>{t('quality.fix.docs')}</Link>;
    default:
      return <Link to="/w/$workspace/connectors" params={params} search={{}}>{t('quality.fix.connection')}</Link>;
  }
}
