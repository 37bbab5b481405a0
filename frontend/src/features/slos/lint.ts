import type { Lint } from '../../api/slos';
import { textFor, type Translate } from '../../i18n/useT';

/** A remark on a document as it is told, and how to put it right; empty where the first says it. */
export interface Told {
  readonly text: string;
  readonly fix: string;
  /** The words are the server's, which are English. */
  readonly foreign: boolean;
}

/** A remark in the reader's words; one that has no code, or one that is new to this page, in the server's. */
export function lintText({ text, fix, code, values }: Lint, t: Translate): Told {
  const id = textFor(`slo.lint.${code}`, t);
  if (!id) return { text, fix, foreign: true };
  const said = values.severity === undefined ? values : { ...values, severity: t(values.severity === 'page' ? 'budget.severity.page' : 'budget.severity.ticket') };
  const mend = textFor(`slo.lint.${code}.fix`, t);
  return { text: t(id, said), fix: mend ? t(mend, said) : '', foreign: false };
}
