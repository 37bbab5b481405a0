import type { ProblemBody } from './types';

/** An answer that is not the wanted one, or none at all (status 0). */
export class ApiError extends Error {
  readonly status: number;
  /** The server's sentence on this occurrence; may be missing. */
  readonly detail: string | undefined;
  /** Names the request in the server's log. */
  readonly requestId: string | undefined;
  /** What is wrong with which field, by its name. */
  readonly fields: readonly (readonly [string, string])[];

  constructor(problem: ProblemBody, options?: ErrorOptions) {
    super(problem.title, options);
    this.name = 'ApiError';
    this.status = problem.status;
    this.detail = problem.detail;
    this.requestId = problem.request_id;
    this.fields = (problem.errors ?? []).map(({ location = '', message }) => [location.replace(/^body\.(policy\.)?/, ''), message] as const);
  }

  /** Maps an error answer; a body that is no problem keeps the status alone. */
  static of(status: number, body: unknown): ApiError {
    return new ApiError(isProblem(body) ? { ...body, status } : { title: '', status });
  }

  /** The server was not reached. */
  static offline(cause: unknown): ApiError {
    return new ApiError({ title: '', status: 0 }, { cause });
  }

  /** Another try may help: the server was not reached or failed. */
  get passing(): boolean {
    return this.status === 0 || this.status >= 500 || this.status === 429;
  }
}

function isProblem(body: unknown): body is ProblemBody {
  return typeof body === 'object' && body !== null && 'title' in body && typeof body.title === 'string';
}
