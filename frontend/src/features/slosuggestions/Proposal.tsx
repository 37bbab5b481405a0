import { TextInput, UnstyledButton } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useId, useState } from 'react';
import type { LevelSuggestion } from '../../api/sloSuggestions';
import { useT, type Translate } from '../../i18n/useT';
import { Command } from '../../ui/Command';
import { CopyButton } from '../../ui/CopyButton';
import { formatDuration, formatNumber, formatPercent, noValue } from '../../ui/format';
import { IconChevronDown } from '../../ui/icons';
import { StateBadge } from '../../ui/StateBadge';
import { BudgetBar } from '../budget/BudgetBar';
import { sliText, spanWords, targetText } from '../budget/words';
import { documentFor, outcomeOf, percentFor, shareFor, warningsOf, type Outcome } from './logic';
import styles from './slosuggestions.module.css';
import type { Choice } from './useChoice';

interface ProposalProps {
  readonly workspace: string;
  readonly window: string;
  readonly item: LevelSuggestion;
  readonly columns: number;
  readonly choice: Choice;
  /** Why it was not accepted. */
  readonly refused: string | undefined;
}

/** "Availability", "Latency within 500 ms". */
function promiseText({ kind, bound }: LevelSuggestion, t: Translate, locale: string): string {
  return [t(`slosuggest.kind.${kind}`), bound !== null && t('slosuggest.within', { bound: formatDuration(bound, locale) })].filter(Boolean).join(' ');
}

/** A number of events; below ten with a decimal. */
const countText = (count: number, locale: string) => formatNumber(count, locale, Math.abs(count) < 10 ? 1 : 0);

/** One promise: what it asks, what it would have come to, and on request what that rests on. */
export function Proposal({ workspace, window, item, columns, choice, refused }: ProposalProps) {
  const { t, locale } = useT();
  const detail = useId();
  const [open, setOpen] = useState(false);
  const percent = percentFor(item, choice.changes);
  const shown = choice.changes.targets.has(item.id) ? percent : formatNumber(Number(percent), locale, 10);
  const share = shareFor(percent);
  const outcome = share === null ? null : outcomeOf(item, share);
  const promise = promiseText(item, t, locale);
  const name = `${item.application.name}: ${promise}`;
  return (
    <>
      <tr>
        <th scope="row">
          <div className={styles.promise}>
            <span className={styles.tick}>
              {!item.exists && (
                <input
                  type="checkbox"
                  aria-label={t('slosuggest.select', { name })}
                  disabled={share === null}
                  checked={share !== null && choice.picked.has(item.id)}
                  onChange={(event) => choice.pick([item], event.currentTarget.checked)}
                />
              )}
            </span>
            <UnstyledButton className={styles.toggle} aria-expanded={open} aria-controls={open ? detail : undefined} aria-label={t('slosuggest.details', { name })} onClick={() => setOpen(!open)}>
              {promise}
              <IconChevronDown size={14} aria-hidden />
            </UnstyledButton>
          </div>
        </th>
        <td data-label={t('slosuggest.column.target')}>
          <Target item={item} name={name} percent={shown} wrong={share === null} onAim={(text) => choice.aim(item.id, text)} />
        </td>
        <Figures item={item} outcome={outcome} />
        <td data-label={t('slosuggest.column.state')}>
          <State workspace={workspace} item={item} name={name} refused={refused} />
          {outcome && !item.exists && <Warnings item={item} outcome={outcome} window={window} />}
        </td>
      </tr>
      {open && (
        <tr id={detail} className={styles.detail}>
          <td colSpan={columns}>
            <Detail item={item} document={documentFor(item, choice.changes) ?? item.document} />
          </td>
        </tr>
      )}
    </>
  );
}

function Target({ item, name, percent, wrong, onAim }: { item: LevelSuggestion; name: string; percent: string; wrong: boolean; onAim: (percent: string) => void }) {
  const { t, locale } = useT();
  if (item.exists) return <>{targetText(item.target, locale)}</>;
  return (
    <TextInput
      className={styles.target}
      size="xs"
      inputMode="decimal"
      aria-label={t('slosuggest.target_of', { name })}
      rightSection="%"
      value={percent}
      error={wrong && t('slosuggest.target_wrong')}
      onChange={(event) => onAim(event.currentTarget.value)}
    />
  );
}

