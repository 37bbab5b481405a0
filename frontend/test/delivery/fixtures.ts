import type {
  ApplicationDetail,
  Benchmark,
  Bucket,
  ChangeItem,
  Comparison,
  DeploymentItem,
  DoraReport,
  IncidentItem,
  List,
  ScopedDora,
} from '../../src/api/types';
import { controlsOf, standings } from '../fixtures/judged';

/** Facts and figures of one invented application, the same on every run. */
const hour = 3600;
const day = 24 * hour;
const monday = Date.UTC(2026, 7, 24);

/** A repeatable sequence of numbers in [0, 1). */
function sequence(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 4_294_967_296;
    return state / 4_294_967_296;
  };
}

function instant(milliseconds: number): string {
  return new Date(milliseconds).toISOString().replace('.000Z', 'Z');
}

function wilson80(failed: number, n: number): [number, number] {
  const z = 1.2816;
  const p = failed / n;
  const centre = (p + (z * z) / (2 * n)) / (1 + (z * z) / n);
  const half = (z * Math.sqrt((p * (1 - p)) / n + (z * z) / (4 * n * n))) / (1 + (z * z) / n);
  return [Math.max(0, centre - half), Math.min(1, centre + half)];
}

/** What a bucket is made from; n of 0 is a week without anything. */
export interface WeekInput {
  n: number;
  median: number;
  deployments: number;
  failed: number;
}

function bucket(index: number, week: WeekInput, complete: boolean): Bucket {
  const from = monday + index * 7 * day * 1000;
  const { n, median, deployments: count, failed } = week;
  const [low80, high80] = count > 0 ? wilson80(failed, count) : [null, null];
  const rate = count > 0 ? failed / count : null;
  return {
    from: instant(from),
    to: instant(from + 7 * day * 1000),
    complete,
    change_lead_time: {
      median_seconds: n > 0 ? median : null,
      p75_seconds: n > 0 ? median * 1.9 : null,
      p90_seconds: n > 0 ? median * 3.6 : null,
      n,
    },
    deployment_frequency: { deployments: count, deployment_days: Math.min(5, count), per_day: count / 7 },
    change_fail_rate: { value: rate, failed, n: count, low80, high80 },
    failed_deployment_recovery_time: { median_seconds: failed > 0 ? 2 * hour : null, n: failed },
    deployment_rework_rate: { value: rate === null ? null : rate / 2, rework: Math.floor(failed / 2), n: count },
  };
}

/** Thirteen weeks: one without data, one thin, the last not over yet. */
export function series(): Bucket[] {
  const random = sequence(11);
  return Array.from({ length: 13 }, (_, i) => {
    const quiet = i === 5;
    const thin = i === 8;
    const n = quiet ? 0 : thin ? 3 : 18 + Math.floor(random() * 20);
    const count = quiet ? 0 : thin ? 3 : 7 + Math.floor(random() * 8);
    const failed = quiet ? 0 : Math.min(count, Math.floor(random() * 3));
    return bucket(i, { n, median: (26 - i + random() * 6) * hour, deployments: count, failed }, i < 12);
  });
}

export const benchmark: Benchmark = {
  id: 'dora-2023',
  name: 'DORA 2023',
  year: 2023,
  kind: 'cluster_centres',
  source: 'https://dora.dev/research/2023/',
  bands: {
    change_lead_time: [
      { name: 'elite', evidence: 'published', from: 0, to: day },
      { name: 'high', evidence: 'quoted', from: day, to: 7 * day },
      { name: 'medium', evidence: 'quoted', from: 7 * day, to: 30 * day },
    ],
    change_fail_rate: [
      { name: 'elite', evidence: 'published', value: 0.05 },
      { name: 'high', evidence: 'quoted', value: 0.1 },
    ],
  },
};

