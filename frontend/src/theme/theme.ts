import { createTheme, Menu, type MantineColorsTuple } from '@mantine/core';
import { tokens } from './tokens';

/** Ten shades around the accent; shade 6 is the accent itself. */
const accent: MantineColorsTuple = [
  '#eaf4fc',
  '#d3e6f6',
  '#a5cbeb',
  '#75b0e1',
  '#4a97d6',
  '#2582ca',
  '#0a6ebd',
  '#095fa4',
  '#07508a',
  '#053f6e',
];

/** Ten shades from text to canvas of the dark scheme; inputs and menus take theirs from here. */
const dark: MantineColorsTuple = [
  tokens.dark.text,
  '#c3cad4',
  tokens.dark.muted,
  '#6b7380',
  tokens.dark.border,
  '#272c34',
  tokens.dark.raised,
  tokens.dark.surface,
  '#101318',
  tokens.dark.canvas,
];

/** The component library's theme. Colours that mean something are design tokens instead. */
export const theme = createTheme({
  primaryColor: 'accent',
  primaryShade: { light: 6, dark: 6 },
  colors: { accent, dark },
  fontFamily:
    'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Liberation Sans", Arial, sans-serif',
  fontFamilyMonospace: 'ui-monospace, SFMono-Regular, Menlo, Consolas, monospace',
  defaultRadius: 'md',
  radius: { sm: '4px', md: '6px', lg: '8px' },
  headings: { fontWeight: '650', sizes: { h1: { fontSize: '1.375rem', lineHeight: '1.3' }, h2: { fontSize: '1rem', lineHeight: '1.4' } } },
  cursorType: 'pointer',
  respectReducedMotion: true,
  components: {
    // Menus stay inside the landmark of their button, and hold nothing but items.
    Menu: Menu.extend({ defaultProps: { withinPortal: false, withInitialFocusPlaceholder: false } }),
  },
});
