import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query';
import { client, unwrap } from './client';
import type { components } from './schema.gen';
import type { Instant } from './types';

type Schemas = components['schemas'];

/** What a budget is in, said once for lists, tiles and charts. */
export const sloStatuses = ['healthy', 'watch', 'at_risk', 'exhausted', 'no_data', 'too_few_events'] as const satisfies readonly SloRow['status'][];
export type SloStatus = SloRow['status'];

/** One objective over one series, and its budget. Shares are of the budget; left and allowed are in the unit of the row. Nothing is clamped. */
export type SloRow = Schemas['LevelRow'];
export type SloList = Schemas['LevelsView'];
/** What took most of the budget last. */
export type Spender = Schemas['LevelSpender'];
export type SloDetail = Schemas['LevelDetail'];
/** What is promised, in parts. */
export type SloPromise = Schemas['LevelPromise'];
export type SloObjective = Schemas['LevelObjective'];
export type SloCorrection = Schemas['LevelCorrection'];
export type SloVersion = Schemas['LevelVersion'];
/** Several objectives as one. */
export type SloComposite = Schemas['LevelComposite'];
/** Why there is no value. */
export type Why = Schemas['LevelWhy'];
/** Who spent the budget of the window. */
export type Spend = Schemas['LevelSpend'];
export type SpendEntry = Schemas['LevelSpendEntry'];
export type BurnDownAnswer = Schemas['LevelBurndown'];
export type BurnAnswer = Schemas['LevelBurn'];
export type SloAlerts = Schemas['ListLevelAlertSpan'];
export type WhatIfAnswer = Schemas['LevelWhatIf'];
export type WhatIfRow = Schemas['LevelOutcome'];
export type SloAnomaly = Schemas['LevelAnomaly'];
/** How asking a connection goes. */
export type SloMeasuring = Schemas['LevelMeasuring'];
/** A stretch of which something became known late. */
export type SloLate = Schemas['LevelLate'];
/** Measurements that an SLO can be made of. */
export type MeasuredSeries = Schemas['Series'];
/** A remark on a document. */
export type Lint = Schemas['LevelRemark'];
/** What a document would mean, and what it would have measured. */
export type SloPreview = Schemas['LevelPreview'];
export type SavedSlo = Schemas['SavedLevel'];

/** A document; base is the version that it was made from, 0 replaces whatever is there. */
export interface DocumentRequest {
  document: string;
  base?: number;
}

export interface CorrectionRequest {
  from: Instant;
  to: Instant;
  mode: SloCorrection['mode'];
  reason: string;
}

export interface SlosParams {
  readonly workspace: string;
  readonly application?: string;
  readonly group?: string;
  readonly status?: SloStatus;
  readonly sort?: 'remaining' | 'name' | 'burn';
  readonly q?: string;
  readonly limit?: number;
}

export function slosQuery(params: SlosParams) {
  return infiniteQueryOptions({
    queryKey: ['slos', params],
    queryFn: ({ signal, pageParam }) =>
      unwrap(client.GET('/api/v1/service-levels', { params: { query: { ...params, limit: params.limit ?? 50, ...(pageParam && { cursor: pageParam }) } }, signal })),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next,
    placeholderData: keepPreviousData,
  });
}

export function sloQuery(workspace: string, id: string) {
  return queryOptions({
    queryKey: ['slo', workspace, id],
    queryFn: ({ signal }) => unwrap(client.GET('/api/v1/service-levels/{id}', { params: { path: { id }, query: { workspace } }, signal })),
  });
}

/** One objective of one SLO over one series; an empty text is the first. */
export interface ObjectiveParams {
  readonly workspace: string;
  readonly id: string;
  readonly objective: string;
  readonly series: string;
  readonly environment: string;
}

/** How a row is asked about. */
export function objectiveParams(workspace: string, row: SloRow): ObjectiveParams {
  const { id, objective, series, environment } = row;
  return { workspace, id, objective, series, environment };
}

function objectiveOf({ workspace, id, objective, series, environment }: ObjectiveParams) {
  return { path: { id }, query: { workspace, ...(objective && { objective }), ...(series && { series }), ...(environment && { environment }) } };
}

function keyOf(params: ObjectiveParams, question: string): string[] {
  return ['slo', params.workspace, params.id, question, params.objective, params.series, params.environment];
}

