import '@mantine/core/styles/Checkbox.layer.css';
import { Button, Checkbox, TextInput } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import { ApiError } from '../../api/problem';
import { presentTime } from '../../api/known';
import { useT } from '../../i18n/useT';
import { Dialog } from '../../ui/Dialog';
import { ErrorState } from '../../ui/states';
import { dayIn, sumOf, type Option } from './logic';
import styles from './suggestions.module.css';
import { valueText } from './words';

interface AcceptDialogProps {
  /** Null while the dialog is closed. */
  readonly options: readonly Option[] | null;
  /** The time zone in which a day begins. */
  readonly zone: string;
  readonly busy: boolean;
  readonly error: unknown;
  readonly onAccept: (from: string | undefined) => void;
  readonly onClose: () => void;
}

/** Says what accepting comes to, and asks from which day it holds. */
export function AcceptDialog({ options, ...rest }: AcceptDialogProps) {
  const { t } = useT();
  return (
    <Dialog open={options !== null} onClose={rest.onClose} title={t('suggestions.accept_title', { count: options?.length ?? 0 })} closeLabel={t('suggestions.close')}>
      {options && <Confirmation options={options} {...rest} />}
    </Dialog>
  );
}

function Confirmation({ options, zone, busy, error, onAccept, onClose }: AcceptDialogProps & { options: readonly Option[] }) {
  const { t } = useT();
  const today = dayIn(presentTime(), zone);
  const [day, setDay] = useState(today);
  const [always, setAlways] = useState(false);
  const sum = sumOf(options);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onAccept(sum.owners ? (always ? 'beginning' : day) : undefined);
  };
  return (
    <form className={styles.confirm} onSubmit={submit}>
      <What options={options} />
      {sum.owners && (
        <>
          <TextInput
            size="xs"
            type="date"
            label={t('suggestions.from')}
            description={t('suggestions.from_text', { zone })}
            value={day}
            max={today}
            required
            disabled={always}
            onChange={(event) => setDay(event.currentTarget.value)}
          />
          {sum.unowned && <Checkbox size="xs" label={t('suggestions.always')} checked={always} onChange={(event) => setAlways(event.currentTarget.checked)} />}
        </>
      )}
      <Refusal error={error} />
      <div className={styles.actions}>
        <Button type="submit" size="xs" loading={busy}>
          {t('suggestions.accept_confirm', { count: sum.count })}
        </Button>
        <Button size="xs" variant="default" onClick={onClose}>
          {t('suggestions.cancel')}
        </Button>
      </div>
    </form>
  );
}

/** One suggestion in full; of several how many they are, what they replace and what they make. */
function What({ options }: { options: readonly Option[] }) {
  const { t } = useT();
  const sum = sumOf(options);
  const [one] = options;
  return (
    <ul className={styles.sum}>
      {options.length === 1 && one && (
        <li>
          <strong>
            {t('suggestions.one', {
              aspect: t(`suggestions.aspect.${one.first.aspect}`),
              application: one.first.application.name,
              value: valueText(one.first.aspect, one.first.value, one.first.name, t),
            })}
          </strong>
        </li>
      )}
      {options.length > 1 && (
        <li>
          <strong>{t('suggestions.many', { count: sum.count, applications: sum.applications })}</strong>
        </li>
      )}
      {sum.replaced > 0 && (
        <li>
          {options.length === 1 && one
            ? t('suggestions.instead', { value: valueText(one.first.aspect, one.first.present, one.first.present_name, t) })
            : t('suggestions.replaced', { count: sum.replaced })}
        </li>
      )}
      {sum.guesses > 0 && <li>{t('suggestions.guesses', { count: sum.guesses })}</li>}
      {sum.creates.map(({ what, slugs }) => (
        <li key={what}>{t(`suggestions.creates.${what}`, { count: slugs.length, names: slugs.join(', ') })}</li>
      ))}
      {sum.creates.length === 0 && <li>{t('suggestions.creates.nothing')}</li>}
    </ul>
  );
}

/** Why nothing was done, in the server's words. */
export function Refusal({ error }: { error: unknown }) {
  if (!error) return null;
  if (!(error instanceof ApiError) || error.fields.length === 0) return <ErrorState error={error} />;
  return (
    <p role="alert" className={styles.refused}>
      {error.fields.map(([field, text]) => `${field}: ${text}`).join(' · ')}
    </p>
  );
}