/** A report with something to say in every field. */
export function report(): DoraReport {
  return {
    window: { from: instant(monday), to: instant(monday + 13 * 7 * day * 1000) },
    deployment_frequency: {
      per_day: 1.38, deployments: 126, deployment_days: 58, unit: 'per_day', rollbacks: 4, redeployments: 3, low: 1.15, high: 1.65,
    },
    change_lead_time: {
      median_seconds: 15.8 * hour, p75_seconds: 33 * hour, p90_seconds: 61 * hour, n: 311, coverage: 0.91,
      low_seconds: 14.1 * hour, high_seconds: 17.6 * hour, unit: 'seconds',
      phases: [
        { phase: 'coding', median_seconds: 5.2 * hour, n: 311 },
        { phase: 'pickup', median_seconds: 3.9 * hour, n: 288 },
        { phase: 'review', median_seconds: 1.8 * hour, n: 288 },
        { phase: 'merge_wait', median_seconds: 0.4 * hour, n: 3 },
        { phase: 'deploy', median_seconds: 2.6 * hour, n: 311 },
      ],
      per_commit: { median_seconds: 20 * hour, p75_seconds: 44 * hour, p90_seconds: 80 * hour, n: 702 },
    },
    change_fail_rate: {
      value: 0.0873, failed: 11, n: 126, low: 0.0495, high: 0.1496, coverage: 0.82, failed_attempts: 6, inferred: 5, immature: 2,
    },
    failed_deployment_recovery_time: {
      median_seconds: 2.1 * hour, p75_seconds: 4 * hour, p90_seconds: 9.4 * hour, n: 9, low_seconds: 1.2 * hour,
      high_seconds: 4.4 * hour, unresolved: 1, from_deployment: { median_seconds: 3 * hour, n: 11 },
    },
    deployment_rework_rate: { value: 0.0556, rework: 7, n: 126, low: 0.0272, high: 0.1102 },
    incidents: { opened: 11, attributed: 9 },
    unattributed_incidents: 2,
    exclusions: [
      { metric: 'change_lead_time', reason: 'negative_lead_time', count: 3, ids: ['0a1b2c3d4e5f60718293', '1a1b2c3d4e5f60718293'] },
      { metric: 'failed_deployment_recovery_time', reason: 'failure_start_unknown', count: 2, ids: [] },
    ],
    anomalies: [{ kind: 'resolved_before_opened', count: 1, ids: ['2a1b2c3d4e5f60718293'] }],
    methods: { ancestry: 104, branch: 11, time: 0, none: 11 },
    policy: { version: 'default-1' },
  };
}

const comparison: Comparison = {
  change_lead_time: { absolute: -6 * hour, relative: -0.29, direction: 'better', significant: true, reason: '' },
  deployment_frequency: { absolute: 0.2, relative: 0.16, direction: 'better', significant: true, reason: '' },
  failed_deployment_recovery_time: { absolute: -0.2 * hour, relative: -0.08, direction: 'no_clear_change', significant: false, reason: 'chance' },
  change_fail_rate: { absolute: 0.021, relative: 0.31, direction: 'worse', significant: true, reason: '' },
  deployment_rework_rate: { absolute: 0.001, relative: 0.02, direction: 'no_clear_change', significant: false, reason: 'chance' },
  incidents: { absolute: 0, relative: 0, direction: 'no_clear_change', significant: false, reason: 'chance' },
};

/** The answer of the metrics endpoint for the application. */
export function dora(): ScopedDora {
  return {
    ...report(),
    scope: { kind: 'application', slug: 'payments-api', name: 'Payments API' },
    environment: 'production',
    time_zone: 'UTC',
    as_of: '2026-11-22T10:42:00Z',
    revision: 4711,
    previous: report(),
    comparison,
    series: series(),
    control: controlsOf(series()),
    benchmark,
    standings,
  };
}

/** An answer for a scope in which nothing is known: every value is null. */
export function emptyDora(): ScopedDora {
  const none = { median_seconds: null, p75_seconds: null, p90_seconds: null, n: 0 };
  const unknown = { absolute: null, relative: null, direction: 'no_value', significant: false, reason: 'no_value' } as const;
  const full = dora();
  return {
    ...full,
    deployment_frequency: {
      per_day: null, deployments: 0, deployment_days: 0, unit: 'per_day', rollbacks: 0, redeployments: 0, low: null, high: null,
    },
    change_lead_time: {
      ...none, coverage: null, low_seconds: null, high_seconds: null, unit: 'seconds',
      phases: full.change_lead_time.phases.map((p) => ({ ...p, median_seconds: null, n: 0 })),
      per_commit: none,
    },
    change_fail_rate: {
      value: null, failed: 0, n: 0, low: null, high: null, coverage: null, failed_attempts: 0, inferred: 0, immature: 0,
    },
    failed_deployment_recovery_time: {
      ...none, low_seconds: null, high_seconds: null, unresolved: 0, from_deployment: { median_seconds: null, n: 0 },
    },
    deployment_rework_rate: { value: null, rework: 0, n: 0, low: null, high: null },
    incidents: { opened: 0, attributed: 0 },
    unattributed_incidents: 0,
    exclusions: [],
    anomalies: [],
    methods: { ancestry: 0, branch: 0, time: 0, none: 0 },
    previous: null,
    comparison: {
      change_lead_time: unknown,
      deployment_frequency: unknown,
      failed_deployment_recovery_time: unknown,
      change_fail_rate: unknown,
      deployment_rework_rate: unknown,
      incidents: unknown,
    },
    series: series().map((b, i) => ({
      ...bucket(i, { n: 0, median: 0, deployments: 0, failed: 0 }, b.complete),
      deployment_frequency: { deployments: 0, deployment_days: 0, per_day: null },
    })),
  };
}

