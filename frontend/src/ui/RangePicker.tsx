import { Button, Popover, TextInput } from '@mantine/core';
import { useState } from 'react';
import { presentTime } from '../api/known';
import { useT } from '../i18n/useT';
import { datesOf, parseRange, rangeDays, type Range } from '../url/state';
import styles from './ui.module.css';

interface RangePickerProps {
  readonly value: Range;
  readonly onChange: (range: Range) => void;
}

/** Chooses a number of days back from now, or two dates. */
export function RangePicker({ value, onChange }: RangePickerProps) {
  const { t } = useT();
  const [open, setOpen] = useState(false);
  const choose = (range: Range) => {
    onChange(range);
    setOpen(false);
  };
  return (
    <Popover opened={open} onChange={setOpen} position="bottom-end" withinPortal={false} trapFocus>
      <div className={styles.range}>
        {/* A fieldset would add a legend that nobody sees. */}
        {/* oxlint-disable-next-line jsx-a11y/prefer-tag-over-role */}
        <div className={styles.segments} role="group" aria-label={t('range.label')}>
          {rangeDays.map((days) => (
            <button
              key={days}
              type="button"
              aria-pressed={value.kind === 'days' && value.days === days}
              title={t('range.days', { days })}
              onClick={() => choose({ kind: 'days', days })}
            >
              {t('range.short', { days })}
            </button>
          ))}
        </div>
        <Popover.Target>
          <Button size="xs" variant={value.kind === 'dates' ? 'light' : 'default'} onClick={() => setOpen(!open)}>
            {value.kind === 'dates' ? `${value.from} – ${value.to}` : t('range.custom')}
          </Button>
        </Popover.Target>
      </div>
      <Popover.Dropdown>
        <RangeForm value={value} onApply={choose} />
      </Popover.Dropdown>
    </Popover>
  );
}

function RangeForm({ value, onApply }: { value: Range; onApply: (range: Range) => void }) {
  const { t } = useT();
  const [dates, setDates] = useState(() => datesOf(value, presentTime()));
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
