/** Where a bar of a waterfall begins and ends, in shares of the budget. */
export interface Bar {
  readonly from: number;
  readonly to: number;
}

/** Bars that each begin where the one before ended; the last one ends at the sum. */
export function waterfall(shares: readonly number[]): Bar[] {
  let at = 0;
  return shares.map((share) => {
    const from = at;
    at += share;
    return { from, to: at };
  });
}
