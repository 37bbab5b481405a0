import type { Outcome } from '../url/state';

/**
 * The shapes the server answers with, by their names in the product. A missing
 * value is null, never 0. Durations are seconds, shares are 0..1, instants are
 * RFC 3339 text.
 */
export type Instant = string;

export interface Window {
  from: Instant;
  to: Instant;
}

export interface Named {
  slug: string;
  name: string;
}

export const metricNames = [
  'change_lead_time',
  'deployment_frequency',
  'failed_deployment_recovery_time',
  'change_fail_rate',
  'deployment_rework_rate',
] as const;

export type MetricName = (typeof metricNames)[number];

/** Why a page shows no value; empty or absent where it shows it. */
export type Withheld = '' | 'no_value' | 'too_few' | 'low_coverage';

export interface DeploymentFrequency {
  withheld?: Withheld;
  per_day: number | null;
  deployments: number;
  deployment_days: number;
  unit: string;
  rollbacks: number;
  redeployments: number;
  low: number | null;
  high: number | null;
}

export type PhaseName = 'coding' | 'pickup' | 'review' | 'merge_wait' | 'build' | 'deploy';

export interface Phase {
  phase: PhaseName;
  median_seconds: number | null;
  n: number;
}

export interface Percentiles {
  value_seconds?: number | null;
  statistic?: string;
  median_seconds: number | null;
  p75_seconds: number | null;
  p90_seconds: number | null;
  n: number;
}

export interface ChangeLeadTime extends Percentiles {
  withheld?: Withheld;
  coverage: number | null;
  low_seconds: number | null;
  high_seconds: number | null;
  unit: string;
  phases: Phase[];
  per_commit: Percentiles;
}

export interface ChangeFailRate {
  withheld?: Withheld;
  value: number | null;
  failed: number;
  n: number;
  low: number | null;
  high: number | null;
  coverage: number | null;
  failed_attempts: number;
  inferred: number;
  immature: number;
  /** Deployment attempts of which some did not get through; none of them is a failure of a deployment. */
  attempts?: { value: number | null; failed: number; cancelled: number; n: number; low: number | null; high: number | null };
  sensitivity?: WindowRate[];
}

/** A fail rate as one length of the failure window gives it. */
export interface WindowRate {
  /** Null where each application has its own. */
  window_seconds: number | null;
  value: number | null;
  failed: number;
  n: number;
  low: number | null;
  high: number | null;
  in_force: boolean;
}

export interface RecoveryTime extends Percentiles {
  withheld?: Withheld;
  low_seconds: number | null;
  high_seconds: number | null;
  unresolved: number;
  from_deployment: { median_seconds: number | null; n: number };
}

export interface ReworkRate {
  withheld?: Withheld;
  value: number | null;
  rework: number;
  n: number;
  low: number | null;
  high: number | null;
}

export interface Exclusion {
  metric: MetricName;
  reason: string;
  count: number;
  ids: string[];
}

export interface Anomaly {
  kind: string;
  count: number;
  ids: string[];
}

export interface DoraReport {
  window: Window;
  deployment_frequency: DeploymentFrequency;
  change_lead_time: ChangeLeadTime;
  change_fail_rate: ChangeFailRate;
  failed_deployment_recovery_time: RecoveryTime;
  deployment_rework_rate: ReworkRate;
  incidents: { opened: number; attributed: number };
  unattributed_incidents: number;
  exclusions: Exclusion[];
  anomalies: Anomaly[];
  methods: Record<'ancestry' | 'branch' | 'time' | 'none', number> & Partial<Record<ShipMethod, number>>;
  policy: { version: string };
}

export interface Bucket {
  from: Instant;
  to: Instant;
  complete: boolean;
  change_lead_time: Percentiles;
  deployment_frequency: { deployments: number; deployment_days: number; per_day: number | null };
  change_fail_rate: {
    value: number | null;
    failed: number;
    n: number;
    low80: number | null;
    high80: number | null;
  };
  failed_deployment_recovery_time: { value_seconds?: number | null; median_seconds: number | null; n: number };
  deployment_rework_rate: { value: number | null; rework: number; n: number };
}

export type Direction = 'better' | 'worse' | 'higher' | 'lower' | 'no_clear_change' | 'no_value';

