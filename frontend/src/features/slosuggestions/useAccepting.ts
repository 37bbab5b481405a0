import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { acceptLevels } from '../../api/sloSuggestions';
import { useApp } from '../../app/context';

/** What came of accepting. */
export interface Outcome {
  readonly created: number;
  /** Reasons by the id of the suggestion. */
  readonly refused: ReadonlyMap<string, string>;
}

interface Wanted {
  readonly id: string;
  readonly document: string;
}

/** Keeps documents as service levels, and says what came of each. */
export function useAccepting(workspace: string, onDone: () => void) {
  const { session } = useApp();
  const client = useQueryClient();
  const [outcome, setOutcome] = useState<Outcome | null>(null);
  const deed = useMutation({
    mutationFn: (wanted: readonly Wanted[]) => acceptLevels(workspace, session.csrf_token, wanted.map(({ document }) => document)),
    onSuccess: (accepted, wanted) => {
      const refused = accepted.flatMap(({ error }, at) => (error ? [[wanted[at]?.id ?? '', error] as const] : []));
      setOutcome({ created: accepted.length - refused.length, refused: new Map(refused) });
      onDone();
    },
    // Some may be kept even where an answer was lost.
    onSettled: () => client.invalidateQueries({ predicate: ({ queryKey }) => ['slo-search', 'slos', 'slo', 'applications', 'overview'].includes(String(queryKey[0])) }),
  });
  return { deed, outcome };
}
