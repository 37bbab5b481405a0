import type { ApplicationDetail } from '../../api/types';

type Environment = ApplicationDetail['environments'][number];

/** One choice of the environment selector. */
export interface EnvironmentChoice {
  /** A class or a name, as the API takes it. */
  value: string;
  kind: 'class' | 'name';
  /** How many deployments it stands for. */
  deployments: number;
}

const order = ['production', 'staging', 'testing', 'development', 'unclassified'];

function rank(environmentClass: string): number {
  const found = order.indexOf(environmentClass);
  return found < 0 ? order.length : found;
}

/**
 * The choices for an application: each class it deploys to, then the names in
 * it. A name that is the only one of a class and spelt like it is left out,
 * and so are deployments without a name, which only their class can show. The
 * current choice is always among them.
 */
export function environmentChoices(environments: Environment[], current: string): EnvironmentChoice[] {
  const classes = [...new Set(environments.map((e) => e.class))].toSorted((a, b) => rank(a) - rank(b));
  const choices = classes.flatMap((name): EnvironmentChoice[] => {
    const members = environments.filter((e) => e.class === name);
    const total = members.reduce((sum, e) => sum + e.deployments, 0);
    const named = members.filter((e) => e.name !== '' && e.name !== name);
    return [
      { value: name, kind: 'class', deployments: total },
      ...named.map((e) => ({ value: e.name, kind: 'name' as const, deployments: e.deployments })),
    ];
  });
  if (choices.some((choice) => choice.value === current)) return choices;
  return [{ value: current, kind: 'name', deployments: 0 }, ...choices];
}

/**
 * The environment name by which lists are filtered: they know names only. A
 * class stands for its only name; where it has several there is no filter.
 */
export function listEnvironment(environments: Environment[], current: string): string | undefined {
  const members = environments.filter((e) => e.class === current);
  if (members.length > 1) return undefined;
  const name = members.length === 1 ? members[0]!.name : current;
  return name === '' ? undefined : name;
}

/** Incidents without an environment count as production, so production is not filtered. */
export function incidentEnvironment(environments: Environment[], current: string): string | undefined {
  const found = environments.find((e) => e.name === current);
  if (current === 'production' || found?.class === 'production') return undefined;
  return listEnvironment(environments, current);
}
