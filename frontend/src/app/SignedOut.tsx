import { Button } from '@mantine/core';
import { useT } from '../i18n/useT';
import { Mark } from './Mark';
import { useTitle } from './title';
import { Command } from '../ui/Command';
import styles from './app.module.css';

/** Explains how to sign in; nothing of the product is shown before. */
export function SignedOut({ onRetry }: { onRetry: () => void }) {
  const { t } = useT();
  useTitle(t('signedout.title'));
  return (
    <main className={styles.alone}>
      <div className={styles.card}>
        <Mark />
        <h1>{t('signedout.title')}</h1>
        <p>{t('signedout.text')}</p>
        <p>{t('signedout.command')}</p>
        <Command>evenkeel signin</Command>
        <p className={styles.quiet}>{t('signedout.used')}</p>
        <Button onClick={onRetry}>{t('signedout.retry')}</Button>
      </div>
    </main>
  );
}
