/** The index of the place nearest to x, or null when there is none. */
export function nearest(places: number[], x: number): number | null {
  let best: number | null = null;
  places.forEach((place, i) => {
    if (best === null || Math.abs(place - x) < Math.abs(places[best]! - x)) best = i;
  });
  return best;
}

/**
 * Where a key moves the reading cursor: arrows by one span, Home and End to
 * the ends, Escape to none. Undefined means that the key is not ours.
 */
export function moved(key: string, at: number | null, count: number): number | null | undefined {
  if (key === 'Escape') return at === null ? undefined : null;
  if (count === 0) return undefined;
  switch (key) {
    case 'ArrowRight':
      return at === null ? 0 : Math.min(count - 1, at + 1);
    case 'ArrowLeft':
      return at === null ? count - 1 : Math.max(0, at - 1);
    case 'Home':
      return 0;
    case 'End':
      return count - 1;
    default:
      return undefined;
  }
}
