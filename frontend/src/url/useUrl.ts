import { useNavigate, useSearch } from '@tanstack/react-router';
import { useCallback, useMemo } from 'react';
import { formatSearch, parseSearch, type RangeDays, type RawSearch, type UrlProblem, type UrlState } from './state';

/** The state of the current address and a way to change parts of it. */
export interface Url {
  readonly state: UrlState;
  readonly problems: readonly UrlProblem[];
  /** Writes the changed state. Filters replace the history entry; push makes a new one. A drawer keeps the place on the page. */
  readonly update: (patch: Partial<UrlState>, push?: boolean) => void;
}

/** Reads the address; days is the range of the page when none is given. */
export function useUrl(days: RangeDays = 90): Url {
  const raw = useSearch({ strict: false }) as RawSearch;
  const navigate = useNavigate();
  const { state, problems } = useMemo(() => parseSearch(raw, days), [raw, days]);
  const update = useCallback(
    (patch: Partial<UrlState>, push = false) => {
      void navigate({
        to: '.',
        // The address may be further than what is shown: a change of another part stays.
        search: (latest) => formatSearch({ ...parseSearch(latest as RawSearch, days).state, ...patch }, days),
        replace: !push,
        resetScroll: push && !('sel' in patch),
      });
    },
    [navigate, days],
  );
  return { state, problems, update };
}
