import { useState } from 'react';
import type { LevelSuggestion } from '../../api/sloSuggestions';
import type { Changes } from './logic';

/** What a person has selected and changed. */
export interface Choice {
  readonly picked: ReadonlySet<string>;
  readonly changes: Changes;
  readonly pick: (items: readonly LevelSuggestion[], on: boolean) => void;
  /** Sets a target in percent, as typed. */
  readonly aim: (id: string, percent: string) => void;
  /** Lays a service to an application; its own slug takes that back. */
  readonly own: (service: string, application: string) => void;
}

export function useChoice(): Choice {
  const [picked, setPicked] = useState<ReadonlySet<string>>(new Set());
  const [targets, setTargets] = useState<ReadonlyMap<string, string>>(new Map());
  const [owners, setOwners] = useState<ReadonlyMap<string, string>>(new Map());
  return {
    picked,
    changes: { targets, owners },
    pick: (items, on) => {
      const ids = new Set(items.map(({ id }) => id));
      setPicked((before) => new Set(on ? [...before, ...ids] : [...before].filter((id) => !ids.has(id))));
    },
    aim: (id, percent) => setTargets((before) => new Map(before).set(id, percent)),
    own: (service, application) => setOwners((before) => new Map(before).set(service, application)),
  };
}