export interface MetricChange {
  absolute: number | null;
  relative: number | null;
  direction: Direction;
  significant: boolean;
  /** Why there is no direction; empty where there is one. */
  reason: UnclearReason;
}

export type UnclearReason = '' | 'no_value' | 'too_few' | 'small_change' | 'chance' | 'definition_changed' | 'many_compared';

export type Comparison = Record<MetricName | 'incidents', MetricChange>;

/** What the weekly chart of a figure says. */
export type ControlVerdict = Exclude<Direction, 'no_value'> | 'too_few';

export interface ControlSignal {
  at: Instant;
  rule: 'beyond_limits' | 'shift';
  side: 'above' | 'below';
  direction: 'better' | 'worse' | 'higher' | 'lower';
  value: number;
  /** The week in which a shift probably began. */
  since: Instant | null;
}

export interface ControlPoint extends Window {
  value: number | null;
  n: number;
  use: 'baseline' | 'judged' | 'no_value' | 'thin' | 'immature' | 'before';
  centre: number | null;
  lower: number | null;
  upper: number | null;
}

export interface Control {
  state: 'silent' | 'provisional' | 'firm';
  reason: '' | 'no_data' | 'few_weeks' | 'definition_changed' | 'no_whole_week' | 'no_variation';
  scale: 'linear' | 'log';
  unit: 'seconds' | 'per_week' | 'share';
  baseline: Window & { weeks: number };
  judged: number;
  signals: ControlSignal[];
  verdict: ControlVerdict;
  found: 'stable' | 'shifted' | 'unusual_weeks' | 'went_back' | 'silent';
  points: ControlPoint[];
}

export type Controls = Record<MetricName, Control>;

export type EvidenceMark = 'published' | 'quoted' | 'single' | 'unverified';

/** Where a figure lies among the answers of a survey, the best first. */
export interface Standing {
  set: string;
  name: string;
  year: number;
  source: string;
  respondents: number;
  answers: string[];
  above: number;
  within: number;
  evidence: EvidenceMark;
}

export type Standings = Record<MetricName, Standing | null>;

/** Duration bands carry from and to in seconds, rate bands a value 0..1. */
export interface BenchmarkBand {
  evidence: EvidenceMark;
  name: string;
  from?: number | null;
  to?: number | null;
  value?: number | null;
}

export interface Benchmark {
  id: string;
  name: string;
  year: number;
  kind: 'cluster_centres' | 'answer_distributions';
  source: string;
  bands: Partial<Record<MetricName, BenchmarkBand[]>>;
}

export interface VerdictClause {
  code: string;
  metric: MetricName;
  relative: number | null;
}

export type Severity = 'bad' | 'watch';

export interface AttentionItem {
  code: string;
  severity: Severity;
  application: Named | null;
  group: Named | null;
  /** Declared tier of the application; 0 is unassessed. */
  tier: number;
  /** The figure behind it, in the unit of its code: a relative change, a share, days, or a count. */
  value: number | null;
  /** How many facts the value rests on. */
  n: number;
}

export type DataState = 'ok' | 'few_data' | 'no_data' | 'stale';

export interface GroupRow extends Named {
  path: string[];
  applications: number;
  state: DataState;
  report: DoraReport;
  comparison: Comparison;
  sparks: {
    change_lead_time: (number | null)[];
    deployment_frequency: (number | null)[];
    change_fail_rate: (number | null)[];
  };
}

export interface Scope {
  kind: 'application' | 'group' | 'workspace';
  slug: string;
  name: string;
}

export interface Overview {
  workspace: Named & { demo: boolean };
  scope: Scope;
  window: Window;
  previous_window: Window;
  time_zone: string;
  as_of: Instant;
  /** The latest instant that any fact carries; null without facts. */
  last_fact_at: Instant | null;
  revision: number;
  counts: {
    groups: number;
    applications: number;
    applications_with_deployments: number;
    deployments: number;
    changes: number;
  };
  coverage: number | null;
  report: DoraReport;
  previous: DoraReport | null;
  comparison: Comparison;
  series: Bucket[];
  breaks?: Break[];
  control: Controls | null;
  benchmark: Benchmark | null;
  standings: Standings | null;
  verdict: VerdictClause[];
  attention: AttentionItem[];
  groups: GroupRow[];
}

