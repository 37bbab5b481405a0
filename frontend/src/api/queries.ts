import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query';
import { formatRange, windowOf, type Grain, type Ownership, type Range } from '../url/state';
import { client, unwrap } from './client';
import { known } from './known';
import type { DeliveriesQuery, EntriesQuery, ExplainQuery, FactsQuery } from './paths';
import type { AlertPreview, PolicyBody, PolicyPreview, ReplayRequest, ReplayResult } from './types';

/**
 * Every question the pages ask, with its cache key. A range of days is part of
 * the key by its name; the server counts it back from the moment of asking, so
 * that a later refetch looks at the present.
 */
const minute = 60_000;

/** The past does not change, so it is not asked for again. */
const refresh = () => !known.asOf && 5 * minute;

export const sessionQuery = queryOptions({
  queryKey: ['session'],
  queryFn: ({ signal }) => unwrap(client.GET('/api/v1/session', { signal })),
  staleTime: 5 * minute,
});

export async function signOut(csrfToken: string): Promise<void> {
  await unwrap(
    client.POST('/api/v1/session/sign-out', {
      params: { header: { 'X-CSRF-Token': csrfToken } },
      parseAs: 'text',
    }),
  );
}

export interface SpanParams {
  readonly workspace: string;
  readonly range: Range;
  readonly grain: Grain;
  /** IANA zone of days and weeks; the workspace's own zone if not given. */
  readonly timeZone?: string;
  /** Id of a benchmark; null is the workspace's own choice, "none" is none. */
  readonly bench?: string | null;
}

function span({ workspace, range, grain, timeZone, bench }: SpanParams) {
  return {
    workspace,
    ...windowOf(range),
    series: grain,
    ...(timeZone && { tz: timeZone }),
    ...(bench && { benchmark: bench }),
  };
}

function spanKey({ workspace, range, grain, timeZone, bench }: SpanParams) {
  return [workspace, formatRange(range), grain, timeZone ?? null, bench ?? null] as const;
}

export interface OverviewParams extends SpanParams {
  readonly group: string | null;
  readonly capability?: string;
  readonly ownership?: Ownership;
  readonly by?: 'group' | 'capability';
}

export function overviewQuery(params: OverviewParams) {
  const { group, capability, ownership = 'then', by = 'group' } = params;
  const whose = { ...(group && { group }), ...(capability && { capability }), ...(ownership !== 'then' && { ownership }), ...(by !== 'group' && { by }) };
  return queryOptions({
    queryKey: ['overview', ...spanKey(params), whose],
    queryFn: ({ signal }) =>
      unwrap(
        client.GET('/api/v1/overview', {
          params: { query: { ...span(params), ...whose } },
          signal,
        }),
      ),
    refetchInterval: refresh,
    placeholderData: keepPreviousData,
  });
}

export interface DoraParams extends SpanParams {
  readonly environment: string;
  readonly application?: string;
  readonly group?: string;
}

export function doraQuery(params: DoraParams) {
  const { environment, application, group } = params;
  return queryOptions({
    queryKey: ['dora', ...spanKey(params), environment, application ?? null, group ?? null],
    queryFn: ({ signal }) =>
      unwrap(
        client.GET('/api/v1/metrics/dora', {
          params: {
            query: { ...span(params), environment, ...(application && { application }), ...(group && { group }) },
          },
          signal,
        }),
      ),
    refetchInterval: refresh,
  });
}

export interface PeerParams {
  readonly workspace: string;
  readonly range: Range;
  readonly application?: string;
  readonly group?: string;
}

/** Our figures beside DevLake's. All facts of the scope are read for the answer, so it is kept for a while. */
export function peerQuery({ workspace, range, application, group }: PeerParams) {
  return queryOptions({
    queryKey: ['peer', workspace, formatRange(range), application ?? null, group ?? null],
    queryFn: ({ signal }) =>
      unwrap(
        client.GET('/api/v1/peer', {
          params: { query: { workspace, as: 'devlake-2023', ...windowOf(range), ...(application && { application }), ...(group && { group }) } },
          signal,
        }),
      ),
    staleTime: 5 * minute,
    placeholderData: keepPreviousData,
  });
}

