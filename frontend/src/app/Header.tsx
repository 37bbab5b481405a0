import { useContext } from 'react';
import type { Session } from '../api/types';
import { useT } from '../i18n/useT';
import { IconMenu, IconSearch } from '../ui/icons';
import { formatDateTime } from '../ui/format';
import { AppearanceMenu } from './AppearanceMenu';
import { FreshnessValue } from './freshness';
import { Mark } from './Mark';
import { modifierName } from './platform';
import { UserMenu } from './UserMenu';
import { WorkspaceMenu } from './WorkspaceMenu';
import styles from './shell.module.css';

interface HeaderProps {
  readonly session: Session;
  readonly workspace: Session['workspaces'][number];
  readonly onMenu: () => void;
  readonly onSearch: () => void;
  readonly onKeys: () => void;
}

/** The bar above every page. */
export function Header({ session, workspace, onMenu, onSearch, onKeys }: HeaderProps) {
  const { t } = useT();
  return (
    <header className={styles.header}>
      <button type="button" className={styles.menuButton} aria-label={t('app.menu')} onClick={onMenu}>
        <IconMenu size={20} aria-hidden />
      </button>
      <Mark />
      <WorkspaceMenu current={workspace} all={session.workspaces} />
      {workspace.demo && <span className={styles.demo}>{t('header.demo')}</span>}
      <span className={styles.space} />
      <FreshnessChip />
      <button type="button" className={styles.search} onClick={onSearch} aria-keyshortcuts="Control+K Meta+K">
        <IconSearch size={16} aria-hidden />
        <span className={styles.searchText}>{t('header.search')}</span>
        <kbd className={styles.searchKeys}>{modifierName()} K</kbd>
      </button>
      <AppearanceMenu />
      <UserMenu onKeys={onKeys} />
    </header>
  );
}

/** Up to when the figures of the page know the facts. */
function FreshnessChip() {
  const { t, locale } = useT();
  const { asOf, timeZone } = useContext(FreshnessValue);
  if (!asOf) return null;
  const time = formatDateTime(asOf, locale, timeZone);
  return (
    <span className={styles.fresh} title={t('header.data_to_full', { time, zone: timeZone })}>
      {t('header.data_to', { time })}
    </span>
  );
}
