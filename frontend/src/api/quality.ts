import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query';
import { formatRange, windowOf, type Range } from '../url/state';
import { client, unwrap } from './client';
import type { Instant, MetricName, Named } from './types';

export const signals = ['deployment', 'change', 'commit', 'incident', 'build', 'artifact', 'work_item', 'flag_change', 'evidence', 'measurement', 'ownership'] as const;
export type Signal = (typeof signals)[number];

export const signalStates = ['flowing', 'stale', 'never', 'not_expected'] as const;
export type SignalState = (typeof signalStates)[number];

/** One signal of one application. */
export interface CoverageCell {
  signal: Signal;
  state: SignalState;
  reason: string;
  last_at: Instant | null;
  recent: number | null;
  usual_seconds: number | null;
  limit_seconds: number | null;
  silent_seconds: number | null;
  have: number;
  of: number;
  fix: '' | 'connection' | 'claims' | 'docs' | 'catalogue';
}

export interface CoverageRow {
  application: Named;
  group: Named | null;
  gaps: number;
  cells: CoverageCell[];
}

export interface SignalCounts {
  signal: Signal;
  flowing: number;
  stale: number;
  never: number;
  not_expected: number;
}

export interface CoverageAnswer {
  items: CoverageRow[];
  next: string | null;
  signals: SignalCounts[];
  applications: number;
  found: number;
  at: Instant;
}

export interface CoverageGroup {
  group: Named;
  path: string[];
  applications: number;
  gaps: number;
  signals: SignalCounts[];
}

export interface ChainPart {
  reason: string;
  /** Below 0 for what is left out. */
  count: number;
}

export interface ChainStep {
  step: 'arrived' | 'recorded' | 'speaking' | 'records' | 'observations' | 'facts' | 'included';
  count: number | null;
  parts: ChainPart[];
}

export interface QualityChain {
  metric: MetricName;
  of: string;
  window: { from: Instant; to: Instant };
  value: number | null;
  n: number;
  untraced: '' | 'packed' | 'too_many';
  steps: ChainStep[];
  narrowing: { step: string; count: number }[];
}

export const anomalyKinds = ['counted_twice', 'volume_drop', 'silent_connection', 'clock_ahead', 'clock_behind', 'unclaimed', 'told_twice'] as const;
export type AnomalyKind = (typeof anomalyKinds)[number];

export interface DataAnomaly {
  kind: AnomalyKind;
  severity: 'warning' | 'note';
  connections: { id: string; name: string }[];
  sources: string[];
  applications: Named[];
  signal: string;
  since: Instant | null;
  n: number;
  of: number | null;
  observed: number | null;
  expected: number | null;
  seconds: number | null;
  usual_seconds: number | null;
  limit_seconds: number | null;
  examples: { facts: string[]; text: string; n: number }[];
}

export interface AnomaliesAnswer {
  items: DataAnomaly[];
  looked: { kind: AnomalyKind; looked: number; judged: number; found: number }[];
  at: Instant;
}

export interface CoverageQuery {
  workspace?: string;
  group?: string;
  q?: string;
  signal?: Signal;
  state?: SignalState;
  sort?: string;
  descending?: boolean;
  cursor?: string;
  limit?: number;
}

export interface ChainQuery {
  workspace?: string;
  metric: MetricName;
  application?: string;
  group?: string;
  from?: string;
  to?: string;
}

const minute = 60_000;

/** The matrix page by page, in the order of the server. */
export function coverageQuery(params: CoverageQuery) {
  return infiniteQueryOptions({
    queryKey: ['coverage', params],
    queryFn: ({ signal, pageParam }) =>
      unwrap(client.GET('/api/v1/data-quality/coverage', { params: { query: { ...params, limit: 50, ...(pageParam && { cursor: pageParam }) } }, signal })),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next,
    placeholderData: keepPreviousData,
    staleTime: minute,
  });
}

export function coverageGroupsQuery(workspace: string) {
  return queryOptions({
    queryKey: ['coverage-groups', workspace],
    queryFn: ({ signal }) => unwrap(client.GET('/api/v1/data-quality/groups', { params: { query: { workspace } }, signal })),
    staleTime: minute,
  });
}

export interface ChainParams {
  readonly workspace: string;
  readonly metric: MetricName;
  readonly range: Range;
  readonly application?: string;
  readonly group?: string;
}

export function chainQuery({ workspace, metric, range, application, group }: ChainParams) {
  const scope = { ...(application && { application }), ...(group && { group }) };
  return queryOptions({
    queryKey: ['chain', workspace, metric, formatRange(range), scope],
    queryFn: ({ signal }) => unwrap(client.GET('/api/v1/data-quality/chain', { params: { query: { workspace, metric, ...windowOf(range), ...scope } }, signal })),
    placeholderData: keepPreviousData,
    staleTime: minute,
  });
}

export function anomaliesQuery(workspace: string) {
  return queryOptions({
    queryKey: ['data-anomalies', workspace],
    queryFn: ({ signal }) => unwrap(client.GET('/api/v1/data-quality/anomalies', { params: { query: { workspace } }, signal })),
    staleTime: minute,
  });
}
