import { Button, Menu } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import type { Session } from '../api/types';
import { useT } from '../i18n/useT';
import { IconCheck, IconChevronDown } from '../ui/icons';
import styles from './shell.module.css';

type Workspace = Session['workspaces'][number];

/** Shows the current workspace and switches to another one. */
export function WorkspaceMenu({ current, all }: { current: Workspace; all: readonly Workspace[] }) {
  const { t } = useT();
  const navigate = useNavigate();
  return (
    <Menu position="bottom-start" width={280}>
      <Menu.Target>
        <Button
          variant="default"
          size="xs"
          className={styles.workspace}
          rightSection={<IconChevronDown size={14} aria-hidden />}
          aria-label={t('header.workspace', { name: current.name })}
        >
          {current.name}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{t('header.workspaces')}</Menu.Label>
        {all.map((workspace) => (
          <Menu.Item
            key={workspace.slug}
            aria-current={workspace.slug === current.slug || undefined}
            rightSection={workspace.slug === current.slug ? <IconCheck size={14} aria-hidden /> : null}
            onClick={() => void navigate({ to: '/w/$workspace/overview', params: { workspace: workspace.slug }, search: {} })}
          >
            {workspace.name}
            {workspace.demo && <span className={styles.demoNote}>{t('header.demo')}</span>}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
