import { infiniteQueryOptions, keepPreviousData } from '@tanstack/react-query';
import { client, unwrap } from './client';
import type { Instant, Named } from './types';

/** What a suggestion says of an application. */
export const aspects = ['owner', 'capability', 'tier', 'lifecycle', 'dependency', 'repository'] as const;
export type Aspect = (typeof aspects)[number];

/** What people made of a suggestion. */
export const suggestionStatuses = ['open', 'dismissed', 'accepted'] as const;
export type SuggestionStatus = (typeof suggestionStatuses)[number];

/** How directly a source says it, surest first. */
export const confidences = ['stated', 'likely', 'guess'] as const;
export type Confidence = (typeof confidences)[number];

export interface SuggestionSource {
  kind: 'backstage' | 'codeowners' | 'gitlab_group';
  /** Host and path; empty is unknown. */
  repository: string;
  /** A file of the repository; empty where no file says it. */
  path: string;
  /** Counts from 1; 0 is unknown. */
  line: number;
  commit: string;
}

/** A thing that the catalogue lacks and accepting makes. */
export interface Missing {
  what: 'application' | 'group' | 'capability';
  slug: string;
}

/** What a source says of an application beside what holds today. */
export interface Suggestion {
  id: string;
  application: Named;
  known: boolean;
  aspect: Aspect;
  value: string;
  name: string;
  type: string;
  /** What holds today; empty is nothing. */
  present: string;
  present_name: string;
  reference: string;
  method: string;
  detail: string;
  confidence: Confidence;
  source: SuggestionSource;
  first_seen_at: Instant;
  status: SuggestionStatus;
  decided_at: Instant | null;
  others: string[];
  claimed_by: string[];
  creates: Missing[];
  stated: boolean;
}

export interface SuggestionsQuery {
  workspace?: string;
  status?: SuggestionStatus;
  aspect?: Aspect;
  q?: string;
  limit?: number;
  cursor?: string;
}

export interface AcceptRequest {
  ids: string[];
  /** Since when groups own: a date, or "beginning"; now where it is left out. */
  from?: string;
  create?: boolean;
}

/** What became of suggestions that a person decided on. */
export interface Decision {
  done: string[];
  refused: { id: string; reason: string }[];
}

export interface SuggestionsParams extends Omit<SuggestionsQuery, 'cursor' | 'limit'> {
  readonly workspace: string;
}

/** How many suggestions one page brings. */
const pageSize = 100;

export function suggestionsQuery(params: SuggestionsParams) {
  return infiniteQueryOptions({
    queryKey: ['suggestions', params],
    queryFn: ({ signal, pageParam }) =>
      unwrap(client.GET('/api/v1/suggestions', { params: { query: { ...params, limit: pageSize, ...(pageParam && { cursor: pageParam }) } }, signal })),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next,
    placeholderData: keepPreviousData,
  });
}

const sent = (workspace: string, csrfToken: string) => ({ query: { workspace }, header: { 'X-CSRF-Token': csrfToken } });

/** Makes suggestions hold; each is done or refused for itself. */
export function acceptSuggestions(workspace: string, csrfToken: string, body: AcceptRequest): Promise<Decision> {
  return unwrap(client.POST('/api/v1/suggestions/accept', { params: sent(workspace, csrfToken), body }));
}

/** Puts suggestions aside. */
export function dismissSuggestions(workspace: string, csrfToken: string, ids: string[]): Promise<Decision> {
  return unwrap(client.POST('/api/v1/suggestions/dismiss', { params: sent(workspace, csrfToken), body: { ids } }));
}

/** Brings dismissed suggestions back. */
export function reopenSuggestions(workspace: string, csrfToken: string, ids: string[]): Promise<Decision> {
  return unwrap(client.POST('/api/v1/suggestions/reopen', { params: sent(workspace, csrfToken), body: { ids } }));
}