/** The answer for one application, one group or the whole workspace. */
export interface ScopedDora extends DoraReport {
  scope: Scope;
  environment: string;
  time_zone: string;
  as_of: Instant;
  revision: number;
  previous: DoraReport | null;
  comparison: Comparison;
  series?: Bucket[];
  breaks?: Break[];
  control: Controls | null;
  benchmark: Benchmark | null;
  standings: Standings | null;
}

export interface ApplicationItem extends Named {
  id: string;
  group: Named | null;
  /** The business capability that it serves. */
  capability: Named | null;
  /** 1 (most critical) to 4; 0 is unassessed. */
  tier: number;
  cadence: string;
  state: DataState;
  last_deployment_at: Instant | null;
  deployments: number;
}

export interface ApplicationDetail extends ApplicationItem {
  claims: unknown[];
  /** Who owned it one after the other; the owner of today is the last. */
  owners: { group: Named; from: Instant | null }[];
  environments: { name: string; class: string; deployments: number }[];
  repositories: string[];
  first_fact_at: Instant | null;
  last_fact_at: Instant | null;
}

export interface GroupItem extends Named {
  /** Slug of the enclosing group; not given at the top. */
  parent?: string | null;
  applications: number;
}

export type Rung = 'person' | 'explicit' | 'rollback' | 'revert' | 'hotfix' | 'incident';

/** How shipped changes were found, most trustworthy first. */
export type ShipMethod = 'ancestry' | 'artifact' | 'pick' | 'rewrite' | 'patch' | 'branch' | 'time' | 'none';

/** How sure a method's answer is; empty where it has none. */
export type ShipConfidence = 'certain' | 'likely' | 'guess' | '';

export interface DeploymentItem {
  id: string;
  source: string;
  external_id: string;
  /** As the source named it. */
  application?: string;
  /** The applications that claim it. */
  belongs_to: Named[];
  environment?: string;
  status?: string;
  repository?: string;
  commit?: string;
  version?: string;
  url?: string;
  started_at?: Instant | null;
  finished_at?: Instant | null;
  outcome: {
    counted: boolean;
    failed: boolean;
    rung: Rung | null;
    inferred: boolean;
    rework: boolean;
    baseline: boolean;
    changes: number;
    method: ShipMethod;
  };
}

/** A deployment with all its fields and its place among others. */
export interface StoryDeployment extends DeploymentItem {
  environment_class?: string;
  ref?: string;
  artifact?: string;
  group?: string;
  attempt?: number;
  actor_kind?: string;
  change_kind?: string;
  artifact_kind?: string;
  rollout?: string;
  outcome: DeploymentItem['outcome'] & { rollback: boolean; redeployment: boolean };
}

export interface ChangeItem {
  id: string;
  source: string;
  external_id: string;
  repository?: string;
  title?: string;
  url?: string;
  opened_at?: Instant | null;
  merged_at?: Instant | null;
  shipped: { deployment: string; at: Instant; lead_seconds: number | null } | null;
}

export interface IncidentItem {
  id: string;
  source: string;
  external_id: string;
  title?: string;
  severity?: string;
  url?: string;
  opened_at?: Instant | null;
  resolved_at?: Instant | null;
  attribution: { deployment: string | null; rung: Rung | null; inferred: boolean };
  recovery_seconds: number | null;
}

/** A figure that a fact counts in, or is left out of with a reason. */
export interface Use {
  application: Named;
  metric: MetricName;
  included: boolean;
  /** A code; empty where it counts. */
  reason: string;
  /** What it adds to the figure, in the figure's unit; null where it only counts. */
  value: number | null;
  at: Instant | null;
}

/** A fact of any kind. */
export interface Entry {
  id: string;
  kind: string;
  at: Instant | null;
  received_at: Instant | null;
  lag_seconds: number | null;
  source: string;
  external_id: string;
  environment: string;
  status: string;
  repository: string;
  actor_kind: string;
  summary: string;
  belongs_to: Named[];
  used_by: string[];
}

