/** A text that wants to stand at a height. */
export interface Wanted {
  id: string;
  y: number;
}

/** Where the text stands after room was made. */
export interface Placed extends Wanted {
  placed: number;
}

interface Cluster {
  items: Wanted[];
  centre: number;
}

function span(cluster: Cluster, gap: number): [number, number] {
  const half = ((cluster.items.length - 1) * gap) / 2;
  return [cluster.centre - half, cluster.centre + half];
}

function held(cluster: Cluster, gap: number, top: number, bottom: number): Cluster {
  const [first, last] = span(cluster, gap);
  const up = Math.max(0, last - bottom);
  const down = Math.max(0, top - (first - up));
  return { ...cluster, centre: cluster.centre - up + down };
}

function joined(a: Cluster, b: Cluster): Cluster {
  const items = [...a.items, ...b.items];
  const mean = items.reduce((sum, item) => sum + item.y, 0) / items.length;
  return { items, centre: mean };
}

/**
 * Moves texts apart so that neighbours are at least `gap` pixels from each
 * other and all stay within [top, bottom] where they fit, as near as possible
 * to the heights they want. Order from top to bottom is kept.
 */
export function spread(wanted: Wanted[], gap: number, top: number, bottom: number): Placed[] {
  const sorted = wanted.toSorted((a, b) => a.y - b.y);
  const clusters: Cluster[] = [];
  for (const item of sorted) {
    let next = held({ items: [item], centre: item.y }, gap, top, bottom);
    for (let last = clusters.at(-1); last; last = clusters.at(-1)) {
      if (span(last, gap)[1] + gap <= span(next, gap)[0]) break;
      clusters.pop();
      next = held(joined(last, next), gap, top, bottom);
    }
    clusters.push(next);
  }
  return clusters.flatMap((cluster) => {
    const [first] = span(cluster, gap);
    return cluster.items.map((item, i) => ({ ...item, placed: first + i * gap }));
  });
}