/** How a budget was spent: that of an objective, or of all objectives of a composite as one. */
export function burnDownQuery(params: ObjectiveParams, points: number, composite = false) {
  return queryOptions({
    queryKey: [...keyOf(params, 'burndown'), points, composite],
    queryFn: ({ signal }) => {
      const { path, query } = objectiveOf(params);
      return unwrap(client.GET('/api/v1/service-levels/{id}/burndown', { params: { path, query: { ...query, points, ...(composite && { composite }) } }, signal }));
    },
  });
}

export function spendQuery(params: ObjectiveParams) {
  return queryOptions({
    queryKey: keyOf(params, 'spend'),
    queryFn: ({ signal }) => unwrap(client.GET('/api/v1/service-levels/{id}/spend', { params: objectiveOf(params), signal })),
  });
}

/** How fast a budget burns: that of an objective, or of all objectives of a composite as one. */
export function burnQuery(params: ObjectiveParams, composite = false) {
  return queryOptions({
    queryKey: [...keyOf(params, 'burn'), composite],
    queryFn: ({ signal }) => {
      const { path, query } = objectiveOf(params);
      return unwrap(client.GET('/api/v1/service-levels/{id}/burn', { params: { path, query: { ...query, ...(composite && { composite }) } }, signal }));
    },
  });
}

export function sloAlertsQuery(workspace: string, id: string) {
  return infiniteQueryOptions({
    queryKey: ['slo', workspace, id, 'alerts'],
    queryFn: ({ signal, pageParam }) =>
      unwrap(client.GET('/api/v1/service-levels/{id}/alerts', { params: { path: { id }, query: { workspace, ...(pageParam && { cursor: pageParam }) } }, signal })),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next,
  });
}

/** What would have been with another target over some windows; target is an exact share, "0.9995". */
export function whatIfQuery(params: ObjectiveParams, target: string, windows: string[]) {
  return queryOptions({
    queryKey: [...keyOf(params, 'what-if'), target, ...windows],
    queryFn: ({ signal }) => {
      const { path, query } = objectiveOf(params);
      return unwrap(client.GET('/api/v1/service-levels/{id}/what-if', { params: { path, query: { ...query, target: [target], window: windows } }, signal }));
    },
    placeholderData: keepPreviousData,
  });
}

/** How many series are listed at a time. */
const seriesPage = 100;

/** The series that were measured of an application. */
export function seriesQuery(workspace: string, application: string) {
  return infiniteQueryOptions({
    queryKey: ['series', workspace, application],
    queryFn: ({ signal, pageParam }) => unwrap(client.GET('/api/v1/series', { params: { query: { workspace, application, limit: seriesPage, ...(pageParam && { cursor: pageParam }) } }, signal })),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next,
    enabled: application !== '',
  });
}

const signed = (workspace: string, csrfToken: string) => ({ query: { workspace }, header: { 'X-CSRF-Token': csrfToken } });

/** Says what a document means and what it would have measured; nothing is stored. */
export function previewSlo(workspace: string, csrfToken: string, document: string): Promise<SloPreview> {
  return unwrap(client.POST('/api/v1/service-levels/preview', { params: signed(workspace, csrfToken), body: { document } }));
}

/** What is changed: an SLO, and the number of the version that was read. */
export interface Changed {
  readonly id: string;
  readonly base: number;
}

/** Stores a document: a new SLO, or another version of one. */
export function saveSlo(workspace: string, csrfToken: string, changed: Changed | null, document: string): Promise<SavedSlo> {
  const params = signed(workspace, csrfToken);
  if (changed === null) return unwrap(client.POST('/api/v1/service-levels', { params, body: { document } }));
  const { id, base } = changed;
  return unwrap(client.PUT('/api/v1/service-levels/{id}', { params: { ...params, path: { id } }, body: { document, base } }));
}

export function correctSlo(workspace: string, csrfToken: string, id: string, body: CorrectionRequest): Promise<SloCorrection> {
  return unwrap(client.POST('/api/v1/service-levels/{id}/corrections', { params: { ...signed(workspace, csrfToken), path: { id } }, body }));
}

export function withdrawCorrection(workspace: string, csrfToken: string, id: string, correction: string): Promise<unknown> {
  return unwrap(client.DELETE('/api/v1/service-levels/{id}/corrections/{correction}', { params: { ...signed(workspace, csrfToken), path: { id, correction } } }));
}
