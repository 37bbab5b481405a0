import type { Middleware } from 'openapi-fetch';

/**
 * The instant that facts and figures are asked as of, as the address writes it;
 * null is the present. The router sets it before it loads a page, so that every
 * question of the page is about one instant.
 */
export const known: { asOf: string | null } = { asOf: null };

/** The instant as the server reads it; nothing in the present. */
export function knownInstant(): string | undefined {
  return known.asOf?.replace(/(T\d\d:\d\d)Z$/, '$1:00Z');
}

/** The present of the page in milliseconds: that of the instant, or now. */
export function presentTime(): number {
  return known.asOf ? Date.parse(known.asOf) : Date.now();
}

/** The questions that have no past; all others are asked as of the instant. */
export const withoutPast: ReadonlySet<string> = new Set(
  ['session', 'tokens', 'audit', 'sources', 'connections', 'connections/{id}/streams', 'connections/{id}/example', 'deliveries', 'deliveries/{id}', 'badges', 'benchmarks', 'unclaimed', 'suggestions', 'series', 'service-levels/suggestions/search', 'service-levels/{id}/alerts', 'data-quality/coverage', 'data-quality/groups', 'data-quality/anomalies'].map(
    (path) => `/api/v1/${path}`,
  ),
);

/** Adds the instant to questions. */
export const askAsOf: Middleware = {
  onRequest({ request, schemaPath }) {
    const asOf = knownInstant();
    if (!asOf || request.method !== 'GET' || withoutPast.has(schemaPath)) return undefined;
    const url = new URL(request.url);
    url.searchParams.set('as_of', asOf);
    return new Request(url, request);
  },
};
