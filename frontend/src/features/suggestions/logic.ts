import { aspects, confidences, type Aspect, type Missing, type Suggestion, type SuggestionSource } from '../../api/suggestions';
import type { Named } from '../../api/types';

/** One value that is suggested, with everybody who says it. */
export interface Option {
  /** Names the option on the page: the id of the first who says it. */
  readonly key: string;
  readonly first: Suggestion;
  readonly said: readonly Suggestion[];
}

/** What is asked of an application: the values stand beside each other. */
export interface Question {
  readonly aspect: Aspect;
  readonly options: readonly Option[];
  /** Sources say different things, of which one can hold. */
  readonly disputed: boolean;
  /** Values that are also said and not among the options. */
  readonly elsewhere: readonly string[];
}

export interface Subject {
  readonly application: Named;
  readonly known: boolean;
  readonly questions: readonly Question[];
}

/** Groups by key; the order of first sight is kept. */
function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): readonly [T, ...T[]][] {
  const groups = new Map<string, [T, ...T[]]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group) group.push(item);
    else groups.set(keyOf(item), [item]);
  }
  return [...groups.values()];
}

const sureness = ({ confidence }: Suggestion) => confidences.indexOf(confidence);

function optionOf(said: readonly [Suggestion, ...Suggestion[]]): Option {
  const sorted = said.toSorted((a, b) => sureness(a) - sureness(b));
  const first = sorted[0] ?? said[0];
  return { key: first.id, first, said: sorted };
}

function questionOf(items: readonly [Suggestion, ...Suggestion[]]): Question {
  const options = groupBy(items, ({ value, type }) => `${value}\n${type}`).map(optionOf);
  const others = new Set(items.flatMap((one) => one.others));
  const shown = new Set(items.map(({ value }) => value));
  return { aspect: items[0].aspect, options, disputed: others.size > 0, elsewhere: [...others].filter((value) => !shown.has(value)) };
}

/** Suggestions by application, by what they speak of, and by value. */
export function subjectsOf(items: readonly Suggestion[]): readonly Subject[] {
  return groupBy(items, ({ application }) => application.slug).map((all) => ({
    application: all[0].application,
    known: all[0].known,
    questions: groupBy(all, ({ aspect }) => aspect)
      .map(questionOf)
      .toSorted((a, b) => aspects.indexOf(a.aspect) - aspects.indexOf(b.aspect)),
  }));
}

export const optionsOf = (subjects: readonly Subject[]): readonly Option[] => subjects.flatMap(({ questions }) => questions.flatMap(({ options }) => options));

export const idsOf = (options: readonly Option[]): string[] => options.flatMap(({ said }) => said.map(({ id }) => id));

/** How many ids one request may hold. */
const mostIds = 1000;

/** As many options, from the first, as one request can decide. */
export function fitting(options: readonly Option[], most = mostIds): readonly Option[] {
  let ids = 0;
  const over = options.findIndex(({ said }) => (ids += said.length) > most);
  return over < 0 ? options : options.slice(0, over);
}

/** Why an option cannot be accepted; null where it can. */
export function obstacle({ first }: Option): 'stated' | 'claimed' | null {
  if (first.stated) return 'stated';
  return first.claimed_by.length > 0 ? 'claimed' : null;
}

/** The options that nobody contradicts and nothing stands against. */
export const undisputed = (subjects: readonly Subject[]): readonly Option[] =>
  optionsOf(subjects).filter((option) => option.first.others.length === 0 && obstacle(option) === null);

/** What options come to when they are accepted together. */
export interface Sum {
  readonly count: number;
  readonly applications: number;
  /** Those that put another value in the place of one that holds today. */
  readonly replaced: number;
  readonly guesses: number;
  readonly creates: readonly { readonly what: Missing['what']; readonly slugs: readonly string[] }[];
  /** A group takes over, so a day has to be said. */
  readonly owners: boolean;
  /** Nobody owns any of the applications today. */
  readonly unowned: boolean;
}

/** A claim stands beside others and replaces none. */
const replaces = ({ first }: Option) => first.present !== '' && first.aspect !== 'repository';

export function sumOf(options: readonly Option[]): Sum {
  const owners = options.filter(({ first }) => first.aspect === 'owner');
  const missing = options.flatMap(({ first }) => first.creates);
  return {
    count: options.length,
    applications: new Set(options.map(({ first }) => first.application.slug)).size,
    replaced: options.filter(replaces).length,
    guesses: options.filter(({ first }) => first.confidence === 'guess').length,
    creates: (['application', 'group', 'capability'] as const)
      .map((what) => ({ what, slugs: [...new Set(missing.filter((one) => one.what === what).map(({ slug }) => slug))].toSorted() }))
      .filter(({ slugs }) => slugs.length > 0),
    owners: owners.length > 0,
    unowned: owners.every(({ first }) => first.present === ''),
  };
}

/** The option to go on with once some are gone: the next one, else the one before. */
export function nextAfter(options: readonly Option[], gone: ReadonlySet<string>): string | null {
  const last = options.findLastIndex(({ key }) => gone.has(key));
  const left = (option: Option) => !gone.has(option.key);
  return (options.slice(last + 1).find(left) ?? options.slice(0, Math.max(last, 0)).findLast(left))?.key ?? null;
}

/** The page of a source at its host, where it is known how such an address is made. */
export function sourceAddress({ repository, path, line, commit }: SuggestionSource): string | null {
  const [host] = repository.split('/');
  const blob = host === 'github.com' ? 'blob' : host === 'gitlab.com' ? '-/blob' : null;
  if (blob === null) return null;
  if (path === '') return `https://${repository}`;
  const file = path.split('/').map(encodeURIComponent).join('/');
  return `https://${repository}/${blob}/${encodeURIComponent(commit || 'HEAD')}/${file}${line > 0 ? `#L${line}` : ''}`;
}

/** The calendar date of an instant in milliseconds, in a time zone. */
export function dayIn(milliseconds: number, timeZone: string): string {
  const parts = new Intl.DateTimeFormat('en', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' }).formatToParts(milliseconds);
  const part = (type: Intl.DateTimeFormatPartTypes) => parts.find((one) => one.type === type)?.value ?? '';
  return `${part('year')}-${part('month')}-${part('day')}`;
}
