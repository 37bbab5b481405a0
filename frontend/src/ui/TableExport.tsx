import { UnstyledButton } from '@mantine/core';
import { lazy, Suspense, type ReactNode } from 'react';
import { useT } from '../i18n/useT';
import type { TableName, TableParams } from './tableAddress';
import styles from './tableExport.module.css';
import ui from './ui.module.css';

const Menu = lazy(() => import('./TableExportMenu').then((module) => ({ default: module.TableExportMenu })));

export interface TableExportProps {
  readonly table: TableName;
  readonly params: TableParams;
  /** What is exported, for those who cannot see where the button stands. */
  readonly name: string;
  /** Controls for what is on the screen, beside the menu. */
  readonly children?: ReactNode;
}

/** Offers a table of the server as a file with its definitions. */
export function TableExport({ children, ...props }: TableExportProps) {
  const { t } = useT();
  const placeholder = (
    <UnstyledButton className={ui.quietButton} disabled>
      {t('export.open')}
    </UnstyledButton>
  );
  return (
    <span className={styles.actions}>
      {children}
      <Suspense fallback={placeholder}>
        <Menu {...props} />
      </Suspense>
    </span>
  );
}
