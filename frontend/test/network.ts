import { fixtureAnswer, type FixtureAnswer } from './fixtures/api';

/**
 * Stands for the server. Import it before the application: the client takes
 * fetch and Request from the environment when it is made. Addresses without a
 * host get one, and signals are left out, because jsdom's are not Node's.
 */
type Answer = (path: string, query: URLSearchParams) => FixtureAnswer;

let answer: Answer = fixtureAnswer;
let asked: string[] = [];

const NodeRequest = globalThis.Request;

globalThis.Request = class extends NodeRequest {
  constructor(input: RequestInfo | URL, init?: RequestInit) {
    const { signal: _, ...rest } = init ?? {};
    super(typeof input === 'string' ? new URL(input, 'http://evenkeel.test') : input, rest);
  }
};

globalThis.fetch = (input) => {
  const url = new URL((input as Request).url);
  asked.push(`${url.pathname}${url.search}`);
  const { status, body } = answer(url.pathname, url.searchParams);
  return Promise.resolve(Response.json(body, { status }));
};

/** Answers as given from now on, and forgets what was asked. */
export function serve(next: Answer): void {
  answer = next;
  asked = [];
}

/** Every address asked for since serve. */
export function askedFor(): readonly string[] {
  return asked;
}
