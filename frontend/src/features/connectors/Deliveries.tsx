import { Button } from '@mantine/core';
import { useState } from 'react';
import type { Connection } from '../../api/types';
import { useT } from '../../i18n/useT';
import { StatusMark } from '../../ui/StateBadge';
import { RangePicker } from '../../ui/RangePicker';
import { windowOf } from '../../url/state';
import type { Url } from '../../url/useUrl';
import { DeliveriesTab } from '../deliveries/DeliveriesTab';
import { ReplayDialog, type Replayed } from '../deliveries/ReplayDialog';
import styles from './connectors.module.css';

interface DeliveriesProps {
  readonly url: Url;
  readonly workspace: string;
  readonly connection: Connection;
}

/** What came through the connection; what could not be read comes first, because somebody has to act. */
export function Deliveries({ url, workspace, connection }: DeliveriesProps) {
  const { t } = useT();
  const [replayed, setReplayed] = useState<Replayed | null>(null);
  const dead = connection.deliveries.rejected;
  const { from } = windowOf({ kind: 'days', days: 365 });
  return (
    <section id="deliveries" className={styles.deliveries} aria-label={t('deliveries.table')}>
      <div className={styles.sectionHead}>
        <h2>{t('deliveries.table')}</h2>
        <RangePicker value={url.state.range} onChange={(range) => url.update({ range })} />
      </div>
      {dead > 0 && (
        <div className={styles.dead}>
          <StatusMark status="watch" />
          <p>{t('connectors.dead_text', { count: dead })}</p>
          <Button size="xs" variant="default" onClick={() => url.update({ outcome: ['rejected'], range: { kind: 'days', days: 365 } })}>
            {t('connectors.dead_show')}
          </Button>
          <Button size="xs" variant="default" onClick={() => setReplayed({ connection: connection.id, outcomes: ['rejected'], since: from })}>
            {t('connectors.dead_replay')}
          </Button>
        </div>
      )}
      <DeliveriesTab url={url} workspace={workspace} connection={connection.id} />
      <ReplayDialog workspace={workspace} chosen={replayed} onClose={() => setReplayed(null)} />
    </section>
  );
}
