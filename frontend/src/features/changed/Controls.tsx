import { Button, NativeSelect, Popover, TextInput } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { presentTime } from '../../api/known';
import { applicationsQuery } from '../../api/queries';
import { useT } from '../../i18n/useT';
import ui from '../../ui/ui.module.css';
import { instantText, instantValue, sinceChoices } from '../../url/state';
import type { Url } from '../../url/useUrl';
import { environmentName } from '../application/DeliveryControls';
import styles from './changed.module.css';
import { sinceText } from './words';

const classes = ['production', 'staging', 'testing', 'development', 'unclassified'];

interface ControlsProps {
  url: Url;
  workspace: string;
}

/** Application, how far back, and environment. */
export function Controls({ url, workspace }: ControlsProps) {
  const { t } = useT();
  const { state, update } = url;
  const environments = classes.includes(state.env) ? classes : [...classes, state.env];
  return (
    <div className={styles.controls}>
      <ApplicationPicker url={url} workspace={workspace} />
      <Since url={url} />
      <NativeSelect
        size="xs"
        label={t('delivery.environment')}
        value={state.env}
        onChange={(event) => update({ env: event.currentTarget.value })}
        data={environments.map((value) => ({ value, label: environmentName(value, t) }))}
      />
    </div>
  );
}

function ApplicationPicker({ url, workspace }: ControlsProps) {
  const { t } = useT();
  const { app } = url.state;
  const query = useInfiniteQuery(applicationsQuery({ workspace, limit: 500 }));
  const known = (query.data?.pages ?? []).flatMap((page) => page.items).map(({ slug, name }) => ({ value: slug, label: name }));
  const listed = known.toSorted((a, b) => a.label.localeCompare(b.label));
  const choices = app && !known.some((choice) => choice.value === app) ? [{ value: app, label: app }, ...listed] : listed;
  return (
    <NativeSelect
      size="xs"
      data-page-filter
      className={styles.application}
      label={t('column.application')}
      value={app ?? ''}
      onChange={(event) => url.update({ app: event.currentTarget.value || null }, true)}
      data={[...(app ? [] : [{ value: '', label: t('changed.choose') }]), ...choices]}
    />
  );
}

function Since({ url }: { url: Url }) {
  const { t, locale } = useT();
  const { state, update } = url;
  const [open, setOpen] = useState(false);
  const own = !sinceChoices.some((choice) => choice === state.since);
  return (
    <div>
      <span className={styles.label} id="changed-since">
        {t('changed.since')}
      </span>
      <Popover opened={open} onChange={setOpen} position="bottom-start" withinPortal={false} trapFocus>
        <div className={styles.since}>
          {/* A fieldset would add a legend that nobody sees. */}
          {/* oxlint-disable-next-line jsx-a11y/prefer-tag-over-role */}
          <div className={ui.segments} role="group" aria-labelledby="changed-since">
            {sinceChoices.map((choice) => (
              <button key={choice} type="button" aria-pressed={state.since === choice} onClick={() => update({ since: choice })}>
                {t(`changed.since.${choice}`)}
              </button>
            ))}
          </div>
          <Popover.Target>
            <Button size="xs" variant={own ? 'light' : 'default'} onClick={() => setOpen(!open)}>
              {own ? sinceText(state.since, t, locale) : t('range.custom')}
            </Button>
          </Popover.Target>
        </div>
        <Popover.Dropdown>
          <Moment
            value={own ? state.since : null}
            onApply={(since) => {
              update({ since });
              setOpen(false);
            }}
          />
        </Popover.Dropdown>
      </Popover>
    </div>
  );
}

function Moment({ value, onApply }: { value: string | null; onApply: (since: string) => void }) {
  const { t } = useT();
  const [text, setText] = useState(() => (value ?? instantText(presentTime() - 2 * 3_600_000)).replace('Z', ''));
  const since = `${text}Z`;
  const known = instantValue(since) !== null;
  return (
    <form
      className={ui.rangeForm}
      onSubmit={(event) => {
        event.preventDefault();
        if (known) onApply(since);
      }}
    >
      <TextInput
        type="datetime-local"
        size="xs"
        label={t('changed.moment')}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      <Button type="submit" size="xs" disabled={!known}>
        {t('range.apply')}
      </Button>
    </form>
  );
}