/** The budget it would have had, the windows that it would have kept, and how much there was to count. */
function Figures({ item, outcome }: { item: LevelSuggestion; outcome: Outcome | null }) {
  const { t, locale } = useT();
  if (!outcome) return <td colSpan={3}>{noValue}</td>;
  const { consumed, budget, windows, met } = outcome;
  return (
    <>
      <td data-label={t('slosuggest.column.budget')}>
        <span className={styles.budget}>
          <BudgetBar remaining={1 - consumed} />
          <span>
            {formatPercent(1 - consumed, locale)}
            <span className={styles.under}>{t('slosuggest.used', { bad: countText(item.bad, locale), budget: countText(budget, locale) })}</span>
          </span>
        </span>
      </td>
      <td data-label={t('slosuggest.column.windows')}>
        {windows === 0 ? (
          <span className={styles.quiet}>{t('slosuggest.no_window')}</span>
        ) : (
          <StateBadge status={met === windows ? 'good' : 'watch'}>{t('slosuggest.windows', { met, windows })}</StateBadge>
        )}
      </td>
      <td data-label={t('slosuggest.column.traffic')}>{t('slosuggest.events', { n: item.events, count: countText(item.events, locale) })}</td>
    </>
  );
}

function State({ workspace, item, name, refused }: { workspace: string; item: LevelSuggestion; name: string; refused: string | undefined }) {
  const { t } = useT();
  const reason = refused && <span className={styles.refused}>{t('slosuggest.refused', { reason: refused })}</span>;
  if (!item.exists) return reason || <span className={styles.quiet}>{t('slosuggest.open')}</span>;
  return (
    <>
      <span className={styles.budget}>
        <StateBadge status="good">{t('slosuggest.exists')}</StateBadge>
        <Link to="/w/$workspace/slos/$id" params={{ workspace, id: item.id }} search={{}} className={styles.link} aria-label={t('slosuggest.open_slo', { name })}>
          {item.id}
        </Link>
      </span>
      {reason}
    </>
  );
}

function Warnings({ item, outcome, window }: { item: LevelSuggestion; outcome: Outcome; window: string }) {
  const { t, locale } = useT();
  const values = { budget: countText(outcome.budget, locale), share: formatPercent(1 / outcome.budget, locale), days: item.days, window: spanWords(window, t) };
  return (
    <>
      {warningsOf(item, outcome, window).map((warning) => (
        <span key={warning} className={styles.warning}>
          <StateBadge status="watch">{t(`slosuggest.warning.${warning}`, values)}</StateBadge>
        </span>
      ))}
    </>
  );
}

/** What a suggestion rests on, and the document that is kept. */
function Detail({ item, document }: { item: LevelSuggestion; document: string }) {
  const { t, locale } = useT();
  return (
    <div className={styles.evidence}>
      <section aria-label={t('slosuggest.evidence')}>
        <h3>{t('slosuggest.evidence')}</h3>
        <dl>
          <dt>{t('slosuggest.measured_at')}</dt>
          <dd>
            {item.family}: {item.service}
          </dd>
          <dt>{t('slosuggest.reached')}</dt>
          <dd>{sliText(item.reached, item.target, locale)}</dd>
          <dt>{t('slosuggest.worst')}</dt>
          <dd>{sliText(item.worst, item.target, locale)}</dd>
          <dt>{t('slosuggest.days_known')}</dt>
          <dd>{formatNumber(item.days, locale)}</dd>
          {item.queries.map(({ name, query, link }) => (
            <Query key={name} part={t(`slosuggest.query.${name as 'good' | 'bad' | 'total'}`)} query={query} link={link} />
          ))}
        </dl>
      </section>
      <section aria-label={t('slosuggest.document')}>
        <div className={styles.documentHead}>
          <h3>{t('slosuggest.document')}</h3>
          <CopyButton label={t('slosuggest.copy_document')} text={document} />
        </div>
        <Command>{document}</Command>
      </section>
    </div>
  );
}

function Query({ part, query, link }: { part: string; query: string; link: string | null }) {
  const { t } = useT();
  return (
    <>
      <dt>{part}</dt>
      <dd>
        <code>{query}</code>{' '}
        {link && (
          <a href={link} target="_blank" rel="noreferrer" aria-label={t('slosuggest.graph_of', { part })}>
            {t('slosuggest.graph')}
          </a>
        )}
      </dd>
    </>
  );
}
