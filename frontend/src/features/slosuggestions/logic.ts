import type { LevelSearch, LevelSuggestion } from '../../api/sloSuggestions';
import { percentOf, shareOf, write } from '../slos/document';

/** What a person has changed of suggestions, by their ids and by the slug of the service. */
export interface Changes {
  /** Targets in percent, as typed. */
  readonly targets: ReadonlyMap<string, string>;
  /** Slugs of the applications that services belong to. */
  readonly owners: ReadonlyMap<string, string>;
}

/** A service and what it could promise. */
export interface Service {
  /** Slug that stands in the documents. */
  readonly slug: string;
  /** Its names in the monitoring. */
  readonly names: readonly string[];
  readonly items: readonly LevelSuggestion[];
}

/** Which suggestions are shown. */
export interface Filter {
  readonly q: string;
  readonly kind: string | null;
  /** Without those that are accepted already. */
  readonly open: boolean;
}

/** Suggestions by service, in the order of their slugs. */
export function servicesOf(items: readonly LevelSuggestion[], { q, kind, open }: Filter): Service[] {
  const wanted = q.trim().toLowerCase();
  const fits = (item: LevelSuggestion) =>
    (!open || !item.exists) && (!kind || item.kind === kind) && [item.service, item.application.name, item.application.slug].some((name) => name.toLowerCase().includes(wanted));
  const bySlug = new Map<string, LevelSuggestion[]>();
  for (const item of items.filter(fits)) bySlug.set(item.application.slug, [...(bySlug.get(item.application.slug) ?? []), item]);
  return [...bySlug]
    .map(([slug, all]) => ({ slug, names: [...new Set(all.map(({ service }) => service))], items: all.toSorted((a, b) => a.kind.localeCompare(b.kind)) }))
    .toSorted((a, b) => a.slug.localeCompare(b.slug));
}

/** The target in percent, as suggested or as typed. */
export function percentFor({ id, target }: Pick<LevelSuggestion, 'id' | 'target'>, { targets }: Changes): string {
  return targets.get(id) ?? percentOf(String(target));
}

/** Decimals that the server takes of a share. */
const mostDecimals = 14;

/** A percentage as an exact share, "99.95" is "0.9995"; null if it is not one of above 0 and below 100. */
export function shareFor(percent: string): string | null {
  const share = shareOf(percent);
  const value = Number(share);
  const decimals = (/\.(\d+)$/.exec(share)?.[1] ?? '').length;
  return /^0?\.\d+$/.test(share) && value > 0 && value < 1 && decimals <= mostDecimals ? share : null;
}

/** What a promise would have meant in the past. */
export interface Outcome {
  /** Share of the budget that the last window would have used. */
  readonly consumed: number;
  /** How many events of the last window may be bad. */
  readonly budget: number;
  /** Whole windows of the past, and how many of them kept the target. */
  readonly windows: number;
  readonly met: number;
}

/** What another target would have meant; the suggested one is as the server says. */
export function outcomeOf(item: LevelSuggestion, share: string): Outcome {
  const target = Number(share);
  const windows = { windows: item.windows.length, met: item.windows.filter((good) => good >= target).length };
  if (target === item.target) return { consumed: item.consumed, budget: item.budget, ...windows };
  // 1 - 0.999 is not 0.001 in floating point; targets have fewer decimals than are kept here.
  const budget = Number((1 - target).toFixed(mostDecimals)) * item.events;
  return { consumed: item.bad / budget, budget, ...windows };
}

/** A document with the target and the application that a person wants; null where the target is none. */
export function documentFor(item: LevelSuggestion, changes: Changes): string | null {
  const share = shareFor(percentFor(item, changes));
  if (share === null) return null;
  const owner = changes.owners.get(item.application.slug);
  const owned = owner ? write(item.document, 'service', owner) : item.document;
  return Number(share) === item.target ? owned : write(owned, 'target', share);
}

/** Suggestions that can be accepted: those that are not there yet and have a target. */
export function acceptable(items: readonly LevelSuggestion[], changes: Changes): LevelSuggestion[] {
  return items.filter((item) => !item.exists && documentFor(item, changes) !== null);
}

/** Documents as one file of YAML. */
export function bundle(documents: readonly string[]): string {
  return documents.map((text) => `${text.trimEnd()}\n`).join('---\n');
}

/** Fewer bad events than these are a budget in which every single one weighs 5 % or more. */
const little = 20;
/** Budgets below these are said to have too few events. */
const few = 5;

/** What an operator should know before accepting, the gravest first. */
export type Warning = 'missed' | 'few' | 'little' | 'young';

/** A share of 28d in days; 0 of a window that is not in days. */
export function daysOf(window: string): number {
  return Number(/^(\d+)d$/.exec(window)?.[1] ?? 0);
}

export function warningsOf(item: LevelSuggestion, outcome: Outcome, window: string): Warning[] {
  const said: Record<Warning, boolean> = {
    missed: outcome.met < outcome.windows || outcome.consumed > 1,
    few: outcome.budget < few,
    little: outcome.budget >= few && outcome.budget < little,
    young: item.days < daysOf(window),
  };
  return (['missed', 'few', 'little', 'young'] as const).filter((name) => said[name]);
}

/** Share of the questions that are answered; null before it is known how many there are. */
export function shareDone({ done, total }: Pick<LevelSearch, 'done' | 'total'>): number | null {
  return total > 0 ? Math.min(1, done / total) : null;
}
