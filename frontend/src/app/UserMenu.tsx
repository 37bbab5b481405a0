import { ActionIcon, Menu } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { signOut } from '../api/queries';
import { useT } from '../i18n/useT';
import { IconUser } from '../ui/icons';
import { useApp } from './context';

/** Who is signed in, the shortcuts, and the way out. */
export function UserMenu({ onKeys }: { onKeys: () => void }) {
  const { t } = useT();
  const { session } = useApp();
  const { principal } = session;
  const queryClient = useQueryClient();
  const leave = async () => {
    await signOut(session.csrf_token);
    queryClient.clear();
    window.location.assign('/');
  };
  return (
    <Menu position="bottom-end" width={240}>
      <Menu.Target>
        <ActionIcon variant="default" size={30} aria-label={t('header.user', { name: principal.name })} title={principal.name}>
          <IconUser size={17} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          {t('header.signed_in', { name: principal.name })}
          {principal.role && (
            <>
              <br />
              {t('header.role', { role: t(`role.${principal.role}`) })}
            </>
          )}
        </Menu.Label>
        <Menu.Item onClick={onKeys}>{t('keys.title')}</Menu.Item>
        <Menu.Divider />
        <Menu.Item onClick={() => void leave()}>{t('header.sign_out')}</Menu.Item>
        <Menu.Divider />
        <Menu.Label>{t('header.version', { version: session.version })}</Menu.Label>
      </Menu.Dropdown>
    </Menu>
  );
}
