import type { CSSVariablesResolver } from '@mantine/core';
import { cssVar } from './tokens';

/** Hands the design tokens to the component library; they change with the colour scheme by themselves. */
const shared = {
  '--mantine-color-body': cssVar('surface'),
  '--mantine-color-text': cssVar('text'),
  '--mantine-color-dimmed': cssVar('muted'),
  '--mantine-color-placeholder': cssVar('muted'),
  '--mantine-color-anchor': cssVar('goodText'),
  '--mantine-color-default': cssVar('surface'),
  '--mantine-color-default-hover': cssVar('raised'),
  '--mantine-color-default-color': cssVar('text'),
  '--mantine-color-default-border': cssVar('border'),
  '--mantine-color-error': cssVar('badText'),
  '--mantine-color-accent-light': cssVar('accentSoft'),
  '--mantine-color-accent-light-hover': cssVar('accentSoft'),
  '--mantine-color-accent-light-color': cssVar('goodText'),
};

export const cssVariablesResolver: CSSVariablesResolver = () => ({ variables: {}, light: shared, dark: shared });
