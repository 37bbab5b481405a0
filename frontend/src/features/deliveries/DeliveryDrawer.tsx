import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { deliveryQuery } from '../../api/queries';
import type { DeliveredFact, DeliveryDetail } from '../../api/types';
import { useT } from '../../i18n/useT';
import { Dialog } from '../../ui/Dialog';
import { formatDateTime, formatNumber, noValue } from '../../ui/format';
import { PanelBoundary } from '../../ui/states';
import type { Url } from '../../url/useUrl';
import { applicationsText } from '../events/columns';
import { DrawerSkeleton, Failure, Part, Term } from '../events/EventDrawer';
import events from '../events/events.module.css';
import { KindName } from '../events/kinds';
import { Uses } from '../events/Uses';
import styles from './deliveries.module.css';
import { OutcomeBadge, sizeText } from './outcome';
import { Body } from './RawDelivery';

interface DeliveryDrawerProps {
  readonly url: Url;
  readonly workspace: string;
  readonly onReplay: (id: string) => void;
}

/** One delivery: what became of it, which facts it names, and what was sent. */
export function DeliveryDrawer({ url, workspace, onReplay }: DeliveryDrawerProps) {
  const { t } = useT();
  const id = url.state.sel;
  const query = useQuery({ ...deliveryQuery(workspace, id ?? ''), enabled: id !== null });
  const delivery = id === null ? undefined : query.data;
  const title = delivery ? t('deliveries.title', { event: delivery.event || delivery.source }) : t('deliveries.drawer');
  return (
    <Dialog side="end" open={id !== null} onClose={() => url.update({ sel: null })} title={title} closeLabel={t('events.close')}>
      <PanelBoundary>
        {id !== null && query.isPending && <DrawerSkeleton />}
        {id !== null && query.error && !delivery && <Failure error={query.error} onRetry={() => void query.refetch()} />}
        {delivery && <Delivery delivery={delivery} workspace={workspace} onReplay={() => onReplay(delivery.id)} />}
      </PanelBoundary>
    </Dialog>
  );
}

interface DeliveryProps {
  readonly delivery: DeliveryDetail;
  readonly workspace: string;
  readonly onReplay: () => void;
}

function Delivery({ delivery, workspace, onReplay }: DeliveryProps) {
  const { t, locale } = useT();
  const number = (value: number, digits = 0) => formatNumber(value, locale, digits);
  const headers = Object.entries(delivery.headers);
  return (
    <>
      <dl className={events.terms}>
        <Term name={t('deliveries.column.outcome')}>
          <OutcomeBadge outcome={delivery.outcome} t={t} />
        </Term>
        <Term name={t('deliveries.column.reason')}>{delivery.reason || noValue}</Term>
        <Term name={t('deliveries.column.received')}>{formatDateTime(delivery.received_at, locale)}</Term>
        <Term name={t('deliveries.column.source')}>{delivery.source}</Term>
        <Term name={t('deliveries.column.connection')}>{delivery.connection.name || delivery.connection.id}</Term>
        <Term name={t('deliveries.column.event')}>{delivery.event || noValue}</Term>
        <Term name={t('deliveries.key')}>{delivery.key ? <code className={events.code}>{delivery.key}</code> : noValue}</Term>
        <Term name={t('deliveries.column.size')}>{sizeText(delivery.size, number)}</Term>
        <Term name={t('deliveries.column.repeats')}>{number(delivery.repeats)}</Term>
      </dl>
      <div className={events.actions}>
        <Button size="xs" variant="default" disabled={delivery.expired} onClick={onReplay}>
          {t('deliveries.replay_one')}
        </Button>
        {delivery.expired && <span className={styles.quiet}>{t('deliveries.replay_expired')}</span>}
      </div>
      <Part title={t('deliveries.facts', { count: delivery.facts.length })}>
        <Facts facts={delivery.facts} workspace={workspace} />
      </Part>
      <Part title={t('deliveries.body')}>
        <Body delivery={delivery} />
      </Part>
      <Part title={t('deliveries.headers')}>
        <dl className={events.terms}>
          {headers.map(([name, value]) => (
            <Term key={name} name={<code>{name}</code>}>
              <code className={events.code}>{value}</code>
            </Term>
          ))}
        </dl>
        {headers.length === 0 && <p className={styles.quiet}>{t('deliveries.no_headers')}</p>}
      </Part>
    </>
  );
}

function Facts({ facts, workspace }: { facts: readonly DeliveredFact[]; workspace: string }) {
  const { t, locale } = useT();
  if (facts.length === 0) return <p className={styles.quiet}>{t('deliveries.no_facts')}</p>;
  return (
    <ul className={styles.facts}>
      {facts.map((fact) => (
        <li key={fact.id}>
          <KindName kind={fact.kind} t={t} />
          {fact.gone ? (
            <span>{fact.external_id}</span>
          ) : (
            <Link to="/w/$workspace/events" params={{ workspace }} search={{ sel: fact.id }}>
              {fact.external_id}
            </Link>
          )}
          <span className={styles.quiet}>
            {[formatDateTime(fact.at, locale), fact.environment, fact.status, applicationsText(fact.belongs_to, t)].filter(Boolean).join(' · ')}
          </span>
          <span className={events.chip}>{t(fact.gone ? 'deliveries.fact_gone' : fact.fresh ? 'deliveries.fact_fresh' : 'deliveries.fact_known')}</span>
          {!fact.gone && <Uses workspace={workspace} uses={fact.uses} />}
        </li>
      ))}
    </ul>
  );
}
