/** The editing of rules by which alerts become incidents. */
export interface AlertRule {
  readonly name?: string;
  readonly match?: readonly string[];
  readonly minimum?: string;
  readonly join?: string;
  readonly group_by?: readonly string[];
  readonly application?: string;
  readonly environment?: string;
  readonly severity?: string;
}

type Settings = Readonly<Record<string, unknown>>;

/** The members of a rule that are one line of text. */
export const ruleTexts = ['name', 'minimum', 'join', 'application', 'environment', 'severity'] as const;
/** Those that are lists, one element per line. */
export const ruleLists = ['match', 'group_by'] as const;

/** The rules of settings; none where they hold none. */
export const rulesOf = (settings: Settings): readonly AlertRule[] => (Array.isArray(settings.rules) ? (settings.rules as AlertRule[]) : []);

/** The settings with other rules; everything else stays. */
export function withRules(settings: Settings, rules: readonly AlertRule[]): Record<string, unknown> {
  const { rules: _, ...rest } = settings;
  return rules.length > 0 ? { ...rest, rules } : rest;
}

/** The rule with one text replaced; an empty one is left out. */
export function withText(rule: AlertRule, name: (typeof ruleTexts)[number], text: string): AlertRule {
  const { [name]: _, ...rest } = rule;
  return text.trim() === '' ? rest : { ...rest, [name]: text.trim() };
}

/** The rule with one list replaced by lines; without any line it is left out. */
export function withLines(rule: AlertRule, name: (typeof ruleLists)[number], lines: string): AlertRule {
  const { [name]: _, ...rest } = rule;
  const list = lines
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  return list.length > 0 ? { ...rest, [name]: list } : rest;
}

/** A new rule, with a name that no other has. */
export function newRule(rules: readonly AlertRule[]): AlertRule {
  const names = rules.map(({ name }) => name);
  let n = rules.length + 1;
  while (names.includes(`rule-${n}`)) n += 1;
  return { name: `rule-${n}`, match: ['severity="critical"'], minimum: '5m', join: '10m' };
}

/** The connection as a configuration file states it; JSON is YAML too. */
export function asYaml(name: string, source: string, secrets: readonly string[], settings: Settings): string {
  const lines = JSON.stringify(settings, null, 2).split('\n');
  return [
    'connections:',
    `  - name: ${JSON.stringify(name)}`,
    `    source: ${source}`,
    `    secrets: ${JSON.stringify(secrets)}`,
    `    settings: ${lines[0] ?? '{}'}`,
    ...lines.slice(1).map((line) => `      ${line}`),
  ].join('\n');
}
