import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query';
import { client, unwrap } from './client';
import type { Instant } from './types';

/** What a budget is in, said once for lists, tiles and charts. */
export const sloStatuses = ['healthy', 'watch', 'at_risk', 'exhausted', 'no_data', 'too_few_events'] as const;
export type SloStatus = (typeof sloStatuses)[number];

interface Between {
  from: Instant;
  to: Instant;
}

export interface SloWindow extends Between {
  /** "30d", "1M". */
  span: string;
  rolling: boolean;
  zone: string;
}

/** Shares of the budget; left and allowed are in the unit of the row. Nothing is clamped. */
export interface Budget {
  consumed: number | null;
  remaining: number | null;
  /** Consumption at the end of a calendar window, if it goes on as now. */
  projected: number | null;
  left: number | null;
  allowed: number | null;
}

/** What took most of the budget last. */
export interface Spender {
  kind: SpendCause['kind'];
  id: string;
  title: string;
  at: Instant | null;
  share: number;
}

export interface SloAlert {
  severity: string;
  state: string;
  since: Instant | null;
}

/** One objective and its budget now. */
export interface SloRow {
  id: string;
  name: string;
  display_name: string;
  objective: string;
  application: { slug: string; name: string; tier: number; group: { slug: string; name: string } | null };
  environment: string;
  /** Labels of the series, '{region="eu"}'; empty for a single one. */
  series: string;
  target: number;
  window: SloWindow;
  method: string;
  unit: 'events' | 'slices';
  slice_seconds: number;
  sli: number | null;
  budget: Budget;
  good: number;
  bad: number;
  total: number;
  coverage: number | null;
  low_volume: boolean;
  burn: { '1h': number | null; '6h': number | null; '3d': number | null };
  status: SloStatus;
  reason: string;
  exhausts_at: Instant | null;
  exhausts_range: Between | null;
  thaws_at: Instant | null;
  last_spender: Spender | null;
  alert: SloAlert | null;
  experienced: { remaining: number | null } | null;
}

export interface SloCorrection {
  id: string;
  from: Instant;
  to: Instant;
  mode: 'exclude' | 'good';
  reason: string;
  author: string;
  at: Instant;
  /** When it was withdrawn; null while it holds. */
  withdrawn_at?: Instant | null;
}

export interface SloVersion {
  version: number;
  at: Instant;
  by: string;
  source: string;
}

export interface SloDefinition {
  document: string;
  version: number;
  versions: SloVersion[];
  imported_from: string;
}

export interface SloDetail extends SloRow {
  objectives: SloRow[];
  statement: string;
  definition: SloDefinition;
  corrections: SloCorrection[];
  anomalies: { kind: string; field: string; text: string; n: number }[];
  dimensions: SloRow[];
}

export interface SpendCause {
  kind: 'deployment' | 'flag_change' | 'incident';
  id: string;
  title: string;
  at: Instant | null;
}

export interface SpendEntry {
  kind: 'deployment' | 'flag_change' | 'incident' | 'joint' | 'unattributed';
  causes: SpendCause[];
  bad: number;
  share: number;
  low: number | null;
  high: number | null;
  minutes: number | null;
  evidence: string;
}

/** Who spent the budget of the window; the entries add up to what was consumed. */
export interface Spend {
  window: Between;
  consumed: number | null;
  bad: number;
  unit: SloRow['unit'];
  horizon_seconds: number;
  baseline_seconds: number;
  entries: SpendEntry[];
  unattributed: number | null;
}

export interface BurnDownAnswer {
  window: SloWindow;
  points: { at: Instant; remaining: number | null; experienced: number | null; no_data: boolean }[];
  forecast: { at: Instant; low: number; middle: number; high: number }[];
  even: { at: Instant; remaining: number }[];
  marks: { kind: 'deployment' | 'incident' | 'flag_change' | 'policy' | 'correction'; id: string; title: string; at: Instant; until: Instant | null; consumed: number | null }[];
  exhausted: Between[];
}

export interface BurnAnswer {
  rows: { severity: string; long: string; short: string; factor: number; reachable: boolean }[];
  series: { lookback: string; points: { at: Instant; burn: number | null }[] }[];
  rate: { at: Instant; good: number | null; bad: number | null }[];
}

export interface SloAlertSpan {
  severity: string;
  state: string;
  from: Instant;
  until: Instant | null;
  long: string;
  short: string;
  peak: number | null;
}

export interface WhatIfRow {
  target: number;
  window: string;
  windows: (Between & { met: boolean | null })[];
  met: number;
  missed: number;
  now: { remaining: number | null; status: SloStatus };
}

export interface Lint {
  field: string;
  severity: string;
  text: string;
  fix: string;
}

/** What a document would mean, and what it would have measured. */
export interface SloPreview {
  id: string;
  lints: Lint[];
  rows: SloRow[];
}

