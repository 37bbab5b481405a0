import { useT } from '../../i18n/useT';
import { Command } from '../../ui/Command';
import { EmptyState } from '../../ui/states';
import styles from './deliveries.module.css';

const yaml = `connections:
  - name: my-github
    source: github
    secrets: ["\${env:GITHUB_WEBHOOK_SECRET}"]`;

/** How a first connection is made: in the configuration, or by the API. */
export function NoConnection() {
  const { t } = useT();
  const { origin } = window.location;
  const curl = `curl -X POST ${origin}/api/v1/connections \\
  -H "Authorization: Bearer $EVENKEEL_TOKEN" \\
  -H 'Content-Type: application/json' \\
  -d '{"source":"github","name":"my-github","secrets":["\${env:GITHUB_WEBHOOK_SECRET}"]}'`;
  return (
    <EmptyState
      title={t('deliveries.no_connection')}
      action={
        <div className={styles.howto}>
          <p className={styles.how}>{t('deliveries.by_file')}</p>
          <Command>{yaml}</Command>
          <p className={styles.how}>{t('deliveries.by_api')}</p>
          <Command>{curl}</Command>
          <p className={styles.quiet}>{t('deliveries.by_hook')}</p>
        </div>
      }
    >
      {t('deliveries.no_connection_text')}
    </EmptyState>
  );
}