/** One thing that a source said of a fact, and the deliveries that brought it. */
export interface Observation {
  source: string;
  external_id: string;
  observed_at: Instant;
  recorded_at: Instant | null;
  revision: number;
  deleted: boolean;
  final: boolean;
  fields: Record<string, unknown>;
  deliveries: { id: string; connection: { id: string; name: string }; source: string; event: string; received_at: Instant }[];
}

/** A fact with all that was said of it and every figure it counts in. */
export interface FactDetail extends Entry {
  fields: Record<string, unknown>;
  revision: number;
  observations: Observation[];
  uses: Use[];
}

/** A fact behind a figure. */
export interface ExplainRow {
  id: string;
  kind: string;
  at: Instant | null;
  /** What it adds to the figure, in the figure's unit; null where it only counts. */
  value: number | null;
  included: boolean;
  /** Why it is left out, as a code; empty where it counts. */
  reason: string;
  /** Marks such as rollback, baseline, inferred. */
  flags: string[];
  /** Ships the change, is blamed for the incident, or stands for the group; empty if none does. */
  deployment: string;
  rung: Rung | null;
  external_id: string;
  source: string;
  repository: string;
  environment: string;
  status: string;
  summary: string;
  belongs_to: Named[];
}

/** How a figure is made, and the facts behind it. */
export interface ExplainAnswer {
  metric: MetricName;
  definition: string;
  formula: string;
  statistic: string;
  unit: string;
  policy: { version: string };
  value: number | null;
  n: number;
  low: number | null;
  high: number | null;
  coverage: number | null;
  exclusions: { reason: string; count: number; ids: string[] }[];
  anomalies: Anomaly[];
  methods: DoraReport['methods'] | null;
  /** Of the fail rate only. */
  sensitivity?: WindowRate[];
  /** How many facts are left after each step, from all known ones to those that count. */
  chain: { step: string; count: number }[];
  rows: List<ExplainRow>;
}

/** One thing that says that a deployment failed. */
export interface FailureEvidence {
  rung: Rung;
  kind: string;
  id: string;
  name: string;
  at: Instant | null;
  gap_seconds: number | null;
  inferred: boolean;
}

/** A deployment named by another. */
export interface DeploymentRef {
  id: string;
  version: string;
  finished_at: Instant | null;
}

/** What a deployment shipped and what followed it. */
export interface DeploymentStory {
  deployment: StoryDeployment;
  changes: {
    id: string;
    repository: string;
    number: number;
    merged_at: Instant | null;
    lead_seconds: number | null;
    revert_of: string;
    /** How it was found that the deployment ships it. */
    method: Exclude<ShipMethod, 'none'>;
    confidence: Exclude<ShipConfidence, ''>;
  }[];
  commits: number;
  incidents: {
    id: string;
    external_id: string;
    severity: string;
    opened_at: Instant | null;
    resolved_at: Instant | null;
    attributed: boolean;
    rung: Rung | '' | null;
  }[];
  /** All that says that it failed, strongest first. */
  evidence?: FailureEvidence[];
  rolled_back_by: DeploymentRef | null;
  rolls_back: DeploymentRef | null;
  method: ShipMethod;
  confidence: ShipConfidence;
}

/** What happened before an instant in an application and in what it depends on. */
export interface Changed {
  application: Named;
  since: Instant;
  until: Instant;
  /** The other applications that were looked at. */
  dependencies: number;
  items: ChangedItem[];
  truncated: boolean;
}

export interface ChangedItem {
  id: string;
  kind: string;
  at: Instant;
  application: Named;
  /** Steps along dependencies; 0 is the application itself. */
  distance: number;
  environment: string;
  status: string;
  summary: string;
  /** 0..1: how well it would explain a problem now. */
  plausibility: number;
  /** 1 is the most plausible. */
  rank: number;
  reasons: { code: string; text: string }[];
}

export interface FacetValue {
  value: string;
  label: string;
  count: number;
}

export const facetNames = ['kind', 'source', 'application', 'environment', 'status'] as const;
export type FacetName = (typeof facetNames)[number];

/** Counts of the facts that a filter finds, over time and by value. */
export interface FactsSummary {
  from: Instant;
  to: Instant;
  bucket_seconds: number;
  total: number;
  buckets: { from: Instant; counts: Record<string, number> }[];
  /** A facet leaves the filter's own choice in it out. */
  facets: Record<FacetName, FacetValue[]>;
}

