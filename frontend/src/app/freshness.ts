import { createContext } from 'react';

/** Up to which instant the figures on the page know the facts. */
export interface Freshness {
  /** Null while no page has said so. */
  readonly asOf: string | null;
  readonly timeZone: string;
}

export const FreshnessValue = createContext<Freshness>({ asOf: null, timeZone: 'UTC' });
