import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { acceptSuggestions, dismissSuggestions, reopenSuggestions, type Decision } from '../../api/suggestions';
import { useApp } from '../../app/context';
import { idsOf, nextAfter, sumOf, type Option } from './logic';

/** What a person does with suggestions. */
export interface Deed {
  readonly kind: 'accept' | 'dismiss' | 'reopen';
  readonly options: readonly Option[];
  /** Since when groups own: a date or "beginning". */
  readonly from?: string;
}

/** What came of the last deed. */
export interface Outcome {
  readonly kind: Deed['kind'];
  readonly done: number;
  /** Reasons by id. */
  readonly refused: ReadonlyMap<string, string>;
}

export const resultId = 'suggestions-result';
export const optionId = (key: string) => `suggestion-${key}`;

/** Decides on suggestions, and keeps the focus on the page when their rows go. */
export function useDecisions(workspace: string, shown: readonly Option[]) {
  const { session } = useApp();
  const client = useQueryClient();
  const [outcome, setOutcome] = useState<Outcome | null>(null);
  const send = ({ kind, options, from }: Deed): Promise<Decision> => {
    const ids = idsOf(options);
    const token = session.csrf_token;
    if (kind === 'dismiss') return dismissSuggestions(workspace, token, ids);
    if (kind === 'reopen') return reopenSuggestions(workspace, token, ids);
    return acceptSuggestions(workspace, token, { ids, ...(from && { from }), ...(sumOf(options).creates.length > 0 && { create: true }) });
  };
  const deed = useMutation({
    mutationFn: send,
    onSuccess: async ({ refused }, { kind, options }) => {
      const reasons = new Map(refused.map(({ id, reason }) => [id, reason]));
      const done = options.filter(({ said }) => !said.some(({ id }) => reasons.has(id)));
      setOutcome({ kind, done: done.length, refused: reasons });
      const next = options.length > 1 ? null : nextAfter(shown, new Set(done.map(({ key }) => key)));
      await client.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'session' });
      setTimeout(() => keepFocus(next));
    },
  });
  return { deed, outcome, forget: () => setOutcome(null) };
}

/** Where the row with the focus is gone, its neighbour gets it, or the result. */
function keepFocus(next: string | null): void {
  if (document.activeElement !== null && document.activeElement !== document.body) return;
  const element = (next && document.getElementById(optionId(next))) || document.getElementById(resultId);
  element?.focus();
}
