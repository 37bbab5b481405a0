import createClient from 'openapi-fetch';
import { askAsOf } from './known';
import type { paths } from './paths';
import { ApiError } from './problem';

const client = createClient<paths>({ baseUrl: '/', credentials: 'same-origin' });
client.use(askAsOf);

/** What openapi-fetch answers with. */
interface Answer<T> {
  readonly data?: T;
  readonly error?: unknown;
  readonly response: Response;
}

/** Gives the data of an answer; throws an ApiError for every other one. */
async function unwrap<T>(pending: Promise<Answer<T>>): Promise<T> {
  let answer: Answer<T>;
  try {
    answer = await pending;
  } catch (cause) {
    throw ApiError.offline(cause);
  }
  if (answer.error !== undefined || !answer.response.ok) {
    throw ApiError.of(answer.response.status, answer.error);
  }
  return answer.data as T; // Without a body (204) there is nothing to return.
}

export { client, unwrap };
