import { fixtureAnswer, type FixtureAnswer } from './fixtures/api';

/**
 * Stands for the server. Import it before the application: the client takes
 * fetch and Request from the environment when it is made. Addresses without a
 * host get one, and signals are left out, because jsdom's are not Node's.
 */
type Answer = (path: string, query: URLSearchParams, body?: unknown) => FixtureAnswer;

let answer: Answer = fixtureAnswer;
let asked: string[] = [];
let sent: unknown[] = [];

const NodeRequest = globalThis.Request;

globalThis.Request = class extends NodeRequest {
  constructor(input: RequestInfo | URL, init?: RequestInit) {
    const { signal: _, ...rest } = init ?? {};
    super(typeof input === 'string' ? new URL(input, 'http://evenkeel.test') : input, rest);
  }
};

globalThis.fetch = async (input) => {
  const request = input as Request;
  const url = new URL(request.url);
  asked.push(`${url.pathname}${url.search}`);
  const posted: unknown = request.method === 'POST' ? await request.json().catch(() => undefined) : undefined;
  if (posted !== undefined) sent.push(posted);
  const { status, body } = answer(url.pathname, url.searchParams, posted);
  // A text is a file, everything else JSON.
  return typeof body === 'string' ? new Response(body, { status }) : Response.json(body, { status });
};

/** Answers as given from now on, and forgets what was asked. */
export function serve(next: Answer): void {
  answer = next;
  asked = [];
  sent = [];
}

/** Every address asked for since serve. */
export function askedFor(): readonly string[] {
  return asked;
}

/** What was posted since serve. */
export function sentBodies(): readonly unknown[] {
  return sent;
}
