/** A figure made of many durations. */
interface Durations {
  /** The figure by the policy's aggregation; answers of older servers have only the median. */
  value_seconds?: number | null;
  median_seconds: number | null;
}

/** The headline figure in seconds, by the policy's aggregation. */
export function headline(of: Durations): number | null {
  return of.value_seconds === undefined ? of.median_seconds : of.value_seconds;
}
