import { Button } from '@mantine/core';
import type { FactsSummary } from '../../api/types';
import { useT } from '../../i18n/useT';
import { Command } from '../../ui/Command';
import { EmptyState } from '../../ui/states';
import { lengthOf } from '../../url/state';
import type { Url } from '../../url/useUrl';
import { chosen, filterNames, narrowest, without, withoutAny } from './filters';

const longest = 365;

/** Why the list is empty: nothing is known, nothing happened, or a filter leaves nothing. */
export function EmptyEvents({ url, summary }: { url: Url; summary: FactsSummary | undefined }) {
  const { t } = useT();
  const active = chosen(url.state);
  const names = filterNames.filter((name) => active[name]);
  if (names.length === 0) {
    const short = lengthOf(url.state.range) < longest;
    if (short) {
      return (
        <EmptyState
          title={t('events.none_in_period')}
          action={
            <Button size="xs" variant="default" onClick={() => url.update({ range: { kind: 'days', days: longest } })}>
              {t('overview.longest')}
            </Button>
          }
        >
          {t('events.none_in_period_text')}
        </EmptyState>
      );
    }
    return (
      <EmptyState title={t('events.first_run')} action={<Command>{'evenkeel import git .'}</Command>}>
        {t('events.first_run_text')}
      </EmptyState>
    );
  }
  const only = names.length === 1 ? names[0] : undefined;
  const blamed = only ?? (summary ? narrowest(url.state, summary)?.name : undefined);
  const filter = (name: (typeof names)[number]) => t(`events.filter.${name}`);
  return (
    <EmptyState
      title={t('events.filtered')}
      action={
        <Button size="xs" variant="default" onClick={() => url.update(blamed ? without[blamed] : withoutAny)}>
          {blamed ? t('events.clear_one', { filter: filter(blamed) }) : t('empty.clear')}
        </Button>
      }
    >
      {blamed && names.length > 1
        ? t('events.filtered_most', { filter: filter(blamed) })
        : t('events.filtered_text', { filters: names.map(filter).join(', ') })}
    </EmptyState>
  );
}
