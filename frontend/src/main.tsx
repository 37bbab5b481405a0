import './theme/library';
import './theme/tokens.css';
import './app/global.css';
import { createRoot } from 'react-dom/client';
import { App } from './app/App';
import { createQueryClient } from './app/queryClient';
import { createAppRouter } from './app/router';
import { preferredLocale } from './app/preferences';
import { activate, createI18n } from './i18n/i18n';
import { first } from './i18n/first';

async function start(root: HTMLElement): Promise<void> {
  const locale = preferredLocale(navigator.languages);
  const i18n = createI18n('en', first);
  if (locale !== 'en') await activate(i18n, locale);
  document.documentElement.lang = locale;
  const queryClient = createQueryClient();
  const router = createAppRouter(queryClient);
  createRoot(root).render(<App i18n={i18n} queryClient={queryClient} router={router} />);
}

const root = document.getElementById('root');
if (root) void start(root);
