import { knownInstant } from '../../api/known';
import type { EntriesParams } from '../../api/queries';
import type { FacetName, FactsSummary } from '../../api/types';
import { windowOf, type UrlState } from '../../url/state';

/** What narrows the list of events, in the order of the page. */
export const filterNames = ['kind', 'source', 'application', 'environment', 'status', 'claimed', 'group', 'q', 'zoom'] as const;
export type FilterName = (typeof filterNames)[number];

type Filters = Pick<UrlState, 'kind' | 'source' | 'app' | 'environment' | 'status' | 'claimed' | 'group' | 'q' | 'zoom'>;

/** The part of an address that takes one filter away. */
export const without: Readonly<Record<FilterName, Partial<Filters>>> = {
  kind: { kind: [] },
  source: { source: [] },
  application: { app: null },
  environment: { environment: [] },
  status: { status: [] },
  claimed: { claimed: null },
  group: { group: null },
  q: { q: '' },
  zoom: { zoom: null },
};

/** The part of an address without any filter. */
export const withoutAny: Partial<Filters> = Object.assign({}, ...Object.values(without)) as Partial<Filters>;

/** The values chosen in each filter; a filter without a choice is not there. */
export function chosen(state: UrlState): Partial<Record<FilterName, readonly string[]>> {
  const all: Record<FilterName, readonly string[]> = {
    kind: state.kind,
    source: state.source,
    application: state.app ? [state.app] : [],
    environment: state.environment,
    status: state.status,
    claimed: state.claimed ? [state.claimed] : [],
    group: state.group ? [state.group] : [],
    q: state.q ? [state.q] : [],
    zoom: state.zoom ? [state.zoom.from, state.zoom.to] : [],
  };
  return Object.fromEntries(Object.entries(all).filter(([, values]) => values.length > 0));
}

const joined = (words: readonly string[]) => (words.length > 0 ? words.join(',') : undefined);

/** What is looked at, as the server reads it. */
function instants({ zoom, range }: UrlState): { from: string; to?: string } {
  const full = (instant: string) => new Date(instant).toISOString();
  return zoom ? { from: full(zoom.from), to: full(zoom.to) } : windowOf(range);
}

/** The question to the server behind an address. */
export function entriesParams(workspace: string, state: UrlState): EntriesParams {
  const { from, to } = instants(state);
  const all = {
    from,
    to,
    kind: joined(state.kind),
    source: joined(state.source),
    application: state.app ?? undefined,
    group: state.group ?? undefined,
    environment: joined(state.environment),
    status: joined(state.status),
    unclaimed: state.claimed === 'no' ? true : undefined,
    q: state.q || undefined,
  };
  const given = Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
  return { workspace, ...given };
}

/** The address of a question, relative to the server, as of the instant that the page is shown as of. */
export function apiAddress(path: string, params: object): string {
  const asOf = knownInstant();
  const query = new URLSearchParams(Object.entries({ ...params, ...(asOf && { as_of: asOf }) }).map(([key, value]) => [key, String(value)]));
  return `/api/v1/${path}?${query.toString()}`;
}

/**
 * The filter that leaves out most of what the others let through; null where
 * no single one is to blame. A facet's counts leave its own choice out.
 */
export function narrowest(state: UrlState, summary: FactsSummary): { name: FacetName; count: number } | null {
  const active = chosen(state);
  let best: { name: FacetName; count: number } | null = null;
  for (const name of ['kind', 'source', 'application', 'environment', 'status'] as const) {
    if (!active[name]) continue;
    const count = summary.facets[name].reduce((sum, facet) => sum + facet.count, 0);
    if (count > (best?.count ?? 0)) best = { name, count };
  }
  return best;
}
