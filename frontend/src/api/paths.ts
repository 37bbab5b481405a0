import type { IncidentDetail, LinkRequest } from './incident';
import type { AnomaliesAnswer, ChainQuery, CoverageAnswer, CoverageGroup, CoverageQuery, QualityChain } from './quality';
import type { BurnAnswer, BurnDownAnswer, CorrectionRequest, DocumentRequest, MeasuredSeries, SavedSlo, SloAlerts, SloCorrection, SloDetail, SloList, SloPreview, SloStatus, Spend, WhatIfAnswer } from './slos';
import type { AcceptedLevel, LevelSearch, SearchRequest } from './sloSuggestions';
import type { AcceptRequest, Decision, Suggestion, SuggestionsQuery } from './suggestions';
import type {
  AlertPreview,
  ApplicationDetail,
  ApplicationItem,
  AssistedAnswer,
  BadgeItem,
  Benchmark,
  ChangeItem,
  Connection,
  ConnectionExample,
  DeliveryDetail,
  DeliveryItem,
  Changed,
  DeploymentItem,
  DeploymentStory,
  Entry,
  ExplainAnswer,
  FactDetail,
  FactsSummary,
  GroupItem,
  IncidentItem,
  List,
  MetricName,
  Overview,
  PeerAnswer,
  PolicyBody,
  PolicyPreview,
  PolicyVersion,
  ProblemBody,
  ReplayRequest,
  ReplayResult,
  ScopedDora,
  Session,
  Stream,
  ValueStream,
} from './types';

interface Answers<T> {
  200: { headers: Record<string, unknown>; content: { 'application/json': T } };
  default: { headers: Record<string, unknown>; content: { 'application/problem+json': ProblemBody } };
}

interface Get<Query, T, Path = never> {
  get: {
    parameters: [Path] extends [never] ? { query?: Query } : { query?: Query; path: Path };
    responses: Answers<T>;
  };
}

interface Paged {
  limit?: number;
  cursor?: string;
}

interface Spanned {
  from?: string;
  to?: string;
}

interface Scoped {
  workspace?: string;
}

/** The series of a figure: one bucket per day, week or month. */
export interface SeriesQuery extends Scoped, Spanned {
  tz?: string;
  series?: 'day' | 'week' | 'month';
  benchmark?: string;
}

/** Filters shared by the lists of facts. */
export interface FactsQuery extends Scoped, Spanned, Paged {
  application?: string;
  group?: string;
  environment?: string;
}

/** One figure of an application, a group or the whole workspace. */
export interface ExplainQuery extends Scoped, Spanned, Paged {
  metric: MetricName;
  application?: string;
  group?: string;
  capability?: string;
  ownership?: 'then' | 'today';
  environment?: string;
  include?: 'all' | 'included' | 'excluded';
}

/** Whose value stream, over which window. */
export interface FlowQuery extends Scoped, Spanned {
  tz?: string;
  application?: string;
  group?: string;
  capability?: string;
}

/** Whose figures are compared with which peer's. */
export interface PeerQuery extends Scoped, Spanned {
  as: 'devlake-2023';
  application?: string;
  group?: string;
}

interface ChangedQuery extends Scoped {
  application: string;
  since?: string;
  until?: string;
  environment?: string;
}

/** Which facts of any kind are listed; several values of one member, between commas, are alternatives. */
export interface EntriesQuery extends Scoped, Spanned, Paged {
  kind?: string;
  source?: string;
  application?: string;
  group?: string;
  environment?: string;
  status?: string;
  unclaimed?: boolean;
  q?: string;
}

/** Which deliveries are listed. */
export interface DeliveriesQuery extends Scoped, Spanned, Paged {
  outcome?: string;
  unclaimed?: boolean;
  source?: string;
  connection?: string;
  event?: string;
}

interface ById {
  id: string;
}

interface BySlug {
  slug: string;
}

interface Token {
  'X-CSRF-Token': string;
}

/** What a person sends. */
interface Send<Request, T, Path = never> {
  parameters: [Path] extends [never] ? { query?: Scoped; header: Token } : { path: Path; query?: Scoped; header: Token };
  requestBody: { content: { 'application/json': Request } };
  responses: Answers<T>;
}

