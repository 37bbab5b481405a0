import { useQuery } from '@tanstack/react-query';
import { client, unwrap } from '../../api/client';
import { useT } from '../../i18n/useT';
import { CopyButton } from '../../ui/CopyButton';
import { ErrorState } from '../../ui/states';
import styles from './badge.module.css';

interface BadgesProps {
  readonly workspace: string;
  readonly application: string;
}

/** Markdown with whole addresses, also where the server does not know its own. */
export function withOrigin(markdown: string, origin: string): string {
  return markdown.replaceAll('](/', `](${origin}/`);
}

/** The badges of an application: what they show now, and the text that shows them elsewhere. */
export function Badges({ workspace, application }: BadgesProps) {
  const { t } = useT();
  const query = useQuery({
    queryKey: ['badges', workspace, application],
    queryFn: ({ signal }) => unwrap(client.GET('/api/v1/badges', { params: { query: { workspace, application } }, signal })),
  });
  if (query.isPending) return <p>{t('badge.loading')}</p>;
  if (!query.data) return <ErrorState error={query.error} onRetry={() => void query.refetch()} />;
  return (
    <>
      <p className={styles.note}>{t('badge.note')}</p>
      <ul className={styles.list}>
        {query.data.items.map((badge) => (
          <li key={badge.metric}>
            <img src={badge.path} alt={`${badge.label}: ${badge.value}`} height={20} />
            <CopyButton label={t('badge.copy', { label: badge.label })} text={withOrigin(badge.markdown, window.location.origin)} />
          </li>
        ))}
      </ul>
    </>
  );
}
