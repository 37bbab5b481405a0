import { useQuery } from '@tanstack/react-query';
import { useMemo, useState, type ReactNode } from 'react';
import { ApiError } from '../api/problem';
import { sessionQuery } from '../api/queries';
import { ErrorState } from '../ui/states';
import { AppContextValue, type AppContext } from './context';
import { FreshnessValue, type Freshness } from './freshness';
import { readPreference, writePreference } from './preferences';
import { SignedOut } from './SignedOut';
import styles from './app.module.css';

/** Lets in who is signed in, and shows the way in to everybody else. */
export function Root({ children }: { children: ReactNode }) {
  const session = useQuery(sessionQuery);
  const [shortcuts, setShortcuts] = useState(() => readPreference('shortcuts') !== 'off');
  const [freshness, setFreshness] = useState<Freshness>({ asOf: null, timeZone: 'UTC' });
  const data = session.data;
  const app = useMemo<AppContext | null>(
    () =>
      data
        ? {
            session: data,
            shortcuts,
            setShortcuts: (on) => {
              writePreference('shortcuts', on ? 'on' : 'off');
              setShortcuts(on);
            },
            reportFreshness: (asOf, timeZone) =>
              setFreshness((before) => (before.asOf === asOf && before.timeZone === timeZone ? before : { asOf, timeZone })),
          }
        : null,
    [data, shortcuts],
  );
  if (app) {
    return (
      <AppContextValue value={app}>
        <FreshnessValue value={freshness}>{children}</FreshnessValue>
      </AppContextValue>
    );
  }
  if (session.error instanceof ApiError && session.error.status === 401) {
    return <SignedOut onRetry={() => void session.refetch()} />;
  }
  if (session.error) {
    return (
      <main className={styles.alone}>
        <ErrorState error={session.error} onRetry={() => void session.refetch()} />
      </main>
    );
  }
  return <div className={styles.blank} aria-busy="true" />;
}
