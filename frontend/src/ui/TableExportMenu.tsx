import { Menu, UnstyledButton } from '@mantine/core';
import { useState } from 'react';
import { useT } from '../i18n/useT';
import { tableAddress, tableCommand } from './tableAddress';
import type { TableExportProps } from './TableExport';
import styles from './tableExport.module.css';
import ui from './ui.module.css';

/** The forms in which a table can be taken away. */
export function TableExportMenu({ table, params, name }: Omit<TableExportProps, 'children'>) {
  const { t } = useT();
  const [said, setSaid] = useState<'copy.copied' | 'copy.failed' | null>(null);
  const copy = () => {
    const command = tableCommand(window.location.origin, tableAddress(table, 'csv', params));
    void Promise.resolve()
      .then(() => navigator.clipboard.writeText(command))
      .then(
        () => setSaid('copy.copied'),
        () => setSaid('copy.failed'),
      );
  };
  return (
    <>
      <Menu position="bottom-end" withinPortal onOpen={() => setSaid(null)}>
        <Menu.Target>
          <UnstyledButton className={ui.quietButton} aria-label={t('export.open_full', { name })}>
            {t('export.open')}
          </UnstyledButton>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item component="a" className={styles.item} href={tableAddress(table, 'csv', params)} download>
            {t('export.csv')}
          </Menu.Item>
          <Menu.Item component="a" className={styles.item} href={tableAddress(table, 'ndjson', params)} download>
            {t('export.ndjson')}
          </Menu.Item>
          <Menu.Divider />
          <Menu.Item onClick={copy}>{t('export.curl')}</Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <output className={styles.said}>{said && t(said)}</output>
    </>
  );
}
