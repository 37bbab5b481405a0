import { ActionIcon, Menu, useMantineColorScheme, type MantineColorScheme } from '@mantine/core';
import type { I18n } from '@lingui/core';
import { useLingui } from '@lingui/react';
import { activate, locales, type Locale } from '../i18n/i18n';
import { useT } from '../i18n/useT';
import { IconAdjustments, IconCheck } from '../ui/icons';
import { writePreference } from './preferences';

const schemes: readonly MantineColorScheme[] = ['light', 'dark', 'auto'];

/** Languages name themselves. */
const languageNames: Readonly<Record<Locale, string>> = { en: 'English', de: 'Deutsch' };

/** Turns the page to a language and remembers it. */
async function speak(i18n: I18n, locale: Locale): Promise<void> {
  await activate(i18n, locale);
  document.documentElement.lang = locale;
  writePreference('locale', locale);
}

/** Chooses the colour scheme and the language. */
export function AppearanceMenu() {
  const { t } = useT();
  const { i18n } = useLingui();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return (
    <Menu position="bottom-end" width={220}>
      <Menu.Target>
        <ActionIcon variant="default" size={30} aria-label={t('header.appearance')} title={t('header.appearance')}>
          <IconAdjustments size={16} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{t('header.scheme')}</Menu.Label>
        {schemes.map((scheme) => (
          <Choice key={scheme} chosen={scheme === colorScheme} onChoose={() => setColorScheme(scheme)}>
            {t(`header.scheme.${scheme}`)}
          </Choice>
        ))}
        <Menu.Divider />
        <Menu.Label>{t('header.language')}</Menu.Label>
        {locales.map((locale) => (
          <Choice key={locale} lang={locale} chosen={locale === i18n.locale} onChoose={() => void speak(i18n, locale)}>
            {languageNames[locale]}
          </Choice>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

interface ChoiceProps {
  readonly chosen: boolean;
  readonly onChoose: () => void;
  readonly children: string;
  readonly lang?: string;
}

function Choice({ chosen, onChoose, children, lang }: ChoiceProps) {
  return (
    <Menu.Item
      aria-current={chosen || undefined}
      lang={lang}
      rightSection={chosen ? <IconCheck size={14} aria-hidden /> : null}
      onClick={onChoose}
    >
      {children}
    </Menu.Item>
  );
}
