import { hashKey, QueryCache, QueryClient } from '@tanstack/react-query';
import { known } from '../api/known';
import { ApiError } from '../api/problem';
import { sessionQuery } from '../api/queries';

/** The cache of answers: fresh for a minute, asked again where another try may help. */
export function createQueryClient(): QueryClient {
  const client: QueryClient = new QueryClient({
    queryCache: new QueryCache({
      onError: (error, query) => {
        // A session that ended elsewhere shows on any answer; ask for it again.
        const signedOut = error instanceof ApiError && error.status === 401;
        if (signedOut && query.queryKey[0] !== 'session') void client.resetQueries({ queryKey: sessionQuery.queryKey });
      },
    }),
    defaultOptions: {
      queries: {
        staleTime: 60_000,
        // Answers about the past are kept apart from those about the present.
        queryKeyHashFn: (key) => hashKey(known.asOf && key[0] !== 'session' ? [...key, known.asOf] : key),
        retry: (failures, error) => failures < 2 && error instanceof ApiError && error.passing,
      },
    },
  });
  return client;
}
