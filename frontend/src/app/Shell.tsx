import { Outlet, useNavigate, useParams } from '@tanstack/react-router';
import { lazy, Suspense, useState } from 'react';
import { useT } from '../i18n/useT';
import { Dialog } from '../ui/Dialog';
import { IconCollapse, IconExpand } from '../ui/icons';
import { PanelBoundary } from '../ui/states';
import { useUrl } from '../url/useUrl';
import { useApp } from './context';
import { Header } from './Header';
import { pages } from './pages';
import { readPreference, writePreference } from './preferences';
import { Rail } from './Rail';
import { useShortcuts, type Shortcuts } from './shortcuts';
import { usePaletteKey } from './usePaletteKey';
import styles from './shell.module.css';

const KnownBanner = lazy(() => import('./KnownBanner').then((module) => ({ default: module.KnownBanner })));
const KeysDialog = lazy(() => import('./KeysDialog').then((module) => ({ default: module.KeysDialog })));
const NoWorkspace = lazy(() => import('./NoWorkspace').then((module) => ({ default: module.NoWorkspace })));
const SearchPalette = lazy(() => import('./SearchPalette').then((module) => ({ default: module.SearchPalette })));

/** Header, navigation and the page. */
export function Shell() {
  const { t } = useT();
  const { session, shortcuts } = useApp();
  const slug = useParams({ strict: false }).workspace ?? '';
  const workspace = session.workspaces.find((candidate) => candidate.slug === slug);
  const [drawer, setDrawer] = useState(false);
  // Null until they are first wanted.
  const [keys, setKeys] = useState<boolean | null>(null);
  const [collapsed, setCollapsed] = useState(() => readPreference('rail') === 'collapsed');
  const palette = usePalette();
  const asOf = useUrl().state.as_of;
  useShortcuts(useNavigationKeys(slug, palette.open, () => setKeys(true)), shortcuts);
  if (!workspace) {
    return (
      <Suspense fallback={null}>
        <NoWorkspace key={slug} slug={slug} />
      </Suspense>
    );
  }
  const collapse = () => {
    writePreference('rail', collapsed ? 'open' : 'collapsed');
    setCollapsed(!collapsed);
  };
  return (
    <div className={styles.shell} data-collapsed={collapsed || undefined}>
      <a className={styles.skip} href="#content">
        {t('app.skip')}
      </a>
      <Header
        session={session}
        workspace={workspace}
        onMenu={() => setDrawer(true)}
        onSearch={palette.open}
        onKeys={() => setKeys(true)}
      />
      <div className={styles.rail}>
        <div className={styles.railBody}>
          <Rail workspace={workspace.slug} collapsed={collapsed} />
          <button type="button" className={styles.collapse} onClick={collapse} aria-expanded={!collapsed}>
            {collapsed ? <IconExpand size={18} aria-hidden /> : <IconCollapse size={18} aria-hidden />}
            <span>{t(collapsed ? 'nav.expand' : 'nav.collapse')}</span>
          </button>
        </div>
      </div>
      <main id="content" className={styles.main} tabIndex={-1}>
        <PanelBoundary>
          {asOf && (
            <Suspense fallback={null}>
              <KnownBanner asOf={asOf} />
            </Suspense>
          )}
          <Outlet key={asOf} />
        </PanelBoundary>
      </main>
      <Dialog side="start" open={drawer} onClose={() => setDrawer(false)} title={t('app.name')} closeLabel={t('app.menu_close')}>
        <Rail workspace={workspace.slug} onNavigate={() => setDrawer(false)} />
      </Dialog>
      {keys !== null && (
        <Suspense fallback={null}>
          <KeysDialog open={keys} onClose={() => setKeys(false)} />
        </Suspense>
      )}
      {palette.loaded && (
        <Suspense fallback={null}>
          <SearchPalette workspace={workspace.slug} />
        </Suspense>
      )}
    </div>
  );
}

/** The palette's code is fetched when it is first wanted. */
function usePalette(): { loaded: boolean; open: () => void } {
  const [loaded, setLoaded] = useState(false);
  const open = () => {
    if (loaded) void import('./SearchPalette').then((module) => module.openPalette());
    else setLoaded(true);
  };
  usePaletteKey(open);
  return { loaded, open };
}

function useNavigationKeys(workspace: string, openSearch: () => void, openKeys: () => void): Shortcuts {
  const navigate = useNavigate();
  const jumps = pages.map(({ key, to }) => [`g ${key}`, () => void navigate({ to, params: { workspace }, search: {} })]);
  return {
    ...(Object.fromEntries(jumps) as Shortcuts),
    '?': openKeys,
    '/': () => {
      const filter = document.querySelector<HTMLElement>('[data-page-filter]');
      if (filter) filter.focus();
      else openSearch();
    },
  };
}
