/** The figures that can be explained. */
export type ExplainMetric =
  | "change_lead_time"
  | "deployment_frequency"
  | "change_fail_rate"
  | "failed_deployment_recovery_time"
  | "deployment_rework_rate"
  | "incidents";

/** The parts of a DORA report that an explanation reads. */
export interface ExplainReport {
  window: { from: string; to: string };
  change_lead_time: {
    median_seconds: number | null;
    p75_seconds: number | null;
    p90_seconds: number | null;
    n: number;
    coverage: number | null;
    low_seconds: number | null;
    high_seconds: number | null;
    per_commit: { median_seconds: number | null; n: number };
  };
  deployment_frequency: {
    per_day: number | null;
    deployments: number;
    deployment_days: number;
    rollbacks: number;
    redeployments: number;
    low: number | null;
    high: number | null;
  };
  change_fail_rate: {
    value: number | null;
    failed: number;
    n: number;
    low: number | null;
    high: number | null;
    coverage: number | null;
    failed_attempts: number;
    inferred: number;
    immature: number;
  };
  failed_deployment_recovery_time: {
    median_seconds: number | null;
    p75_seconds: number | null;
    p90_seconds: number | null;
    n: number;
    low_seconds: number | null;
    high_seconds: number | null;
    unresolved: number;
    from_deployment: { median_seconds: number | null; n: number };
  };
  deployment_rework_rate: {
    value: number | null;
    rework: number;
    n: number;
    low: number | null;
    high: number | null;
  };
  incidents: { opened: number; attributed: number };
  unattributed_incidents: number;
  exclusions: { metric: string; reason: string; count: number; ids: string[] }[];
  anomalies: { kind: string; count: number; ids: string[] }[];
  methods: Record<string, number>;
  policy: { version: string };
}

/** What the explain button and its popover take. */
export interface ExplainProps {
  metric: ExplainMetric;
  report: ExplainReport;
  /** IANA zone in which the window is written. */
  timeZone: string;
  /** The list of rows behind the figure; without it no link is shown. */
  rowsHref?: string;
}