/** Which SLOs are listed; the worst budget comes first. */
export interface SlosQuery extends Scoped, Paged {
  application?: string;
  group?: string;
  status?: SloStatus;
  sort?: 'remaining' | 'name' | 'burn';
  q?: string;
}

/** Which objective of an SLO, over which series; the first by default. */
interface ObjectiveQuery extends Scoped {
  objective?: string;
  series?: string;
  environment?: string;
}

/** A decision of a person on suggestions. */
interface Decide<Request> {
  post: {
    parameters: { query?: Scoped; header: { 'X-CSRF-Token': string } };
    requestBody: { content: { 'application/json': Request } };
    responses: Answers<Decision>;
  };
}

/** The read operations of the server that the pages use. */
export interface paths {
  '/api/v1/session': Get<never, Session>;
  '/api/v1/session/sign-out': {
    post: { parameters: { header: { 'X-CSRF-Token': string } }; responses: Answers<unknown> };
  };
  '/api/v1/overview': Get<SeriesQuery & { group?: string; capability?: string; by?: 'group' | 'capability'; ownership?: 'then' | 'today' }, Overview>;
  '/api/v1/applications': Get<Scoped & Paged & { group?: string; capability?: string; q?: string }, List<ApplicationItem>>;
  '/api/v1/applications/{slug}': Get<Scoped, ApplicationDetail, BySlug>;
  '/api/v1/groups': Get<Scoped & Paged, List<GroupItem>>;
  '/api/v1/capabilities': Get<Scoped & Paged, List<GroupItem>>;
  '/api/v1/deployments': Get<FactsQuery, List<DeploymentItem>>;
  '/api/v1/changes': Get<FactsQuery, List<ChangeItem>>;
  '/api/v1/incidents': Get<FactsQuery, List<IncidentItem>>;
  '/api/v1/metrics/dora': Get<
    SeriesQuery & { application?: string; group?: string; environment?: string },
    ScopedDora
  >;
  '/api/v1/value-stream': Get<FlowQuery, ValueStream>;
  '/api/v1/assisted': Get<FlowQuery, AssistedAnswer>;
  '/api/v1/explain': Get<ExplainQuery, ExplainAnswer>;
  '/api/v1/peer': Get<PeerQuery, PeerAnswer>;
  '/api/v1/data-quality/coverage': Get<CoverageQuery, CoverageAnswer>;
  '/api/v1/data-quality/groups': Get<Scoped, List<CoverageGroup>>;
  '/api/v1/data-quality/chain': Get<ChainQuery, QualityChain>;
  '/api/v1/data-quality/anomalies': Get<Scoped, AnomaliesAnswer>;
  '/api/v1/incidents/{id}': Get<Scoped, IncidentDetail, ById>;
  '/api/v1/incidents/{id}/link': {
    post: {
      parameters: { path: ById; query?: Scoped; header: { 'X-CSRF-Token': string } };
      requestBody: { content: { 'application/json': LinkRequest } };
      responses: Answers<IncidentDetail>;
    };
    delete: {
      parameters: { path: ById; query?: Scoped & { reason?: string }; header: { 'X-CSRF-Token': string } };
      responses: Answers<IncidentDetail>;
    };
  };
  '/api/v1/facts/{id}': Get<Scoped, FactDetail, ById>;
  '/api/v1/deployments/{id}/story': Get<Scoped, DeploymentStory, ById>;
  '/api/v1/changed': Get<ChangedQuery, Changed>;
  '/api/v1/facts': Get<EntriesQuery, List<Entry>>;
  '/api/v1/facts/summary': Get<Omit<EntriesQuery, keyof Paged>, FactsSummary>;
  '/api/v1/connections': Get<Scoped, List<Connection>>;
  '/api/v1/connections/{id}': {
    put: {
      parameters: { path: ById; query?: Scoped; header: { 'X-CSRF-Token': string } };
      requestBody: { content: { 'application/json': { settings: Record<string, unknown> } } };
      responses: Answers<Connection>;
    };
  };
  '/api/v1/connections/{id}/streams': Get<Scoped, List<Stream>, ById>;
  '/api/v1/connections/{id}/example': Get<Scoped, ConnectionExample, ById>;
  '/api/v1/connections/{id}/alert-rules/preview': {
    post: {
      parameters: { path: ById; query?: Scoped; header: { 'X-CSRF-Token': string } };
      requestBody: { content: { 'application/json': { settings: Record<string, unknown> } } };
      responses: Answers<AlertPreview>;
    };
  };
  '/api/v1/deliveries': Get<DeliveriesQuery, List<DeliveryItem>>;
  '/api/v1/deliveries/{id}': Get<Scoped, DeliveryDetail, ById>;
  '/api/v1/deliveries/replay': {
    post: {
      parameters: { query?: Scoped; header: { 'X-CSRF-Token': string } };
      requestBody: { content: { 'application/json': ReplayRequest } };
      responses: Answers<ReplayResult>;
    };
  };
  '/api/v1/policies': Get<Scoped, List<PolicyVersion>> & {
    post: {
      parameters: { query?: Scoped; header: { 'X-CSRF-Token': string } };
      requestBody: { content: { 'application/json': { policy: PolicyBody; note: string; base: string; force?: boolean } } };
      responses: Answers<PolicyVersion & { saved: boolean }>;
    };
  };
  '/api/v1/policies/preview': {
    post: {
      parameters: { query?: Scoped; header: { 'X-CSRF-Token': string } };
      requestBody: { content: { 'application/json': { policy: PolicyBody } } };
      responses: Answers<PolicyPreview>;
    };
  };
  '/api/v1/series': Get<Scoped & Paged & { application?: string; environment?: string; q?: string }, List<MeasuredSeries>>;
  '/api/v1/service-levels': Get<SlosQuery, SloList> & { post: Send<DocumentRequest, SavedSlo> };
  '/api/v1/service-levels/preview': { post: Send<DocumentRequest, SloPreview> };
  '/api/v1/service-levels/suggestions': { post: Send<SearchRequest, LevelSearch> };
  '/api/v1/service-levels/suggestions/search': Get<Scoped, LevelSearch> & { delete: { parameters: { query?: Scoped; header: Token }; responses: Answers<LevelSearch> } };
  '/api/v1/service-levels/accept': { post: Send<{ documents: string[] }, List<AcceptedLevel>> };
  '/api/v1/service-levels/{id}': Get<Scoped, SloDetail, ById> & { put: Send<DocumentRequest, SavedSlo, ById> };
  '/api/v1/service-levels/{id}/burndown': Get<ObjectiveQuery & { points?: number }, BurnDownAnswer, ById>;
  '/api/v1/service-levels/{id}/spend': Get<ObjectiveQuery, Spend, ById>;
  '/api/v1/service-levels/{id}/burn': Get<ObjectiveQuery & { points?: number }, BurnAnswer, ById>;
  '/api/v1/service-levels/{id}/alerts': Get<Scoped & Paged, SloAlerts, ById>;
  '/api/v1/service-levels/{id}/what-if': Get<ObjectiveQuery & { target?: string[]; window?: string[] }, WhatIfAnswer, ById>;
  '/api/v1/service-levels/{id}/corrections': { post: Send<CorrectionRequest, SloCorrection, ById> };
  '/api/v1/service-levels/{id}/corrections/{correction}': {
    delete: { parameters: { path: ById & { correction: string }; query?: Scoped; header: Token }; responses: Answers<unknown> };
  };
  '/api/v1/suggestions': Get<SuggestionsQuery, List<Suggestion>>;
  '/api/v1/suggestions/accept': Decide<AcceptRequest>;
  '/api/v1/suggestions/dismiss': Decide<{ ids: string[] }>;
  '/api/v1/suggestions/reopen': Decide<{ ids: string[] }>;
  '/api/v1/badges': Get<Scoped & { application?: string }, List<BadgeItem>>;
  '/api/v1/benchmarks': Get<Scoped, List<Benchmark>>;
}
