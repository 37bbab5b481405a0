import { Link } from '@tanstack/react-router';
import type { CSSProperties } from 'react';
import type { Changed, ChangedItem } from '../../api/types';
import { useT } from '../../i18n/useT';
import { FactLink } from '../../ui/FactLink';
import { formatDateTime, formatDuration } from '../../ui/format';
import { KindName } from '../events/kinds';
import styles from './changed.module.css';
import { distanceText, leadOf, reasonText } from './words';

/** What happened, newest first. */
export function ChangedList({ changed, workspace }: { changed: Changed; workspace: string }) {
  const { t } = useT();
  const { items, until } = changed;
  return (
    <ol className={styles.list} aria-label={t('changed.list')}>
      {items.map((item) => (
        <Item key={`${item.id}/${item.application.slug}`} item={item} of={items.length} until={until} workspace={workspace} />
      ))}
    </ol>
  );
}

interface ItemProps {
  item: ChangedItem;
  of: number;
  until: string;
  workspace: string;
}

function Item({ item, of, until, workspace }: ItemProps) {
  const { t, locale } = useT();
  const ago = Math.max(0, (Date.parse(until) - Date.parse(item.at)) / 1000);
  const { slug, name } = item.application;
  return (
    <li>
      <p className={styles.when}>
        <time dateTime={item.at}>{t('changed.ago', { duration: formatDuration(ago, locale) })}</time>
        <span>{formatDateTime(item.at, locale)}</span>
      </p>
      <div className={styles.what}>
        <p className={styles.kind}>
          <KindName kind={item.kind} t={t} />
        </p>
        <p className={styles.summary}>
          <FactLink workspace={workspace} kind={item.kind} id={item.id}>
            {item.summary}
          </FactLink>
        </p>
        <p className={styles.where}>
          <Link to="/w/$workspace/applications/$slug" params={{ workspace, slug }} search={{}}>
            {name}
          </Link>
          {`, ${distanceText(item.distance, t)}`}
          {item.environment && ` · ${item.environment}`}
          {item.status && ` · ${item.status.replaceAll('_', ' ')}`}
        </p>
      </div>
      <div className={styles.why}>
        <p className={styles.rank}>{t('changed.rank', { rank: item.rank, of, lead: t(`changed.lead.${leadOf(item.plausibility)}`) })}</p>
        <span className={styles.bar} aria-hidden="true" style={{ '--part': item.plausibility } as CSSProperties} />
        <p className={styles.reasons}>{item.reasons.map((reason) => reasonText(reason, t)).join(' · ')}</p>
      </div>
    </li>
  );
}
