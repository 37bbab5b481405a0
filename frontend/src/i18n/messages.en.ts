/** English texts of the shell, the overview, the lists and src/ui. */
export const en = {
  'metric.change_lead_time': 'Change lead time',
  'metric.deployment_frequency': 'Deployment frequency',
  'metric.change_fail_rate': 'Change fail rate',
  'metric.failed_deployment_recovery_time': 'Failed deployment recovery time',
  'metric.deployment_rework_rate': 'Deployment rework rate',
} as const;