export function application(): ApplicationDetail {
  return {
    id: 'app-1',
    slug: 'payments-api',
    name: 'Payments API',
    group: { slug: 'payments', name: 'Payments' },
    capability: { slug: 'get-paid', name: 'Get paid' },
    owners: [
      { group: { slug: 'platform', name: 'Platform' }, from: null },
      { group: { slug: 'payments', name: 'Payments' }, from: '2026-09-01T00:00:00Z' },
    ],
    tier: 1,
    cadence: 'daily',
    state: 'ok',
    last_deployment_at: '2026-11-21T15:04:00Z',
    deployments: 143,
    claims: ['repo:github.com/northwind/payments', 'argocd:prod/payments-api'],
    environments: [
      { name: 'production', class: 'production', deployments: 126 },
      { name: 'staging', class: 'staging', deployments: 14 },
      { name: 'preview-eu', class: 'development', deployments: 3 },
    ],
    repositories: ['github.com/northwind/payments'],
    first_fact_at: '2026-08-20T08:00:00Z',
    last_fact_at: '2026-11-21T15:04:00Z',
  };
}

const rungs = ['explicit', 'rollback', 'revert', 'hotfix', 'incident'] as const;

/** Two pages of deployments, the second one short. */
export function deployments(cursor: string | null): List<DeploymentItem & { ref?: string }> {
  const start = cursor === 'page-2' ? 8 : 0;
  const count = cursor === 'page-2' ? 4 : 8;
  const items = Array.from({ length: count }, (_, i) => {
    const at = start + i;
    const failed = at % 4 === 1;
    return {
      id: `d${String(at).padStart(19, '0')}`,
      source: 'github:github.com',
      external_id: `${9000 - at}`,
      belongs_to: [{ slug: 'payments-api', name: 'Payments API' }],
      environment: 'production',
      status: at === 3 ? 'failure' : at === 0 ? 'running' : 'success',
      version: at % 3 === 0 ? undefined : `2.${40 - at}.0`,
      ref: 'main',
      commit: '4f1c0d9e2ab34c7788aa4f1c0d9e2ab34c7788aa',
      finished_at: instant(Date.UTC(2026, 10, 21 - at, 15, 4)),
      outcome: {
        counted: at !== 3 && at !== 0,
        failed,
        rung: failed ? rungs[at % rungs.length]! : null,
        inferred: failed && at % 8 === 1,
        rework: at === 2,
        baseline: at === 11,
        changes: at % 5,
        method: at === 6 ? ('none' as const) : ('ancestry' as const),
      },
    };
  });
  return { items, next: cursor === 'page-2' ? null : 'page-2' };
}

export function changes(): List<ChangeItem & { number?: number }> {
  const items = Array.from({ length: 6 }, (_, i) => ({
    id: `c${String(i).padStart(19, '0')}`,
    source: 'github:github.com',
    external_id: `${i}`,
    number: 1204 - i,
    repository: 'github.com/northwind/payments',
    opened_at: instant(Date.UTC(2026, 10, 18 - i, 9, 12)),
    merged_at: instant(Date.UTC(2026, 10, 19 - i, 10, 30)),
    shipped:
      i === 0
        ? null
        : { deployment: 'd0000000000000000001', at: instant(Date.UTC(2026, 10, 20 - i, 15, 4)), lead_seconds: (20 + 7 * i) * hour },
  }));
  return { items, next: null };
}

export function incidents(): List<IncidentItem & { environment?: string }> {
  const items = Array.from({ length: 3 }, (_, i) => ({
    id: `i${String(i).padStart(19, '0')}`,
    source: 'pagerduty:northwind',
    external_id: `INC-${312 - i}`,
    severity: `sev${i + 1}`,
    opened_at: instant(Date.UTC(2026, 10, 17 - 3 * i, 4, 20)),
    resolved_at: i === 0 ? null : instant(Date.UTC(2026, 10, 17 - 3 * i, 6, 26)),
    attribution:
      i === 2
        ? { deployment: null, rung: null, inferred: false }
        : { deployment: 'd0000000000000000001', rung: 'incident' as const, inferred: i === 1 },
    recovery_seconds: i === 1 ? 2.1 * hour : null,
  }));
  return { items, next: null };
}

/** Answers by path for a page test; undefined is a path nobody asks. */
export function answers(): Record<string, (query: URLSearchParams) => unknown> {
  return {
    '/api/v1/session': () => ({
      principal: { kind: 'local', name: 'Local browser', role: 'admin' },
      workspaces: [{ slug: 'demo', name: 'Demo: Northwind Freight', demo: true }],
      csrf_token: 'token',
      version: '0.1.0',
    }),
    '/api/v1/applications/payments-api': application,
    '/api/v1/metrics/dora': dora,
    '/api/v1/deployments': (query) => deployments(query.get('cursor')),
    '/api/v1/changes': changes,
    '/api/v1/incidents': incidents,
    '/api/v1/benchmarks': () => ({ items: [benchmark], next: null }),
    '/api/v1/applications': () => ({ items: [application()], next: null }),
    '/api/v1/groups': () => ({ items: [{ slug: 'payments', name: 'Payments', parent: null, applications: 4 }], next: null }),
  };
}
