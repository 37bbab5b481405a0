import type { I18n } from '@lingui/core';
import { I18nProvider } from '@lingui/react';
import { localStorageColorSchemeManager, MantineProvider } from '@mantine/core';
import { QueryClientProvider, type QueryClient } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { theme } from '../theme/theme';
import { cssVariablesResolver } from '../theme/variables';
import { schemeKey } from './preferences';
import type { createAppRouter } from './router';

const schemeManager = localStorageColorSchemeManager({ key: schemeKey });

/** The nonce that the server put into the page, for styles made at run time. */
function styleNonce(): string {
  return document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.nonce ?? '';
}

interface AppProps {
  readonly i18n: I18n;
  readonly queryClient: QueryClient;
  readonly router: ReturnType<typeof createAppRouter>;
  /** Switches off transitions and portals for tests. */
  readonly env?: 'default' | 'test';
}

/** The whole product: texts, theme, cache and routes. */
export function App({ i18n, queryClient, router, env = 'default' }: AppProps) {
  return (
    <I18nProvider i18n={i18n}>
      <MantineProvider
        theme={theme}
        cssVariablesResolver={cssVariablesResolver}
        colorSchemeManager={schemeManager}
        defaultColorScheme="auto"
        getStyleNonce={styleNonce}
        env={env}
      >
        <QueryClientProvider client={queryClient}>
          <RouterProvider router={router} context={{ i18n }} />
        </QueryClientProvider>
      </MantineProvider>
    </I18nProvider>
  );
}
