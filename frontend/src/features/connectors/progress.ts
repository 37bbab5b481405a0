import { useState } from 'react';
import type { Connection } from '../../api/types';
import { secondsLeft, type Progress } from './logic';

type Firsts = Readonly<Record<string, Progress>>;

/**
 * Seconds until the past of each connection is read, by its id, at the speed
 * seen since the page was opened; null while that is not known.
 */
export function useProgress(list: readonly Connection[], at: number): Readonly<Record<string, number | null>> {
  const [firsts, setFirsts] = useState<Firsts>({});
  const fresh = list.filter(({ id, asked }) => asked !== null && firsts[id] === undefined);
  if (fresh.length > 0) setFirsts({ ...firsts, ...Object.fromEntries(fresh.map(({ id, asked }) => [id, { at, done: asked?.done ?? 0 }])) });
  return Object.fromEntries(list.map(({ id, asked }) => [id, asked ? secondsLeft(firsts[id], { at, done: asked.done }, asked.total) : null]));
}
