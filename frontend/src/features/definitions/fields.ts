import type { DeploymentRule, EnvironmentRule, PolicyBody, PolicyOverride } from '../../api/types';

/** A member of a policy that is one word of a list. */
export const choices = {
  unit: ['change', 'commit'],
  start: ['first_commit', 'committed', 'opened', 'ready', 'merged'],
  aggregation: ['median', 'p75', 'p90', 'mean'],
  recovery: ['failure', 'deployment'],
  week_start: ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'],
  cadence: ['on-demand', 'daily', 'weekly', 'monthly', 'quarterly'],
} as const;

export type Choice = keyof typeof choices;

/** Members of which each is a line of text. */
export const texts = ['failure_window', 'hotfix_window', 'time_zone', 'benchmark'] as const;

/** Lists of patterns of the rule for deployments. */
export const lists = ['sources', 'refs', 'exclude_refs', 'artifact_kinds'] as const;

/** Lists of patterns that mark changes. */
export const marks = ['trailers', 'labels', 'actors'] as const;

/** One pattern per line, "pattern: class" for environments. */
export const linesOf = (list: readonly string[] | undefined): string => (list ?? []).join('\n');

export const listOf = (lines: string): string[] =>
  lines
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');

export const environmentLines = (rules: readonly EnvironmentRule[] | undefined): string =>
  (rules ?? []).map(({ pattern, class: of }) => `${pattern}: ${of}`).join('\n');

/** The class stands after the last colon, so that patterns may hold one. */
export const environmentsOf = (lines: string): EnvironmentRule[] =>
  listOf(lines).map((line) => {
    const at = line.lastIndexOf(':');
    return at < 0 ? { pattern: line, class: '' } : { pattern: line.slice(0, at).trim(), class: line.slice(at + 1).trim() };
  });

/** The rule with one list replaced; an empty list is left out. */
export function withList(rule: DeploymentRule | undefined, name: (typeof lists)[number], lines: string): DeploymentRule {
  const { [name]: _, ...rest } = rule ?? {};
  const list = listOf(lines);
  return list.length > 0 ? { ...rest, [name]: list } : rest;
}

/** The override with one member replaced; what is empty stays as the workspace has it. */
export function withMember<K extends keyof PolicyOverride>(override: PolicyOverride, name: K, value: PolicyOverride[K] | ''): PolicyOverride {
  const { [name]: _, ...rest } = override;
  return value === '' || value === undefined ? rest : { ...rest, [name]: value };
}

/** The policy with the overrides of one application replaced; none removes them. */
export function withOverride(policy: PolicyBody, slug: string, override: PolicyOverride | null): PolicyBody {
  const { [slug]: _, ...rest } = policy.applications ?? {};
  const applications = override === null ? rest : { ...rest, [slug]: override };
  const { applications: __, ...whole } = policy;
  return Object.keys(applications).length > 0 ? { ...whole, applications } : whole;
}

/** The message for a field: its own, or that of one of its parts. */
export function messageFor(problems: ReadonlyMap<string, string>, field: string): string | undefined {
  const own = problems.get(field);
  if (own) return own;
  for (const [name, text] of problems) {
    if (name.startsWith(`${field}[`) || name.startsWith(`${field}.`)) return text;
  }
  return undefined;
}
