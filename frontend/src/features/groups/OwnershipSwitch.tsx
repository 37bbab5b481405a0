import { useId, type ReactNode } from 'react';
import { useT } from '../../i18n/useT';
import ui from '../../ui/ui.module.css';
import type { Url } from '../../url/useUrl';
import styles from './groups.module.css';

/** Whose figures: who owned an application at the time, or who owns it today. */
export function OwnershipSwitch({ url, children }: { url: Url; children?: ReactNode }) {
  const { t } = useT();
  const { ownership } = url.state;
  return (
    <div className={styles.switches}>
      {children}
      <Segments
        label={t('ownership.label')}
        choices={(['then', 'today'] as const).map((value) => ({ value, label: t(`ownership.${value}`) }))}
        value={ownership}
        onChange={(value) => url.update({ ownership: value })}
      />
      <p className={styles.meaning}>{t(`ownership.${ownership}_text`)}</p>
    </div>
  );
}

interface SegmentsProps<Value extends string> {
  readonly label: string;
  readonly choices: readonly { readonly value: Value; readonly label: string }[];
  readonly value: Value;
  readonly onChange: (value: Value) => void;
}

/** A few choices side by side, one of them pressed. */
export function Segments<Value extends string>({ label, choices, value, onChange }: SegmentsProps<Value>) {
  const id = useId();
  return (
    <div>
      <span className={styles.label} id={id}>
        {label}
      </span>
      {/* A fieldset would add a legend that nobody sees. */}
      {/* oxlint-disable-next-line jsx-a11y/prefer-tag-over-role */}
      <div className={ui.segments} role="group" aria-labelledby={id}>
        {choices.map((choice) => (
          <button key={choice.value} type="button" aria-pressed={choice.value === value} onClick={() => onChange(choice.value)}>
            {choice.label}
          </button>
        ))}
      </div>
    </div>
  );
}
