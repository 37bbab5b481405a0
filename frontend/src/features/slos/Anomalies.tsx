import type { SloAnomaly, SloDetail } from '../../api/slos';
import { useT, type Translate } from '../../i18n/useT';
import { formatDateTime } from '../../ui/format';
import { Panel } from '../../ui/Panel';
import { StatusMark } from '../../ui/StateBadge';
import { Lints } from './Lints';
import styles from './slos.module.css';

interface AnomaliesProps {
  readonly slo: SloDetail;
  readonly zone: string;
}

/** What was strange in the measurements, what was made of it and how to mend it, and remarks on the document. */
export function Anomalies({ slo, zone }: AnomaliesProps) {
  const { t } = useT();
  if (slo.anomalies.length === 0 && slo.remarks.length === 0) return null;
  return (
    <Panel title={t('slo.anomalies')}>
      <ul className={styles.lints} aria-label={t('slo.anomalies')}>
        {slo.anomalies.map((anomaly) => (
          <Anomaly key={anomaly.kind} anomaly={anomaly} zone={zone} />
        ))}
      </ul>
      <Lints lints={slo.remarks} />
    </Panel>
  );
}

function Anomaly({ anomaly, zone }: { anomaly: SloAnomaly; zone: string }) {
  const { t, locale } = useT();
  const { kind, fields, count, sources, to } = anomaly;
  return (
    <li>
      <StatusMark status="watch" label={t('slo.anomaly.watch')} />
      <div>
        <p>
          <strong>{t(`slo.anomaly.${kind}`)}</strong>{' '}
          {fields.map((field) => (
            <span key={field}>
              <code>{field}</code>{' '}
            </span>
          ))}
          <span className={styles.quiet}>{[t(kind === 'behind' || kind === 'duplicate_source' ? 'slo.anomaly.series' : 'slo.anomaly.slices', { count }), whenText(anomaly, t, locale, zone)].filter(Boolean).join(' · ')}</span>
        </p>
        <p>
          {t(`slo.anomaly.${kind}.made`, { sources: sources.join(', '), at: formatDateTime(to, locale, zone) })} {t(`slo.anomaly.${kind}.fix`)}
        </p>
      </div>
    </li>
  );
}

/** When it was seen: one instant, or from the first to the last; empty where that says nothing. */
function whenText({ kind, from, to }: SloAnomaly, t: Translate, locale: string, zone: string): string {
  if (kind === 'behind' || from === null || to === null) return '';
  const [first, last] = [formatDateTime(from, locale, zone), formatDateTime(to, locale, zone)];
  return first === last ? first : t('budget.between', { from: first, to: last });
}
