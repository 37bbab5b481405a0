import { NativeSelect } from '@mantine/core';
import type { ApplicationDetail } from '../../api/types';
import type { MessageId } from '../../i18n/i18n';
import { useT, type Translate } from '../../i18n/useT';
import type { Url } from '../../url/useUrl';
import { PeriodControls } from '../delivery/PeriodControls';
import classes from './application.module.css';
import { environmentChoices, type EnvironmentChoice } from './environments';

interface DeliveryControlsProps {
  url: Url;
  workspace: string;
  environments: ApplicationDetail['environments'];
}

const classNames: Record<string, MessageId> = {
  production: 'delivery.class.production',
  staging: 'delivery.class.staging',
  testing: 'delivery.class.testing',
  development: 'delivery.class.development',
  unclassified: 'delivery.class.unclassified',
};

/** The reader's word for a class of environments; any other name stands for itself. */
export function environmentName(value: string, t: Translate): string {
  return Object.hasOwn(classNames, value) ? t(classNames[value]!) : value;
}

function choiceText({ value, kind, deployments }: EnvironmentChoice, t: Translate): string {
  const name = kind === 'class' ? environmentName(value, t) : value;
  return t('delivery.environment_choice', { name, count: deployments });
}

/** Environment, period and comparison of the figures. */
export function DeliveryControls({ url, workspace, environments }: DeliveryControlsProps) {
  const { t } = useT();
  const { state, update } = url;
  const choices = environmentChoices(environments, state.env);
  return (
    <div className={classes.controls}>
      <NativeSelect
        size="xs"
        aria-label={t('delivery.environment')}
        value={state.env}
        onChange={(event) => update({ env: event.currentTarget.value })}
        data={choices.map((choice) => ({ value: choice.value, label: choiceText(choice, t) }))}
      />
      <PeriodControls url={url} days={90} workspace={workspace} />
    </div>
  );
}
