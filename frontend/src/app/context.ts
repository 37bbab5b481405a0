import { createContext, use, useEffect } from 'react';
import type { Session } from '../api/types';

/** What every page below the shell may ask for. */
export interface AppContext {
  readonly session: Session;
  /** Single-key shortcuts are on. */
  readonly shortcuts: boolean;
  readonly setShortcuts: (on: boolean) => void;
  /** Tells the header up to which instant the shown figures know the facts. */
  readonly reportFreshness: (asOf: string | null, timeZone: string) => void;
}

export const AppContextValue = createContext<AppContext | null>(null);

export function useApp(): AppContext {
  const value = use(AppContextValue);
  if (!value) throw new Error('useApp needs the shell around it');
  return value;
}

/** Shows in the header how far the facts of a page reach, while the page is open. */
export function useFreshness(asOf: string | null | undefined, timeZone = 'UTC'): void {
  const { reportFreshness } = useApp();
  useEffect(() => {
    reportFreshness(asOf ?? null, timeZone);
    return () => reportFreshness(null, timeZone);
  }, [asOf, timeZone, reportFreshness]);
}