export interface DeliveryItem {
  id: string;
  connection: { id: string; name: string };
  source: string;
  event: string;
  key: string;
  received_at: Instant;
  outcome: Outcome;
  reason: string;
  size: number;
  repeats: number;
  facts: number;
  unclaimed: boolean;
  expired: boolean;
}

export interface DeliveredFact {
  id: string;
  kind: string;
  external_id: string;
  fresh: boolean;
  gone: boolean;
  environment: string;
  status: string;
  at: Instant | null;
  belongs_to: Named[];
  uses: Use[];
}

/** A delivery as it came; secrets and persons are taken out of the body. */
export interface DeliveryDetail extends Omit<DeliveryItem, 'facts'> {
  headers: Record<string, string>;
  /** Null once the body has expired. */
  body: string | null;
  body_truncated: boolean;
  facts: DeliveredFact[];
}

/** Which deliveries are read again. */
export interface ReplayRequest {
  source?: string;
  connection?: string;
  since?: Instant;
  until?: Instant;
  outcomes?: Outcome[];
  unclaimed?: boolean;
  ids?: string[];
  dry_run: boolean;
}

/** What reading deliveries again changed, or would change in a dry run. */
export interface ReplayResult {
  examined: number;
  changed: number;
  recorded: number;
  ignored: number;
  rejected: number;
  expired: number;
  observations: number;
  facts: number;
  dry_run: boolean;
  items: { id: string; event: string; received_at: Instant; before: string; after: string; reason: string; events: number }[];
  /** How many deliveries are not among the items. */
  omitted: number;
  /** Where to go on when there were too many for one time. */
  more: Instant | null;
}

/** The states of a connection, worst first. */
export const connectionStates = ['refused', 'unusable', 'failing', 'late', 'paused', 'waiting', 'flowing'] as const;
export type ConnectionState = (typeof connectionStates)[number];

/** How a connection does. */
export interface ConnectionHealth {
  state: ConnectionState;
  wrong: string;
  expiring: boolean;
  usual_pause_seconds: number | null;
  days: { date: string; n: number }[];
  unclaimed: number;
  lag: { n: number; p50_seconds: number | null; p95_seconds: number | null };
  /** Requests that left no trace, since the server was started. */
  turned_away: { count: number; last_at: Instant; reason: string } | null;
}

/** How asking the vendor goes. */
export interface Asked {
  identity: string;
  permissions: { name: string; for: string; granted: boolean | null }[];
  expires_at: Instant | null;
  limits: { name: string; remaining: number; most: number; reset: Instant }[];
  last_at: Instant | null;
  next_at: Instant;
  error: string;
  streams: number;
  complete: number;
  failing: number;
  done: number;
  /** Null where the vendor does not say. */
  total: number | null;
}

/** One list of a vendor, and where reading it stands. */
export interface Stream {
  name: string;
  done: number;
  total: number | null;
  complete: boolean;
  last_at: Instant | null;
  next_at: Instant;
  known_to: Instant | null;
  failures: number;
  error: string;
}

/** A delivery that can be sent by hand. */
export interface ConnectionExample {
  variable: string;
  command: string | null;
}

/** What rules would make of the alerts of the last 30 days. */
export interface AlertPreview {
  window: { from: string; to: string };
  sentence: string;
  alerts: number;
  matched: number;
  endless: number;
  incidents: number;
  incidents_before: number;
  unclaimed: number;
  rules: { name: string; alerts: number; incidents: number }[];
  whole: PreviewRow;
  applications: PreviewRow[];
  applications_total: number;
  newest: { id: string; application: string; origin: string; environment: string; severity: string; opened_at: Instant; resolved_at: Instant | null }[];
  warnings: { field: string; text: string }[];
}

export interface Connection {
  id: string;
  source: string;
  title: string;
  name: string;
  path: string;
  url: string;
  secrets: string[];
  settings: Record<string, unknown>;
  managed: string;
  created_at: Instant;
  last_delivery_at: Instant | null;
  deliveries: Record<Outcome, number>;
  repeats: number;
  /** Null of a connection that was just saved. */
  health: ConnectionHealth | null;
  /** Null of a connection that only takes deliveries. */
  asked: Asked | null;
}

