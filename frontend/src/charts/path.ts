import { area, curveLinear, line } from 'd3-shape';

/** A place in the plot; y is null where there is no value. */
export interface Point {
  x: number;
  y: number | null;
}

/** A place between two values of one span. */
export interface RangePoint {
  x: number;
  low: number | null;
  high: number | null;
}

const digits = 1;

/** A line through the points that have a value, broken where one has none. */
export function linePath(points: Point[]): string {
  return (
    line<Point>()
      .defined((p) => p.y !== null)
      .x((p) => p.x)
      .y((p) => p.y!)
      .curve(curveLinear)
      .digits(digits)(points) ?? ''
  );
}

/** A filled range, broken where either side has no value. */
export function areaPath(points: RangePoint[]): string {
  return (
    area<RangePoint>()
      .defined((p) => p.low !== null && p.high !== null)
      .x((p) => p.x)
      .y0((p) => p.low!)
      .y1((p) => p.high!)
      .curve(curveLinear)
      .digits(digits)(points) ?? ''
  );
}

/** The points with a value whose neighbours have none: a line cannot show them. */
export function lonePoints(points: Point[]): Point[] {
  const known = (i: number) => points[i]?.y !== null && points[i] !== undefined;
  return points.filter((p, i) => p.y !== null && !known(i - 1) && !known(i + 1));
}

/**
 * Parts a line by whether its spans have ended: the stretches between whole
 * spans are drawn solid, every stretch that touches an unfinished span dashed.
 */
export function splitIncomplete(points: Point[], complete: boolean[]): [Point[], Point[]] {
  const solid = points.map((p, i) => (complete[i] ? p : { ...p, y: null }));
  const dashed: Point[] = [];
  for (let i = 1; i < points.length; i++) {
    if (complete[i - 1] && complete[i]) continue;
    dashed.push(points[i - 1]!, points[i]!, { x: points[i]!.x, y: null });
  }
  return [solid, dashed];
}
