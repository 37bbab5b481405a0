import { TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useId, useState } from 'react';
import { whatIfQuery, type ObjectiveParams, type SloRow, type WhatIfAnswer, type WhatIfRow } from '../../api/slos';
import { useT } from '../../i18n/useT';
import { formatDate, formatNumber, formatPercent, noValue } from '../../ui/format';
import { Panel } from '../../ui/Panel';
import { StatusMark } from '../../ui/StateBadge';
import { EmptyState, ErrorState } from '../../ui/states';
import { Skeletons } from '../application/Skeletons';
import { BudgetBar } from '../budget/BudgetBar';
import { targetText, windowWords } from '../budget/words';
import styles from './slos.module.css';
import { greatestTarget, hundredths, leastTarget, readTarget, shareText, windowsFor } from './targets';

interface WhatIfProps {
  readonly params: ObjectiveParams;
  readonly row: SloRow;
}

/** A target is asked about when nobody has moved it for this long. */
const pause = 300;

/** What if the target were another one, or the window? */
export function WhatIf({ params, row }: WhatIfProps) {
  const { t, locale } = useT();
  const id = useId();
  const own = hundredths(row.target);
  // Null is the definition's own target, which hundredths of a percent may not write.
  const [value, setValue] = useState<number | null>(null);
  const [text, setText] = useState<string | null>(null);
  const [asked, setAsked] = useState<number | null>(null);
  useEffect(() => {
    const timer = setTimeout(() => setAsked(value), pause);
    return () => clearTimeout(timer);
  }, [value]);
  const target = value === null ? row.target : value / 10_000;
  const query = useQuery(whatIfQuery(params, asked === null ? String(row.target) : shareText(asked), windowsFor(row.window)));
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
            max={greatestTarget}
            value={value ?? Math.min(own, greatestTarget)}
            aria-valuetext={targetText(target, locale)}
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
          value={text ?? formatNumber(Number((target * 100).toFixed(10)), locale, 10)}
          error={wrong && t('slo.whatif.wrong')}
          onChange={(event) => type(event.currentTarget.value)}
          onBlur={() => !wrong && setText(null)}
        />
      </div>
      {!query.data && (query.error ? <ErrorState error={query.error} onRetry={() => void query.refetch()} /> : <Skeletons height={260} />)}
      {query.data && <Answers answers={query.data} row={row} />}
    </Panel>
  );
}

/** What one target would have meant over several windows: now, and in those before. */
function Answers({ answers: { outcomes, since }, row }: { answers: WhatIfAnswer; row: SloRow }) {
  const { t, locale } = useT();
  const [first] = outcomes;
  if (since === null || !first) return <EmptyState title={t('slo.whatif.none')}>{t('slo.whatif.none_text')}</EmptyState>;
  const caption = t('slo.whatif.caption', { target: targetText(first.target, locale) });
  return (
    <>
      {/* A region that scrolls must be reachable by keyboard. */}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <section className={styles.scroll} aria-label={t('table.scroll', { name: t('slo.whatif') })} tabIndex={0}>
        <table className={styles.table} aria-live="polite">
          <caption className={styles.quiet}>{caption}</caption>
          <thead>
            <tr>
              <th scope="col">{t('slo.whatif.window')}</th>
              <th scope="col">{t('slo.whatif.budget')}</th>
              <th scope="col">{t('slo.whatif.windows')}</th>
            </tr>
          </thead>
          <tbody>
            {outcomes.map((answer) => (
              <Answer key={answer.window.span} answer={answer} own={answer.window.span === row.window.span} />
            ))}
          </tbody>
        </table>
      </section>
      <p className={styles.quiet}>{t('slo.whatif.basis', { since: formatDate(since, locale, row.window.zone || 'UTC'), target: targetText(row.target, locale), window: windowWords(row, t) })}</p>
    </>
  );
}

/** How much of a window has to be measured for its coverage not to be told. */
const covered = 0.995;

function Answer({ answer, own }: { answer: WhatIfRow; own: boolean }) {
  const { t, locale } = useT();
  const { budget, coverage, window, windows, met, missed, unknown } = answer;
  const zone = window.zone || 'UTC';
  return (
    <tr>
      <th scope="row">
        {windowWords(answer, t)}
        {own && <div className={styles.quiet}>{t('slo.whatif.own')}</div>}
      </th>
      <td>
        <span className={styles.left}>
          <BudgetBar remaining={budget.remaining} /> {budget.remaining === null ? noValue : formatPercent(budget.remaining, locale)}
        </span>
        {budget.remaining === null && <div className={styles.quiet}>{t('slo.whatif.unknown')}</div>}
        {budget.remaining !== null && coverage !== null && coverage < covered && <div className={styles.quiet}>{t('slo.whatif.covers', { coverage: formatPercent(coverage, locale) })}</div>}
      </td>
      <td>
        <span className={styles.quiet}>{windows.length === 0 ? t('slo.whatif.no_windows') : t('slo.whatif.met', { met, missed, unknown })}</span>
        <ul className={styles.windows} aria-label={t('slo.whatif.windows')}>
          {windows.map(({ from, to, met: kept }) => {
            const word = t(kept === null ? 'slo.whatif.unknown' : kept ? 'slo.whatif.was_met' : 'slo.whatif.was_missed');
            const label = `${formatDate(from, locale, zone)} – ${formatDate(to, locale, zone)}: ${word}`;
            return (
              <li key={from} title={label}>
                <StatusMark status={kept === null ? 'unknown' : kept ? 'good' : 'bad'} label={label} />
              </li>
            );
          })}
        </ul>
      </td>
    </tr>
  );
}
