import { Spotlight, spotlight, type SpotlightActionGroupData } from '@mantine/spotlight';
import '@mantine/core/styles/Paper.layer.css';
import '@mantine/core/styles/Group.layer.css';
import '@mantine/core/styles/Overlay.layer.css';
import '@mantine/core/styles/ModalBase.layer.css';
import '@mantine/core/styles/Modal.layer.css';
import '@mantine/core/styles/Text.layer.css';
import '@mantine/spotlight/styles.layer.css';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useEffect, type KeyboardEvent } from 'react';
import { applicationsQuery, groupsQuery } from '../api/queries';
import { useT } from '../i18n/useT';
import { IconSearch } from '../ui/icons';
import { pages } from './pages';

/** The palette over pages, applications and teams. Opens as soon as it is loaded. */
export function SearchPalette({ workspace }: { workspace: string }) {
  const { t } = useT();
  const navigate = useNavigate();
  const applications = useInfiniteQuery(applicationsQuery({ workspace, limit: 500 }));
  const groups = useQuery(groupsQuery(workspace));
  useEffect(() => spotlight.open(), []);
  const actions: SpotlightActionGroupData[] = [
    {
      group: t('search.pages'),
      actions: pages.map(({ to, label }) => ({
        id: to,
        label: t(label),
        onClick: () => void navigate({ to, params: { workspace }, search: {} }),
      })),
    },
    {
      group: t('search.teams'),
      actions: (groups.data?.items ?? []).map((group) => ({
        id: `group/${group.slug}`,
        label: group.name,
        keywords: group.slug,
        onClick: () =>
          void navigate({ to: '/w/$workspace/groups/$slug', params: { workspace, slug: group.slug }, search: {} }),
      })),
    },
    {
      group: t('search.applications'),
      actions: (applications.data?.pages ?? []).flatMap((page) =>
        page.items.map((application) => ({
          id: `application/${application.slug}`,
          label: application.name,
          description: application.group?.name,
          keywords: application.slug,
          onClick: () =>
            void navigate({ to: '/w/$workspace/applications/$slug', params: { workspace, slug: application.slug }, search: {} }),
        })),
      ),
    },
  ];
  const pending = applications.isPending || groups.isPending;
  return (
    <Spotlight
      actions={actions}
      shortcut={null}
      limit={12}
      scrollable
      // The lock would write a style without the page's nonce.
      lockScroll={false}
      attributes={{ content: { 'aria-label': t('header.search') } }}
      maxHeight={420}
      nothingFound={t(pending ? 'search.loading' : 'search.nothing')}
      searchProps={{
        placeholder: t('search.placeholder'),
        'aria-label': t('search.placeholder'),
        onKeyDown: takeFirst,
        leftSection: <IconSearch size={18} aria-hidden />,
      }}
    />
  );
}

/** Enter takes the first row where none is chosen: the library chooses one at a key, not when a list arrives. */
function takeFirst({ key, currentTarget }: KeyboardEvent<HTMLInputElement>): void {
  const dialog = currentTarget.closest('[role="dialog"]');
  if (key !== 'Enter' || dialog?.querySelector('[data-selected]')) return;
  dialog?.querySelector<HTMLElement>('[data-action]')?.click();
}

/** Opens the palette again once it is on the page. */
export function openPalette(): void {
  spotlight.open();
}
