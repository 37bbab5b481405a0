import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import type { Observation } from '../../api/types';
import { useT } from '../../i18n/useT';
import { formatDateTime } from '../../ui/format';
import { RawDelivery } from '../deliveries/RawDelivery';
import styles from './events.module.css';
import { changesOf, type FieldChange } from './fields';

interface ObservationsProps {
  readonly workspace: string;
  readonly observations: readonly Observation[];
}

/** What was said of a fact, oldest first, each with what it changed and how it came. */
export function Observations({ workspace, observations }: ObservationsProps) {
  const { t, locale } = useT();
  const changes = changesOf(observations);
  return (
    <ol className={styles.observations}>
      {observations.map((said, index) => (
        <li key={`${said.revision}/${said.source}/${said.external_id}/${said.observed_at}`} className={styles.observation}>
          <p className={styles.said}>
            <strong>{said.source}</strong>
            <span className={styles.quiet}>
              {t('events.observed', { time: formatDateTime(said.observed_at, locale) })}
              {said.recorded_at && ` · ${t('events.recorded', { time: formatDateTime(said.recorded_at, locale), revision: said.revision })}`}
            </span>
            {said.final && <span className={styles.chip}>{t('events.final')}</span>}
            {said.deleted && <span className={styles.chip}>{t('events.deleted')}</span>}
          </p>
          <Changes changes={changes[index] ?? []} />
          <Deliveries workspace={workspace} deliveries={said.deliveries} />
        </li>
      ))}
    </ol>
  );
}

function Changes({ changes }: { changes: readonly FieldChange[] }) {
  const { t } = useT();
  if (changes.length === 0) return <p className={styles.quiet}>{t('events.nothing_new')}</p>;
  return (
    <dl className={styles.changes}>
      {changes.map(({ name, before, after }) => (
        <div key={name}>
          <dt>
            <code>{name}</code>
          </dt>
          <dd>
            {before !== undefined && (
              <>
                <del>{before}</del> <span aria-hidden="true">→</span>{' '}
              </>
            )}
            <ins>{after}</ins>
          </dd>
        </div>
      ))}
    </dl>
  );
}

function Deliveries({ workspace, deliveries }: { workspace: string; deliveries: Observation['deliveries'] }) {
  const { t } = useT();
  if (deliveries.length === 0) return <p className={styles.quiet}>{t('events.no_delivery')}</p>;
  return (
    <ul>
      {deliveries.map((delivery) => (
        <li key={delivery.id}>
          <Delivery workspace={workspace} delivery={delivery} />
        </li>
      ))}
    </ul>
  );
}

/** One delivery; its body is asked for when it is opened. */
function Delivery({ workspace, delivery }: { workspace: string; delivery: Observation['deliveries'][number] }) {
  const { t, locale } = useT();
  const [open, setOpen] = useState(false);
  const { id, connection, source, event, received_at } = delivery;
  return (
    <details className={styles.delivery} onToggle={(toggled) => setOpen(toggled.currentTarget.open)}>
      <summary>
        {t('events.delivery', { event: event || source, connection: connection.name || connection.id, time: formatDateTime(received_at, locale) })}
      </summary>
      {open && (
        <>
          <RawDelivery workspace={workspace} id={id} />
          <Link to="/w/$workspace/events" params={{ workspace }} search={{ tab: 'deliveries', sel: id }}>
            {t('events.to_delivery')}
          </Link>
        </>
      )}
    </details>
  );
}