export interface List<T> {
  items: T[];
  next: string | null;
}

export interface Session {
  principal: {
    kind: 'person' | 'token' | 'local';
    name: string;
    /** Not given for API tokens, which have scopes. */
    role?: 'viewer' | 'operator' | 'approver' | 'admin';
  };
  workspaces: (Named & { demo: boolean })[];
  csrf_token: string;
  version: string;
}

/** An error answer, RFC 9457. */
export interface ProblemBody {
  type?: string;
  title: string;
  status: number;
  detail?: string;
  request_id?: string;
  errors?: { message: string; location?: string; value?: unknown }[];
}

/** k of n with its 95 % interval; null where nothing was counted. */
export interface ShareOf {
  value: number | null;
  k: number;
  n: number;
  low: number | null;
  high: number | null;
}

export type StageName = 'coding' | 'pickup' | 'review' | 'merge_wait' | 'build' | 'deploy';

/** One stage of the way of changes to production. */
export interface FlowStage {
  stage: StageName;
  kind: 'work' | 'wait' | 'mixed';
  n: number;
  median_seconds: number | null;
  p90_seconds: number | null;
  work_seconds: number | null;
  wait_seconds: number | null;
  /** Of the time that all stages take together. */
  share: number | null;
}

/** A change that took long. */
export interface LongChange {
  id: string;
  repository: string;
  number: number | null;
  application: Named;
  group: Named | null;
  total_seconds: number;
  longest_stage: StageName | null;
  longest_seconds: number | null;
  review_rounds: number | null;
  size: { files: number; added: number; deleted: number } | null;
  /** How many other changes its deployment brought. */
  with_others: number;
  deployment: string;
  deployed_at: string;
}

/** A change that is not in production yet. */
export interface OpenChange {
  id: string;
  repository: string;
  number: number | null;
  application: Named;
  stage: StageName;
  age_seconds: number;
}

/** Where the changes of a scope spend their time. */
export interface ValueStream {
  scope: Scope;
  window: Window;
  time_zone: string;
  as_of: string;
  revision: number;
  changes: number;
  coverage: number | null;
  efficiency: { value: number | null; work_seconds: number | null; total_seconds: number | null; n: number };
  lead: { p50_seconds: number | null; p90_seconds: number | null; n: number };
  batch: { changes_median: number | null; changes_n: number; lines_median: number | null; lines_n: number };
  wip: { n: number; age_median_seconds: number | null; age_p85_seconds: number | null; oldest: OpenChange[] };
  stages: FlowStage[];
  builds: {
    n: number;
    coverage: number | null;
    wait_median_seconds: number | null;
    wait_p90_seconds: number | null;
    run_median_seconds: number | null;
    reruns: ShareOf;
  };
  points: { id: string; application: Named; tier: number | null; at: string; lead_seconds: number }[];
  points_of: number;
  longest: LongChange[];
  groups: {
    slug: string;
    name: string;
    n: number;
    lead_median_seconds: number | null;
    efficiency: number | null;
    stages: { stage: StageName; median_seconds: number | null; share: number | null }[];
  }[];
}

export type AssistedVerdict = 'better' | 'worse' | 'higher' | 'lower' | 'no_clear_change' | 'too_few';

interface AssistedSide {
  n: number;
  lead_median_seconds: number | null;
  lines_median: number | null;
  fail: ShareOf;
  rework: ShareOf;
}

export interface MatchedRatio {
  ratio: number | null;
  low: number | null;
  high: number | null;
  verdict: AssistedVerdict;
}

export interface MatchedDifference {
  difference: number | null;
  low: number | null;
  high: number | null;
  verdict: AssistedVerdict;
}

/** Changes written with the help of a model beside others like them. */
export interface AssistedAnswer {
  scope: Scope;
  window: Window;
  as_of: string;
  revision: number;
  changes: number;
  unknown: number;
  unknown_share: number | null;
  bots: number;
  share: ShareOf;
  sides: { assisted: AssistedSide; other: AssistedSide };
  matched: {
    strata: number;
    assisted_n: number;
    other_n: number;
    left_out: number;
    lead: MatchedRatio;
    lines: MatchedRatio;
    fail: MatchedDifference;
    rework: MatchedDifference;
  };
  rules: { trailers: string[]; labels: string[]; actors: string[] };
}

