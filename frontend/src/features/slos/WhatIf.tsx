import { TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useId, useState } from 'react';
import { whatIfQuery, type ObjectiveParams, type SloRow, type WhatIfRow } from '../../api/slos';
import { useT } from '../../i18n/useT';
import { formatDate, formatNumber, formatPercent } from '../../ui/format';
import { Panel } from '../../ui/Panel';
import { StatusMark } from '../../ui/StateBadge';
import { ErrorState } from '../../ui/states';
import { Skeletons } from '../application/Skeletons';
import { BudgetBar } from '../budget/BudgetBar';
import { spanWords, targetText } from '../budget/words';
import styles from './slos.module.css';
import { greatestTarget, hundredths, leastTarget, readTarget, shareText } from './targets';

interface WhatIfProps {
  readonly params: ObjectiveParams;
  readonly row: SloRow;
}

/** A target is asked about when nobody has moved it for this long. */
const pause = 300;

/** What if the target were another one? */
export function WhatIf({ params, row }: WhatIfProps) {
  const { t, locale } = useT();
  const id = useId();
  const own = hundredths(row.target);
  const [value, setValue] = useState(own);
  const [text, setText] = useState<string | null>(null);
  const [asked, setAsked] = useState(own);
  useEffect(() => {
    const timer = setTimeout(() => setAsked(value), pause);
    return () => clearTimeout(timer);
  }, [value]);
  const query = useQuery(whatIfQuery(params, shareText(asked)));
  const wrong = text !== null && readTarget(text) === null;
  const type = (typed: string) => {
    setText(typed);
    const read = readTarget(typed);
    if (read !== null) setValue(read);
  };
  return (
    <Panel title={t('slo.whatif')}>
      <div className={styles.whatif}>
        <div>
          <label htmlFor={id} className={styles.label}>
            {t('slo.whatif.slider')}
          </label>
          <input
            id={id}
            type="range"
            className={styles.slider}
            min={Math.min(leastTarget, own)}
            max={Math.max(greatestTarget, own)}
            value={value}
            aria-valuetext={targetText(value / 10_000, locale)}
            onChange={(event) => {
              setText(null);
              setValue(Number(event.currentTarget.value));
            }}
          />
        </div>
        <TextInput
          size="xs"
          inputMode="decimal"
          label={t('slo.whatif.field')}
          value={text ?? formatNumber(value / 100, locale, 2)}
          error={wrong && t('slo.whatif.wrong')}
          onChange={(event) => type(event.currentTarget.value)}
          onBlur={() => !wrong && setText(null)}
        />
      </div>
      {!query.data && (query.error ? <ErrorState error={query.error} onRetry={() => void query.refetch()} /> : <Skeletons height={90} />)}
      {query.data && (
        <output className={styles.answers}>
          {query.data.outcomes.map((answer) => (
            <Answer key={`${answer.target} ${answer.window}`} answer={answer} zone={row.window.zone || 'UTC'} />
          ))}
        </output>
      )}
    </Panel>
  );
}

/** What one target would have meant: now, and in the windows before. */
function Answer({ answer, zone }: { answer: WhatIfRow; zone: string }) {
  const { t, locale } = useT();
  const { remaining } = answer.budget;
  return (
    <div className={styles.answer}>
      <p>
        <strong>{t('slo.whatif.at', { target: targetText(answer.target, locale), window: spanWords(answer.window, t) })}</strong> <BudgetBar remaining={remaining} />{' '}
        {t(remaining === null ? 'slo.whatif.unknown' : 'slo.whatif.left', { share: formatPercent(remaining, locale) })}
      </p>
      <p className={styles.quiet}>{t('slo.whatif.met', { met: answer.met, missed: answer.missed, unknown: answer.unknown })}</p>
      <ul className={styles.windows} aria-label={t('slo.whatif.windows')}>
        {answer.windows.map(({ from, to, met }) => {
          const word = t(met === null ? 'slo.whatif.unknown' : met ? 'slo.whatif.was_met' : 'slo.whatif.was_missed');
          const label = `${formatDate(from, locale, zone)} – ${formatDate(to, locale, zone)}: ${word}`;
          return (
            <li key={from} title={label}>
              <StatusMark status={met === null ? 'unknown' : met ? 'good' : 'bad'} label={label} />
            </li>
          );
        })}
      </ul>
    </div>
  );
}
