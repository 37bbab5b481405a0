/** The targets that are offered: hundredths of a percent, so that each is exact. */
export const leastTarget = 9900;
export const greatestTarget = 9999;

/** A share as hundredths of a percent, 0.9995 is 9995. */
export function hundredths(target: number): number {
  return Math.round(target * 10_000);
}

/** The share as the server reads it, exactly: 9995 is "0.9995". */
export function shareText(value: number): string {
  return (value / 10_000).toFixed(4).replace(/\.?0+$/, '');
}

/** Hundredths of a percent from what somebody typed, "99,95" or "99.95"; null for no target. */
export function readTarget(text: string): number | null {
  const match = /^\s*(\d{1,2})(?:[.,](\d{1,2}))?\s*%?\s*$/.exec(text);
  if (!match) return null;
  return Number(match[1]) * 100 + Number((match[2] ?? '').padEnd(2, '0'));
}

/** The windows that are tried beside a definition's own; 1M is a month of the calendar. */
const usualWindows = ['7d', '28d', '30d', '90d', '1M'] as const;

/** The windows to try for a definition: its own first. */
export function windowsFor({ span }: { readonly span: string }): string[] {
  return [span, ...usualWindows.filter((one) => one !== span)];
}
