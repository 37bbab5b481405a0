import { known } from '../../../api/known';
import { useT } from '../../../i18n/useT';
import type { Url } from '../../../url/useUrl';
import { Anomalies } from './Anomalies';
import { ChainPanel } from './ChainPanel';
import { Coverage } from './Coverage';
import styles from './quality.module.css';

export interface QualityProps {
  readonly url: Url;
  readonly workspace: string;
}

/** Can the numbers be trusted: what looks wrong, what is missing, and what became of all that arrived. */
export function QualityTab(props: QualityProps) {
  const { t } = useT();
  return (
    <div className={styles.page}>
      {known.asOf && <p className={styles.note}>{t('quality.present')}</p>}
      <Anomalies {...props} />
      <Coverage {...props} />
      <ChainPanel {...props} />
    </div>
  );
}