/** One figure by one set of rules. */
export interface PeerValue {
  value: number | null;
  unit: string;
  statistic: string;
  n: number;
  rows: number;
  band: string;
}

export interface PeerEvidence {
  id: string;
  kind: string;
  ours: number | null;
  theirs: number | null;
  our_deployment: string;
  their_deployment: string;
  incident: string;
}

/** One reason why figures differ, with some of the rows it holds for. */
export interface PeerLine {
  reason: string;
  side: string;
  count: number;
  evidence: PeerEvidence[];
}

export interface PeerFigure {
  metric: string;
  unit: string;
  ours: PeerValue;
  theirs: PeerValue;
  both: number;
  lines: PeerLine[];
  rules: PeerLine[];
}

export interface PeerNote {
  code: string;
  text: string;
}

/** Our figures beside those that another product would show. */
export interface PeerAnswer {
  peer: string;
  scope: Scope;
  window: Window;
  figures: PeerFigure[];
  unknown: PeerLine[];
  assumptions: PeerNote[];
  reasons: PeerNote[];
}

/** Gives environments whose name matches a pattern a class. */
export interface EnvironmentRule {
  pattern: string;
  class: string;
}

/** Narrows which deployments count; a missing list narrows nothing. */
export interface DeploymentRule {
  sources?: string[];
  refs?: string[];
  exclude_refs?: string[];
  artifact_kinds?: string[];
}

/** Says what marks a change. */
export interface MarkRule {
  trailers?: string[];
  labels?: string[];
  actors?: string[];
}

/** Rules of one application; what is missing is as for the workspace. */
export interface PolicyOverride {
  environments?: EnvironmentRule[];
  deployments?: DeploymentRule;
  unit?: string;
  start?: string;
  aggregation?: string;
  failure_window?: string;
  infer_failures?: boolean;
  hotfix_window?: string;
  recovery?: string;
  time_zone?: string;
  week_start?: string;
  benchmark?: string;
  cadence?: string;
}

/** The rules by which facts are counted. */
export interface PolicyBody {
  effective_from?: string;
  environments: EnvironmentRule[];
  deployments: DeploymentRule;
  unit: string;
  start: string;
  aggregation: string;
  failure_window: string;
  infer_failures: boolean;
  hotfix_window: string;
  recovery: string;
  assisted: MarkRule;
  bots: MarkRule;
  time_zone: string;
  week_start: string;
  benchmark?: string;
  cadence?: string;
  applications?: Record<string, PolicyOverride>;
}

export interface PolicyChange {
  member: string;
  before: string;
  after: string;
}

/** A version of the policy, with what it changed. */
export interface PolicyVersion {
  number: number;
  version: string;
  /** Null for the built-in rules. */
  at: string | null;
  author: string;
  note: string;
  digest: string;
  in_force: boolean;
  changes: PolicyChange[];
  policy: PolicyBody;
  /** Overrides that name no application. */
  strangers: string[];
}

export interface PreviewFigures {
  deployments: number;
  failures: number;
  changes: number;
  deployments_per_day: number | null;
  lead_time_seconds: number | null;
  fail_rate: number | null;
  recovery_seconds: number | null;
  rework_rate: number | null;
  statistic: string;
}

export interface PreviewRow extends Named {
  kind: string;
  before: PreviewFigures;
  after: PreviewFigures;
}

export interface PreviewFacts {
  total: number;
  ids: string[];
}

/** What proposed rules would make of the last year. */
export interface PolicyPreview {
  window: { from: string; to: string };
  sentence: string;
  base: string;
  changes: PolicyChange[];
  whole: PreviewRow;
  applications: PreviewRow[];
  applications_total: number;
  added: PreviewFacts;
  removed: PreviewFacts;
  failures_added: PreviewFacts;
  failures_removed: PreviewFacts;
  warnings: { field: string; text: string }[];
  nothing: boolean;
}

/** Where other rules begin. */
export interface Break {
  at: string;
  version: string;
  note: string;
}

/** Where the picture of a figure is, and what it says now. */
export interface BadgeItem {
  metric: MetricName;
  path: string;
  page: string;
  address: string;
  markdown: string;
  label: string;
  value: string;
}
