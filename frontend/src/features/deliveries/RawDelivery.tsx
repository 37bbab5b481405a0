import { useQuery } from '@tanstack/react-query';
import { deliveryQuery } from '../../api/queries';
import type { DeliveryDetail } from '../../api/types';
import { useT } from '../../i18n/useT';
import { CopyButton } from '../../ui/CopyButton';
import { EmptyState } from '../../ui/states';
import { DrawerSkeleton, Failure } from '../events/EventDrawer';
import styles from './deliveries.module.css';

/** The body of a delivery, asked for when it is shown. */
export function RawDelivery({ workspace, id }: { workspace: string; id: string }) {
  const query = useQuery(deliveryQuery(workspace, id));
  if (query.isPending) return <DrawerSkeleton />;
  if (!query.data) return <Failure error={query.error} onRetry={() => void query.refetch()} />;
  return <Body delivery={query.data} />;
}

/** What was sent, without persons and secrets; or that it is kept no longer. */
export function Body({ delivery }: { delivery: DeliveryDetail }) {
  const { t } = useT();
  const { body, body_truncated: cut } = delivery;
  if (body === null) return <EmptyState title={t('deliveries.expired')}>{t('deliveries.expired_text')}</EmptyState>;
  return (
    <div className={styles.body}>
      <div className={styles.bodyHead}>
        <span className={styles.quiet}>{t('deliveries.redacted')}</span>
        <CopyButton label={t('deliveries.copy')} text={body} />
      </div>
      {/* A region that scrolls must be reachable by keyboard. */}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <pre className={styles.raw} tabIndex={0} role="region" aria-label={t('deliveries.body')}>
        {body}
      </pre>
      {cut && <p className={styles.quiet}>{t('deliveries.truncated')}</p>}
    </div>
  );
}
