import type { Middleware } from 'openapi-fetch';

/**
 * The instant that figures are asked as of, as the address writes it; null is
 * the present. The router sets it before it loads a page, so that every
 * question of the page is about one instant.
 */
export const known: { asOf: string | null } = { asOf: null };

/** The questions that can be asked as of an instant. */
const pinnable: ReadonlySet<string> = new Set([
  '/api/v1/overview',
  '/api/v1/metrics/dora',
  '/api/v1/explain',
  '/api/v1/applications',
  '/api/v1/applications/{slug}',
  '/api/v1/groups',
  '/api/v1/capabilities',
  '/api/v1/value-stream',
  '/api/v1/value-stream/changes',
  '/api/v1/assisted',
  '/api/v1/peer',
  '/api/v1/deployments/{id}/story',
]);

/** Adds the instant to questions. */
export const askAsOf: Middleware = {
  onRequest({ request, schemaPath }) {
    if (!known.asOf || request.method !== 'GET' || !pinnable.has(schemaPath)) return undefined;
    const url = new URL(request.url);
    url.searchParams.set('as_of', known.asOf.replace(/(T\d\d:\d\d)Z$/, '$1:00Z'));
    return new Request(url, request);
  },
};
