import { Link } from '@tanstack/react-router';
import { useT } from '../i18n/useT';
import { pageGroups } from './pages';
import styles from './shell.module.css';

interface RailProps {
  readonly workspace: string;
  readonly collapsed?: boolean;
  readonly onNavigate?: () => void;
}

/** The navigation: groups of links; only pages that exist are listed. */
export function Rail({ workspace, collapsed = false, onNavigate }: RailProps) {
  const { t } = useT();
  return (
    <nav aria-label={t('nav.label')} className={styles.nav} data-collapsed={collapsed || undefined}>
      {pageGroups
        .filter((group) => group.pages.length > 0)
        .map((group) => (
          <div key={group.label}>
            <p className={styles.navGroup}>{t(group.label)}</p>
            <ul>
              {group.pages.map(({ to, label, icon: Icon }) => (
                <li key={to}>
                  <Link
                    to={to}
                    params={{ workspace }}
                    search={{}}
                    className={styles.navLink}
                    activeOptions={{ includeSearch: false }}
                    onClick={onNavigate}
                    title={collapsed ? t(label) : undefined}
                  >
                    <Icon size={18} stroke={1.7} aria-hidden />
                    <span>{t(label)}</span>
                  </Link>
                </li>
              ))}
            </ul>
          </div>
        ))}
    </nav>
  );
}
