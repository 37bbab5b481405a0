import { ActionIcon, Button, Menu } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { presentTime } from '../../api/known';
import { benchmarksQuery } from '../../api/queries';
import { useApp } from '../../app/context';
import { useShortcuts } from '../../app/shortcuts';
import { useT } from '../../i18n/useT';
import { IconCheck, IconChevronDown, IconLink } from '../../ui/icons';
import { RangePicker } from '../../ui/RangePicker';
import { datesOf, formatSearch, lengthOf, pinned, shiftRange, writeQuery, type RangeDays, type UrlState } from '../../url/state';
import type { Url } from '../../url/useUrl';
import styles from './delivery.module.css';

interface PeriodControlsProps {
  readonly url: Url;
  readonly days: RangeDays;
  readonly workspace: string;
}

/** Period, comparison, grain, benchmark, and a link to what is shown. */
export function PeriodControls({ url, days, workspace }: PeriodControlsProps) {
  const { shortcuts } = useApp();
  const { state, update } = url;
  const shift = (steps: -1 | 1) => update({ range: shiftRange(state.range, steps, presentTime()) });
  useShortcuts({ '[': () => shift(-1), ']': () => shift(1) }, shortcuts);
  return (
    <div className={styles.controls}>
      <RangePicker value={state.range} onChange={(range) => update({ range })} />
      <ViewMenu url={url} workspace={workspace} />
      <ShareButton url={url} days={days} pin />
    </div>
  );
}

function ViewMenu({ url, workspace }: { url: Url; workspace: string }) {
  const { t } = useT();
  const { state, update } = url;
  const [opened, setOpened] = useState(false);
  const benchmarks = useQuery({ ...benchmarksQuery(workspace), enabled: opened });
  const span = t('range.short', { days: lengthOf(state.range) });
  return (
    <Menu position="bottom-end" width={250} opened={opened} onChange={setOpened} closeOnItemClick={false}>
      <Menu.Target>
        <Button size="xs" variant="default" rightSection={<IconChevronDown size={14} aria-hidden />}>
          {state.cmp === 'prev' ? t('cmp.prev', { span }) : t('cmp.none')}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{t('cmp.label')}</Menu.Label>
        <Choice chosen={state.cmp === 'prev'} onChoose={() => update({ cmp: 'prev' })} label={t('cmp.prev', { span })} />
        <Choice chosen={state.cmp === 'none'} onChoose={() => update({ cmp: 'none' })} label={t('cmp.none')} />
        <Menu.Divider />
        <Menu.Label>{t('grain.label')}</Menu.Label>
        <Choice chosen={state.grain === null} onChoose={() => update({ grain: null })} label={t('grain.auto')} />
        {(['day', 'week', 'month'] as const).map((grain) => (
          <Choice key={grain} chosen={state.grain === grain} onChoose={() => update({ grain })} label={t(`grain.${grain}`)} />
        ))}
        <Menu.Divider />
        <Menu.Label>{t('bench.label')}</Menu.Label>
        <Choice chosen={state.bench === null} onChoose={() => update({ bench: null })} label={t('bench.default')} />
        {(benchmarks.data?.items ?? []).map((benchmark) => (
          <Choice
            key={benchmark.id}
            chosen={state.bench === benchmark.id}
            onChoose={() => update({ bench: benchmark.id })}
            label={benchmark.name}
          />
        ))}
        <Choice chosen={state.bench === 'none'} onChoose={() => update({ bench: 'none' })} label={t('bench.none')} />
      </Menu.Dropdown>
    </Menu>
  );
}

function Choice({ chosen, onChoose, label }: { chosen: boolean; onChoose: () => void; label: string }) {
  return (
    <Menu.Item
      aria-current={chosen || undefined}
      rightSection={chosen ? <IconCheck size={14} aria-hidden /> : null}
      onClick={onChoose}
    >
      {label}
    </Menu.Item>
  );
}

/**
 * Copies a link that shows the same tomorrow. Of facts and figures it is pinned
 * to what is known now, and the period is counted back from there; of
 * deliveries, which have no past, it names the dates.
 */
export function ShareButton({ url, days, pin = false }: { url: Url; days: RangeDays; pin?: boolean }) {
  const { t } = useT();
  const [said, setSaid] = useState<'share.copied' | 'share.failed' | null>(null);
  const copy = async () => {
    const kept: Partial<UrlState> = pin
      ? { as_of: pinned(url.state, Date.now()) }
      : { range: { kind: 'dates', ...datesOf(url.state.range, presentTime()) } };
    const query = writeQuery(formatSearch({ ...url.state, ...kept }, days));
    const { origin, pathname } = window.location;
    try {
      await navigator.clipboard.writeText(`${origin}${pathname}${query}`);
      setSaid('share.copied');
    } catch {
      setSaid('share.failed');
    }
    setTimeout(() => setSaid(null), 3000);
  };
  return (
    <>
      <ActionIcon variant="default" size={30} aria-label={t('share.link')} title={t(pin ? 'share.pinned' : 'share.hint')} onClick={() => void copy()}>
        {said === 'share.copied' ? <IconCheck size={16} aria-hidden /> : <IconLink size={16} aria-hidden />}
      </ActionIcon>
      <output className={said === 'share.failed' ? styles.said : 'ek-hidden'}>
        {said && t(said)}
      </output>
    </>
  );
}
