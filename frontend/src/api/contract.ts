import type { paths as Described } from './schema.gen';
import type { paths as Used } from './paths';

/**
 * Checks, when types are checked, that what the pages expect of the server is
 * what the server's description promises: every answer in use fits the
 * expected type, and every query parameter in use exists. The pages' own types
 * are narrower where the description knows less, such as objects that may be
 * missing.
 */
type Path = Exclude<keyof Used, '/api/v1/session/sign-out'>;

type Body<Paths, P extends keyof Paths> = Paths[P] extends {
  get: { responses: { 200: { content: { 'application/json': infer T } } } };
}
  ? T
  : never;

type Query<Paths, P extends keyof Paths> = Paths[P] extends { get: { parameters: { query?: infer Q } } }
  ? keyof NonNullable<Q>
  : never;

/** A shape without the choice of words in its texts: the description lists words in few places. */
type Loose<T> = T extends string ? string : T extends (infer Item)[] ? Loose<Item>[] : T extends object ? { [K in keyof T]: Loose<T[K]> } : T;

/** The paths whose described answer is not what the pages expect; there must be none. */
type WrongAnswers = { [P in Path]: Loose<Body<Described, P>> extends Loose<Body<Used, P>> ? never : P }[Path];

/** The query parameters in use that the description does not know; there must be none. */
type UnknownParameters = { [P in Path]: Exclude<Query<Used, P>, Query<Described, P>> }[Path];

export const answersFit: [WrongAnswers] extends [never] ? true : WrongAnswers = true;
export const parametersExist: [UnknownParameters] extends [never] ? true : UnknownParameters = true;
