import type { DeliveriesParams } from '../../api/queries';
import type { ReplayRequest } from '../../api/types';
import { outcomes, windowOf, type UrlState } from '../../url/state';

/** The question to the server behind an address. */
export function deliveriesParams(workspace: string, state: UrlState): DeliveriesParams {
  const [source] = state.source;
  return {
    workspace,
    ...windowOf(state.range),
    ...(state.outcome.length > 0 && { outcome: state.outcome.join(',') }),
    ...(state.claimed === 'no' && { unclaimed: true }),
    ...(source && { source }),
    ...(state.connection && { connection: state.connection }),
    ...(state.event && { event: state.event }),
  };
}

/** The filters in use, by the name of their text. */
export function activeFilters(state: UrlState): readonly ('outcome' | 'unclaimed' | 'source' | 'connection' | 'event')[] {
  const all = {
    outcome: state.outcome.length > 0,
    unclaimed: state.claimed === 'no',
    source: state.source.length > 0,
    connection: state.connection !== null,
    event: state.event !== null,
  };
  return (Object.keys(all) as (keyof typeof all)[]).filter((name) => all[name]);
}

/** The part of an address without any filter of deliveries. */
export const withoutFilters: Partial<UrlState> = { outcome: [], claimed: null, source: [], connection: null, event: null };

/**
 * Reads again what the list shows. The server cannot choose by event, so a
 * list of one event is no such choice: null.
 */
export function replayOfList(state: UrlState): Omit<ReplayRequest, 'dry_run'> | null {
  if (state.event !== null) return null;
  const { from, to } = windowOf(state.range);
  const [source] = state.source;
  return {
    since: from,
    ...(to && { until: to }),
    outcomes: state.outcome.length > 0 ? [...state.outcome] : [...outcomes],
    ...(state.claimed === 'no' && { unclaimed: true }),
    ...(source && { source }),
    ...(state.connection && { connection: state.connection }),
  };
}
