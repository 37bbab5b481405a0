import { NativeSelect, SegmentedControl } from '@mantine/core';
import type { ApplicationDetail } from '../../api/types';
import type { MessageId } from '../../i18n/i18n';
import { useT, type Translate } from '../../i18n/useT';
import { RangePicker } from '../../ui/RangePicker';
import type { Grain, UrlState } from '../../url/state';
import classes from './application.module.css';
import { environmentChoices, type EnvironmentChoice } from './environments';

interface DeliveryControlsProps {
  state: UrlState;
  onChange: (patch: Partial<UrlState>) => void;
  environments: ApplicationDetail['environments'];
  /** The grain in use, chosen or by the data. */
  grain: Grain;
}

const classNames: Record<string, MessageId> = {
  production: 'delivery.class.production',
  staging: 'delivery.class.staging',
  testing: 'delivery.class.testing',
  development: 'delivery.class.development',
  unclassified: 'delivery.class.unclassified',
};

function choiceText({ value, kind, deployments }: EnvironmentChoice, t: Translate): string {
  const known = kind === 'class' && Object.hasOwn(classNames, value) ? t(classNames[value]!) : value;
  return t('delivery.environment_choice', { name: known, count: deployments });
}

/** Environment, period and grain of the figures. */
export function DeliveryControls({ state, onChange, environments, grain }: DeliveryControlsProps) {
  const { t } = useT();
  const choices = environmentChoices(environments, state.env);
  return (
    <div className={classes.controls}>
      <NativeSelect
        size="xs"
        label={t('delivery.environment')}
        value={state.env}
        onChange={(event) => onChange({ env: event.currentTarget.value })}
        data={choices.map((choice) => ({ value: choice.value, label: choiceText(choice, t) }))}
      />
      <div className={classes.control}>
        <span className={classes.controlLabel}>{t('range.label')}</span>
        <RangePicker value={state.range} onChange={(range) => onChange({ range })} />
      </div>
      <div className={classes.control}>
        <span className={classes.controlLabel}>{t('delivery.grain')}</span>
        <SegmentedControl
          size="xs"
          aria-label={t('delivery.grain')}
          value={grain}
          onChange={(value) => onChange({ grain: value as Grain })}
          data={(['day', 'week', 'month'] as const).map((value) => ({
            value,
            label: t(`delivery.grain.${value}`),
          }))}
        />
      </div>
    </div>
  );
}
