import type { en } from './messages.en';

/** German texts of the shell, the overview, the lists and src/ui. */
export const de: Readonly<Record<keyof typeof en, string>> = {
  'metric.change_lead_time': 'Durchlaufzeit einer Änderung',
  'metric.deployment_frequency': 'Deployment-Häufigkeit',
  'metric.change_fail_rate': 'Anteil fehlgeschlagener Deployments',
  'metric.failed_deployment_recovery_time': 'Wiederherstellung nach fehlgeschlagenem Deployment',
  'metric.deployment_rework_rate': 'Nacharbeitsquote',
};
