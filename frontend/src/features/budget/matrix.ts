import type { SloRow } from '../../api/slos';
import type { ApplicationItem } from '../../api/types';
import { remainingNow } from './words';

/** What the worst budget of an application is in. */
export const budgetStates = ['exhausted', 'low', 'half', 'full', 'no_data', 'no_slo'] as const;
export type BudgetState = (typeof budgetStates)[number];

/** The tiers in rows, the most critical first; 0 is not assessed. */
export const tierRows = [1, 2, 3, 4, 0] as const;

/** The state of one budget by what is left of it. */
export function stateOf(remaining: number | null): BudgetState {
  if (remaining === null) return 'no_data';
  if (remaining <= 0) return 'exhausted';
  if (remaining < 0.25) return 'low';
  return remaining <= 0.75 ? 'half' : 'full';
}

/** An application with its worst budget. */
export interface Placed {
  readonly slug: string;
  readonly name: string;
  readonly tier: number;
  readonly state: BudgetState;
}

/**
 * Places every application once, by its worst budget: one SLO without data
 * does not hide another's exhausted budget, and counts only where no SLO of
 * the application has a figure.
 */
export function place(applications: readonly Pick<ApplicationItem, 'slug' | 'name' | 'tier'>[], rows: readonly SloRow[]): Placed[] {
  const worst = new Map<string, BudgetState>();
  for (const row of rows) {
    const state = stateOf(remainingNow(row));
    const before = worst.get(row.application.slug);
    if (before === undefined || budgetStates.indexOf(state) < budgetStates.indexOf(before)) worst.set(row.application.slug, state);
  }
  return applications.map(({ slug, name, tier }) => ({ slug, name, tier, state: worst.get(slug) ?? 'no_slo' }));
}

/** The applications of one cell. */
export function inCell(placed: readonly Placed[], tier: number, state: BudgetState): Placed[] {
  return placed.filter((one) => one.tier === tier && one.state === state);
}
