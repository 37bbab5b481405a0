import type { Observation } from '../../api/types';

/** A field as text; what is nested stays JSON. */
export function fieldText(value: unknown): string {
  if (value === null || value === undefined) return '–';
  if (typeof value === 'string') return value;
  return typeof value === 'object' ? JSON.stringify(value, null, 1) : String(value);
}

/** A field that an observation said first, or said differently than before. */
export interface FieldChange {
  readonly name: string;
  /** Undefined where nothing was said before. */
  readonly before: string | undefined;
  readonly after: string;
}

/** What each observation added to those before it, in their order. */
export function changesOf(observations: readonly Observation[]): readonly (readonly FieldChange[])[] {
  const said = new Map<string, string>();
  return observations.map(({ fields }) =>
    Object.entries(fields).flatMap(([name, value]) => {
      const after = fieldText(value);
      const before = said.get(name);
      said.set(name, after);
      return before === after ? [] : [{ name, before, after }];
    }),
  );
}
