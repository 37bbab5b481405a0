import { Link } from '@tanstack/react-router';
import type { AttentionItem } from '../../api/types';
import { useT } from '../../i18n/useT';
import { StatusMark } from '../../ui/StateBadge';
import { EmptyState } from '../../ui/states';
import { attentionText } from './attention';
import styles from './overview.module.css';

/** What needs a person, most urgent first, as the server ranked it. */
export function Attention({ items, workspace }: { items: readonly AttentionItem[]; workspace: string }) {
  const { t } = useT();
  if (items.length === 0) {
    return (
      <EmptyState status="good" title={t('overview.attention_none')}>
        {t('overview.attention_none_text')}
      </EmptyState>
    );
  }
  return (
    <ul className={styles.attention}>
      {items.map((item) => (
        <AttentionRow key={`${item.code}/${item.application?.slug}/${item.group?.slug}`} item={item} workspace={workspace} />
      ))}
    </ul>
  );
}

function AttentionRow({ item, workspace }: { item: AttentionItem; workspace: string }) {
  const { t, locale } = useT();
  const { statement, why } = attentionText(item, t, locale);
  return (
    <li>
      <StatusMark status={item.severity} size={18} label={t(`state.${item.severity}`)} />
      <div>
        <p className={styles.statement}>
          {item.application ? (
            <Link to="/w/$workspace/applications/$slug" params={{ workspace, slug: item.application.slug }} search={{}}>
              {statement}
            </Link>
          ) : (
            statement
          )}
        </p>
        <p className={styles.why}>
          {why}
          {item.group && (
            <>
              {why && ' · '}
              <Link to="/w/$workspace/groups/$slug" params={{ workspace, slug: item.group.slug }} search={{}}>
                {item.group.name}
              </Link>
            </>
          )}
          {item.tier > 0 && <> · {t('tier.value', { tier: item.tier })}</>}
        </p>
      </div>
    </li>
  );
}
