import { createTheme, type MantineColorsTuple } from '@mantine/core';

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

/** The component library's theme. Colours that mean something are design tokens instead. */
export const theme = createTheme({
  primaryColor: 'accent',
  primaryShade: { light: 6, dark: 6 },
  colors: { accent },
  fontFamily:
    'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Liberation Sans", Arial, sans-serif',
  fontFamilyMonospace: 'ui-monospace, SFMono-Regular, Menlo, Consolas, monospace',
  defaultRadius: 'md',
  radius: { sm: '4px', md: '6px', lg: '8px' },
  headings: { fontWeight: '650', sizes: { h1: { fontSize: '1.375rem', lineHeight: '1.3' }, h2: { fontSize: '1rem', lineHeight: '1.4' } } },
  cursorType: 'pointer',
  respectReducedMotion: true,
});