export interface ApplicationsParams {
  readonly workspace: string;
  readonly group?: string;
  readonly capability?: string;
  readonly q?: string;
  readonly limit?: number;
}

/** Pages of applications, 50 at a time unless limit says otherwise. */
export function applicationsQuery({ workspace, group, capability, q, limit = 50 }: ApplicationsParams) {
  return infiniteQueryOptions({
    queryKey: ['applications', workspace, group ?? null, capability ?? null, q ?? '', limit],
    queryFn: ({ signal, pageParam }) =>
      unwrap(
        client.GET('/api/v1/applications', {
          params: {
            query: { workspace, limit, ...(group && { group }), ...(capability && { capability }), ...(q && { q }), ...(pageParam && { cursor: pageParam }) },
          },
          signal,
        }),
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next,
    placeholderData: keepPreviousData,
  });
}

export function applicationQuery(workspace: string, slug: string) {
  return queryOptions({
    queryKey: ['application', workspace, slug],
    queryFn: ({ signal }) =>
      unwrap(client.GET('/api/v1/applications/{slug}', { params: { path: { slug }, query: { workspace } }, signal })),
  });
}

/** All groups: an organisation has few, so one page of the largest size is asked for. */
export function groupsQuery(workspace: string) {
  return queryOptions({
    queryKey: ['groups', workspace],
    queryFn: ({ signal }) =>
      unwrap(client.GET('/api/v1/groups', { params: { query: { workspace, limit: 500 } }, signal })),
  });
}

/** All business capabilities. */
export function capabilitiesQuery(workspace: string) {
  return queryOptions({
    queryKey: ['capabilities', workspace],
    queryFn: ({ signal }) =>
      unwrap(client.GET('/api/v1/capabilities', { params: { query: { workspace, limit: 500 } }, signal })),
  });
}

export function benchmarksQuery(workspace: string) {
  return queryOptions({
    queryKey: ['benchmarks', workspace],
    queryFn: ({ signal }) => unwrap(client.GET('/api/v1/benchmarks', { params: { query: { workspace } }, signal })),
    staleTime: Infinity,
  });
}

/** A list of facts of one kind, newest first; from and to are instants, usually those of a report's window. */
export interface FactsParams extends Omit<FactsQuery, 'cursor'> {
  readonly workspace: string;
}

function factsPage(params: FactsParams, cursor: string | null): FactsQuery {
  return { ...params, ...(cursor && { cursor }) };
}

export function deploymentsQuery(params: FactsParams) {
  return infiniteQueryOptions({
    queryKey: ['deployments', params],
    queryFn: ({ signal, pageParam }) =>
      unwrap(client.GET('/api/v1/deployments', { params: { query: factsPage(params, pageParam) }, signal })),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next,
  });
}

export function changesQuery(params: FactsParams) {
  return infiniteQueryOptions({
    queryKey: ['changes', params],
    queryFn: ({ signal, pageParam }) =>
      unwrap(client.GET('/api/v1/changes', { params: { query: factsPage(params, pageParam) }, signal })),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next,
  });
}

export function incidentsQuery(params: FactsParams) {
  return infiniteQueryOptions({
    queryKey: ['incidents', params],
    queryFn: ({ signal, pageParam }) =>
      unwrap(client.GET('/api/v1/incidents', { params: { query: factsPage(params, pageParam) }, signal })),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next,
  });
}

/** The figure to explain: which one, of what, over which instants. */
export interface ExplainParams extends Omit<ExplainQuery, 'cursor' | 'limit'> {
  readonly workspace: string;
}

/** Pages of the facts behind a figure; each page also carries the explanation. */
export function explainQuery(params: ExplainParams, limit = 25) {
  return infiniteQueryOptions({
    queryKey: ['explain', params, limit],
    queryFn: ({ signal, pageParam }) =>
      unwrap(
        client.GET('/api/v1/explain', {
          params: { query: { ...params, limit, ...(pageParam && { cursor: pageParam }) } },
          signal,
        }),
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.rows.next,
  });
}

/** A fact with all that was said of it. */
export function factQuery(workspace: string, id: string) {
  return queryOptions({
    queryKey: ['fact', workspace, id],
    queryFn: ({ signal }) =>
      unwrap(client.GET('/api/v1/facts/{id}', { params: { path: { id }, query: { workspace } }, signal })),
  });
}

/** What a deployment shipped and what followed it. */
export function storyQuery(workspace: string, id: string) {
  return queryOptions({
    queryKey: ['story', workspace, id],
    queryFn: ({ signal }) =>
      unwrap(client.GET('/api/v1/deployments/{id}/story', { params: { path: { id }, query: { workspace } }, signal })),
  });
}

export interface ChangedParams {
  readonly workspace: string;
  readonly application: string;
  /** A length such as 2h, counted back by the server, or an instant. */
  readonly since: string;
  readonly environment?: string;
}

export function changedQuery(params: ChangedParams) {
  return queryOptions({
    queryKey: ['changed', params],
    queryFn: ({ signal }) => unwrap(client.GET('/api/v1/changed', { params: { query: { ...params } }, signal })),
    placeholderData: keepPreviousData,
  });
}

/** Facts of any kind, newest first; from and to are instants or a length counted back. */
export interface EntriesParams extends Omit<EntriesQuery, 'cursor' | 'limit'> {
  readonly workspace: string;
}

/** How many rows one page of a long list brings. */
const longPage = 100;

export function entriesQuery(params: EntriesParams) {
  return infiniteQueryOptions({
    queryKey: ['facts', params],
    queryFn: ({ signal, pageParam }) =>
      unwrap(
        client.GET('/api/v1/facts', {
          params: { query: { ...params, limit: longPage, ...(pageParam && { cursor: pageParam }) } },
          signal,
        }),
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next,
    placeholderData: keepPreviousData,
  });
}

/** The newest facts, whatever the cache holds. */
export function newestEntries(params: EntriesParams) {
  return unwrap(client.GET('/api/v1/facts', { params: { query: { ...params, limit: 50 } } }));
}

export function entriesSummaryQuery(params: EntriesParams) {
  return queryOptions({
    queryKey: ['facts-summary', params],
    queryFn: ({ signal }) => unwrap(client.GET('/api/v1/facts/summary', { params: { query: { ...params } }, signal })),
    placeholderData: keepPreviousData,
  });
}

export function connectionsQuery(workspace: string) {
  return queryOptions({
    queryKey: ['connections', workspace],
    queryFn: ({ signal }) => unwrap(client.GET('/api/v1/connections', { params: { query: { workspace } }, signal })),
  });
}

export function streamsQuery(workspace: string, id: string) {
  return queryOptions({
    queryKey: ['streams', workspace, id],
    queryFn: ({ signal }) => unwrap(client.GET('/api/v1/connections/{id}/streams', { params: { path: { id }, query: { workspace } }, signal })),
  });
}

/** A delivery to send by hand. */
export function exampleQuery(workspace: string, id: string) {
  return queryOptions({
    queryKey: ['example', workspace, id],
    queryFn: ({ signal }) => unwrap(client.GET('/api/v1/connections/{id}/example', { params: { path: { id }, query: { workspace } }, signal })),
    staleTime: Infinity,
  });
}

type Settings = Record<string, unknown>;

/** Says what rules would make of the alerts of the last 30 days; nothing is stored. */
export function previewAlertRules(workspace: string, csrfToken: string, id: string, settings: Settings): Promise<AlertPreview> {
  return unwrap(
    client.POST('/api/v1/connections/{id}/alert-rules/preview', {
      params: { path: { id }, query: { workspace }, header: { 'X-CSRF-Token': csrfToken } },
      body: { settings },
    }),
  );
}

/** Puts settings of a connection in force. */
export function saveSettings(workspace: string, csrfToken: string, id: string, settings: Settings) {
  return unwrap(
    client.PUT('/api/v1/connections/{id}', { params: { path: { id }, query: { workspace }, header: { 'X-CSRF-Token': csrfToken } }, body: { settings } }),
  );
}

export interface DeliveriesParams extends Omit<DeliveriesQuery, 'cursor' | 'limit'> {
  readonly workspace: string;
}

export function deliveriesQuery(params: DeliveriesParams) {
  return infiniteQueryOptions({
    queryKey: ['deliveries', params],
    queryFn: ({ signal, pageParam }) =>
      unwrap(
        client.GET('/api/v1/deliveries', {
          params: { query: { ...params, limit: longPage, ...(pageParam && { cursor: pageParam }) } },
          signal,
        }),
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next,
    placeholderData: keepPreviousData,
  });
}

/** One delivery with its headers and body. */
export function deliveryQuery(workspace: string, id: string) {
  return queryOptions({
    queryKey: ['delivery', workspace, id],
    queryFn: ({ signal }) =>
      unwrap(client.GET('/api/v1/deliveries/{id}', { params: { path: { id }, query: { workspace } }, signal })),
  });
}

/** Reads deliveries again, or says in a dry run what that would change. */
export function replay(workspace: string, csrfToken: string, request: ReplayRequest): Promise<ReplayResult> {
  return unwrap(
    client.POST('/api/v1/deliveries/replay', {
      params: { query: { workspace }, header: { 'X-CSRF-Token': csrfToken } },
      body: request,
    }),
  );
}

export interface FlowParams {
  readonly workspace: string;
  readonly range: Range;
  readonly application?: string;
  readonly group?: string;
}

function flowParts({ workspace, range, application, group }: FlowParams) {
  return { workspace, ...windowOf(range), ...(application && { application }), ...(group && { group }) };
}

function flowKey({ workspace, range, application, group }: FlowParams) {
  return [workspace, formatRange(range), application ?? null, group ?? null] as const;
}

/** Where changes spend their time on the way to production. */
export function flowQuery(params: FlowParams) {
  return queryOptions({
    queryKey: ['value-stream', ...flowKey(params)],
    queryFn: ({ signal }) => unwrap(client.GET('/api/v1/value-stream', { params: { query: flowParts(params) }, signal })),
    placeholderData: keepPreviousData,
  });
}

/** Changes written with the help of a model beside others like them. */
export function assistedQuery(params: FlowParams) {
  return queryOptions({
    queryKey: ['assisted', ...flowKey(params)],
    queryFn: ({ signal }) => unwrap(client.GET('/api/v1/assisted', { params: { query: flowParts(params) }, signal })),
    placeholderData: keepPreviousData,
  });
}

export function policiesQuery(workspace: string) {
  return queryOptions({
    queryKey: ['policies', workspace],
    queryFn: ({ signal }) => unwrap(client.GET('/api/v1/policies', { params: { query: { workspace } }, signal })),
  });
}

/** Says what rules would make of the last year; nothing is stored. */
export function previewPolicy(workspace: string, csrfToken: string, policy: PolicyBody): Promise<PolicyPreview> {
  return unwrap(
    client.POST('/api/v1/policies/preview', { params: { query: { workspace }, header: { 'X-CSRF-Token': csrfToken } }, body: { policy } }),
  );
}

/** Puts rules in force as the next version. */
export function savePolicy(workspace: string, csrfToken: string, body: { policy: PolicyBody; note: string; base: string; force?: boolean }) {
  return unwrap(client.POST('/api/v1/policies', { params: { query: { workspace }, header: { 'X-CSRF-Token': csrfToken } }, body }));
}
