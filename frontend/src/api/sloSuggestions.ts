import { queryOptions } from '@tanstack/react-query';
import { client, unwrap } from './client';
import type { components } from './schema.gen';

type Schemas = components['schemas'];

/** The last search for services that could promise something, and what it has found. */
export type LevelSearch = Schemas['LevelSearch'];
/** What a service could promise, from what it kept; shares are of 1. */
export type LevelSuggestion = Schemas['LevelSuggestion'];
export type LevelFamily = Schemas['LevelFamily'];
export type LevelLeftOut = Schemas['LevelLeftOut'];
/** What became of one document. */
export type AcceptedLevel = Schemas['AcceptedLevel'];

/** What is looked for: at which connection, in how many days of the past, for which window. */
export interface SearchRequest {
  connection: string;
  days: number;
  window: string;
}

/** How many documents go together; the server takes up to 500. */
const together = 100;

/** Asks again every second while a search runs, wherever it was begun. */
export function levelSearchQuery(workspace: string) {
  return queryOptions({
    queryKey: ['slo-search', workspace],
    queryFn: ({ signal }) => unwrap(client.GET('/api/v1/service-levels/suggestions/search', { params: { query: { workspace } }, signal })),
    refetchInterval: ({ state }) => (state.data?.state === 'running' ? 1000 : false),
  });
}

const signed = (workspace: string, csrfToken: string) => ({ query: { workspace }, header: { 'X-CSRF-Token': csrfToken } });

export function beginSearch(workspace: string, csrfToken: string, body: SearchRequest): Promise<LevelSearch> {
  return unwrap(client.POST('/api/v1/service-levels/suggestions', { params: signed(workspace, csrfToken), body }));
}

export function stopSearch(workspace: string, csrfToken: string): Promise<LevelSearch> {
  return unwrap(client.DELETE('/api/v1/service-levels/suggestions/search', { params: signed(workspace, csrfToken) }));
}

/** Keeps documents as new service levels, each for itself; the answers are in their order. */
export async function acceptLevels(workspace: string, csrfToken: string, documents: readonly string[]): Promise<AcceptedLevel[]> {
  const accepted: AcceptedLevel[] = [];
  for (let at = 0; at < documents.length; at += together) {
    const body = { documents: documents.slice(at, at + together) };
    accepted.push(...(await unwrap(client.POST('/api/v1/service-levels/accept', { params: signed(workspace, csrfToken), body }))).items);
  }
  return accepted;
}
