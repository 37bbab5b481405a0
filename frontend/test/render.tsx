import { I18nProvider } from '@lingui/react';
import { MantineProvider } from '@mantine/core';
import { render, type RenderResult } from '@testing-library/react';
import type { ReactNode } from 'react';
import { createI18n, type Catalogue } from '../src/i18n/i18n';
import { en } from '../src/i18n/en';
import { theme } from '../src/theme/theme';

/** Renders a component inside the theme and the English (or given) texts. */
export function renderUi(ui: ReactNode, catalogue: Catalogue = en, locale = 'en'): RenderResult {
  const i18n = createI18n(locale, catalogue);
  return render(
    <I18nProvider i18n={i18n}>
      <MantineProvider theme={theme} env="test">
        {ui}
      </MantineProvider>
    </I18nProvider>,
  );
}
