import { queryOptions } from '@tanstack/react-query';
import { client, unwrap } from './client';
import type { Instant, Named, Rung } from './types';

/** A deployment as people know it. */
export interface DeploymentName {
  id: string;
  version: string;
  environment: string;
  finished_at: Instant | null;
}

/** A deployment that an incident was laid to, with the evidence. */
export interface Cause {
  application: Named;
  deployment: DeploymentName;
  rung: Rung;
  /** From its finish to the start of the incident. */
  gap_seconds: number | null;
  inferred: boolean;
  /** What the source names, or the reason of a person. */
  evidence: string;
}

export interface Candidate extends DeploymentName {
  application: Named;
  gap_seconds: number;
  changes: number;
  rollback: boolean;
  linked: boolean;
}

/** What a person said of the cause. */
export interface Word {
  at: Instant;
  /** Who, as in the audit; empty where the reader may not know. */
  by: string;
  reason: string;
  withdrawn: boolean;
  deployments: DeploymentName[];
}

/** One incident, what it was laid to and why, and what may have caused it. */
export interface IncidentDetail {
  id: string;
  source: string;
  external_id: string;
  belongs_to: Named[];
  environment?: string;
  severity?: string;
  opened_at?: Instant;
  detected_at?: Instant;
  acknowledged_at?: Instant;
  mitigated_at?: Instant;
  resolved_at?: Instant;
  started_at: Instant | null;
  restored_at: Instant | null;
  reopenings: Instant[];
  recovery_seconds: number | null;
  unlinked: boolean;
  laid: Cause[];
  automatic: Cause[];
  candidates: Candidate[];
  more_candidates: boolean;
  link: Word | null;
  history: Word[];
  /** The reader may say what caused it. */
  may_link: boolean;
}

export interface LinkRequest {
  deployments: string[];
  reason?: string;
}

export function incidentQuery(workspace: string, id: string) {
  return queryOptions({
    queryKey: ['incident', workspace, id],
    queryFn: ({ signal }) => unwrap(client.GET('/api/v1/incidents/{id}', { params: { path: { id }, query: { workspace } }, signal })),
  });
}

/** Says which deployments caused an incident; none says that no deployment did. */
export function linkIncident(workspace: string, id: string, csrfToken: string, body: LinkRequest): Promise<IncidentDetail> {
  return unwrap(
    client.POST('/api/v1/incidents/{id}/link', {
      params: { path: { id }, query: { workspace }, header: { 'X-CSRF-Token': csrfToken } },
      body,
    }),
  );
}

/** Gives the question back to the rules. */
export function withdrawLink(workspace: string, id: string, csrfToken: string, reason: string): Promise<IncidentDetail> {
  return unwrap(
    client.DELETE('/api/v1/incidents/{id}/link', {
      params: { path: { id }, query: { workspace, ...(reason && { reason }) }, header: { 'X-CSRF-Token': csrfToken } },
    }),
  );
}
