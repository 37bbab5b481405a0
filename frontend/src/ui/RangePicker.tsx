import { Button, Popover, SegmentedControl, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useT } from '../i18n/useT';
import { datesOf, formatRange, parseRange, rangeDays, type Range } from '../url/state';
import styles from './ui.module.css';

interface RangePickerProps {
  readonly value: Range;
  readonly onChange: (range: Range) => void;
}

const custom = 'custom';

/** Chooses a number of days back from now, or two dates. */
export function RangePicker({ value, onChange }: RangePickerProps) {
  const { t } = useT();
  const [open, setOpen] = useState(false);
  const choose = (text: string) => {
    const range = parseRange(text);
    if (range) onChange(range);
    setOpen(text === custom);
  };
  const data = rangeDays.map((days) => ({ value: `${days}d`, label: t('range.short', { days }) }));
  return (
    <Popover opened={open} onChange={setOpen} position="bottom-end" withinPortal={false} trapFocus>
      <Popover.Target>
        <div className={styles.range}>
          <SegmentedControl
            size="xs"
            aria-label={t('range.label')}
            value={value.kind === 'days' ? formatRange(value) : ''}
            onChange={choose}
            data={data}
          />
          <Button
            size="xs"
            variant={value.kind === 'dates' ? 'light' : 'default'}
            aria-expanded={open}
            onClick={() => setOpen(!open)}
          >
            {value.kind === 'dates' ? `${value.from} – ${value.to}` : t('range.custom')}
          </Button>
        </div>
      </Popover.Target>
      <Popover.Dropdown>
        <RangeForm value={value} onApply={(range) => choose(formatRange(range))} />
      </Popover.Dropdown>
    </Popover>
  );
}

function RangeForm({ value, onApply }: { value: Range; onApply: (range: Range) => void }) {
  const { t } = useT();
  const [dates, setDates] = useState(() => datesOf(value, Date.now()));
  const range = parseRange(`${dates.from}..${dates.to}`);
  return (
    <form
      className={styles.rangeForm}
      onSubmit={(event) => {
        event.preventDefault();
        if (range) onApply(range);
      }}
    >
      <TextInput
        type="date"
        size="xs"
        label={t('range.from')}
        value={dates.from}
        onChange={(event) => setDates({ ...dates, from: event.currentTarget.value })}
      />
      <TextInput
        type="date"
        size="xs"
        label={t('range.to')}
        value={dates.to}
        error={range ? undefined : t('range.invalid')}
        onChange={(event) => setDates({ ...dates, to: event.currentTarget.value })}
      />
      <Button type="submit" size="xs" disabled={!range}>
        {t('range.apply')}
      </Button>
    </form>
  );
}
