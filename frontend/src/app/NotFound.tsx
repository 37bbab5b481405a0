import { Link, useParams } from '@tanstack/react-router';
import { useT } from '../i18n/useT';
import { EmptyState } from '../ui/states';
import { useApp } from './context';
import { useTitle } from './title';
import styles from './app.module.css';

/** The page of an address that names nothing. Also shown to a reader without any workspace. */
export function NotFound() {
  const { t } = useT();
  const { session } = useApp();
  const params = useParams({ strict: false });
  const known = session.workspaces.find((workspace) => workspace.slug === params.workspace);
  const target = known ?? session.workspaces[0];
  useTitle(t('notfound.title'));
  return (
    <div className={styles.alone}>
      <h1 className="ek-hidden">{t('notfound.title')}</h1>
      {target ? (
        <EmptyState
          title={t('notfound.title')}
          action={
            <Link className="ek-button" to="/w/$workspace/overview" params={{ workspace: target.slug }} search={{}}>
              {t('notfound.back')}
            </Link>
          }
        >
          {t('notfound.text')}
        </EmptyState>
      ) : (
        <EmptyState title={t('workspace.none')} />
      )}
    </div>
  );
}