export interface SlosParams {
  readonly workspace: string;
  readonly application?: string;
  readonly group?: string;
  readonly status?: string;
  readonly sort?: string;
  readonly query?: string;
  readonly limit?: number;
}

export function slosQuery(params: SlosParams) {
  return infiniteQueryOptions({
    queryKey: ['slos', params],
    queryFn: ({ signal, pageParam }) =>
      unwrap(client.GET('/api/v1/slos', { params: { query: { ...params, limit: params.limit ?? 50, ...(pageParam && { cursor: pageParam }) } }, signal })),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next,
    placeholderData: keepPreviousData,
  });
}

export function sloQuery(workspace: string, id: string) {
  return queryOptions({
    queryKey: ['slo', workspace, id],
    queryFn: ({ signal }) => unwrap(client.GET('/api/v1/slos/{id}', { params: { path: { id }, query: { workspace } }, signal })),
  });
}

/** One objective of one SLO. */
export interface ObjectiveParams {
  readonly workspace: string;
  readonly id: string;
  readonly objective: string;
}

const objectiveOf = ({ workspace, id, objective }: ObjectiveParams) => ({ path: { id }, query: { workspace, ...(objective && { objective }) } });

export function burnDownQuery(params: ObjectiveParams, points: number) {
  return queryOptions({
    queryKey: ['slo', params.workspace, params.id, 'burndown', params.objective, points],
    queryFn: ({ signal }) => {
      const { path, query } = objectiveOf(params);
      return unwrap(client.GET('/api/v1/slos/{id}/burndown', { params: { path, query: { ...query, points } }, signal }));
    },
  });
}

export function spendQuery(params: ObjectiveParams) {
  return queryOptions({
    queryKey: ['slo', params.workspace, params.id, 'spend', params.objective],
    queryFn: ({ signal }) => unwrap(client.GET('/api/v1/slos/{id}/spend', { params: objectiveOf(params), signal })),
  });
}

export function burnQuery(params: ObjectiveParams) {
  return queryOptions({
    queryKey: ['slo', params.workspace, params.id, 'burn', params.objective],
    queryFn: ({ signal }) => unwrap(client.GET('/api/v1/slos/{id}/burn', { params: objectiveOf(params), signal })),
  });
}

export function sloAlertsQuery(workspace: string, id: string) {
  return infiniteQueryOptions({
    queryKey: ['slo', workspace, id, 'alerts'],
    queryFn: ({ signal, pageParam }) =>
      unwrap(client.GET('/api/v1/slos/{id}/alerts', { params: { path: { id }, query: { workspace, ...(pageParam && { cursor: pageParam }) } }, signal })),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next,
  });
}

/** What would have been with another target; percent is exact text, "99.95". */
export function whatIfQuery(params: ObjectiveParams, target: string) {
  return queryOptions({
    queryKey: ['slo', params.workspace, params.id, 'what-if', params.objective, target],
    queryFn: ({ signal }) => {
      const { path, query } = objectiveOf(params);
      return unwrap(client.GET('/api/v1/slos/{id}/what-if', { params: { path, query: { ...query, target } }, signal }));
    },
    placeholderData: keepPreviousData,
  });
}

const signed = (workspace: string, csrfToken: string) => ({ query: { workspace }, header: { 'X-CSRF-Token': csrfToken } });

/** Says what a document means and what it would have measured; nothing is stored. */
export function previewSlo(workspace: string, csrfToken: string, document: string): Promise<SloPreview> {
  return unwrap(client.POST('/api/v1/slos', { params: signed(workspace, csrfToken), body: { document, preview: true } }));
}

/** Stores a document: a new SLO, or another version of one. */
export function saveSlo(workspace: string, csrfToken: string, id: string | null, document: string): Promise<SloPreview> {
  const params = signed(workspace, csrfToken);
  if (id === null) return unwrap(client.POST('/api/v1/slos', { params, body: { document, preview: false } }));
  return unwrap(client.PUT('/api/v1/slos/{id}', { params: { ...params, path: { id } }, body: { document } }));
}

export interface CorrectionRequest {
  from: Instant;
  to: Instant;
  mode: SloCorrection['mode'];
  reason: string;
}

export function correctSlo(workspace: string, csrfToken: string, id: string, body: CorrectionRequest): Promise<SloCorrection> {
  return unwrap(client.POST('/api/v1/slos/{id}/corrections', { params: { ...signed(workspace, csrfToken), path: { id } }, body }));
}

export function withdrawCorrection(workspace: string, csrfToken: string, id: string, correction: string): Promise<unknown> {
  return unwrap(client.DELETE('/api/v1/slos/{id}/corrections/{correction}', { params: { ...signed(workspace, csrfToken), path: { id, correction } } }));
}
