import { Link } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import { useT } from '../i18n/useT';
import { Command } from '../ui/Command';
import styles from './app.module.css';
import { useApp } from './context';
import { Mark } from './Mark';
import { useTitle } from './title';

/** The page of an address in a workspace that there is not, or that the reader may not see: which of the two is not told. */
export function NoWorkspace({ slug }: { slug: string }) {
  const { t } = useT();
  const { workspaces } = useApp().session;
  const title = t('workspace.missing', { slug });
  useTitle(title);
  // Whoever came by a link within the product hears where it led.
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  return (
    <main className={styles.alone}>
      <div className={styles.card}>
        <Mark />
        <h1 ref={heading} tabIndex={-1}>
          {title}
        </h1>
        {workspaces.length === 0 ? (
          <p>{t('workspace.none')}</p>
        ) : (
          <>
            <p id="workspaces">{t('workspace.yours')}</p>
            <ul className={styles.choices} aria-labelledby="workspaces">
              {workspaces.map((workspace) => (
                <li key={workspace.slug}>
                  <Link to="/w/$workspace/overview" params={{ workspace: workspace.slug }} search={{}}>
                    {workspace.name}
                  </Link>
                  {workspace.demo && <span className={styles.quiet}> {t('header.demo')}</span>}
                </li>
              ))}
            </ul>
          </>
        )}
        <p className={styles.quiet}>{t('workspace.signin')}</p>
        <Command>evenkeel signin</Command>
      </div>
    </main>
  );
}
