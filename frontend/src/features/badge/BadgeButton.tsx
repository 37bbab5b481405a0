import { UnstyledButton } from '@mantine/core';
import { lazy, Suspense, useState } from 'react';
import { useT } from '../../i18n/useT';
import { Dialog } from '../../ui/Dialog';
import ui from '../../ui/ui.module.css';

const Badges = lazy(() => import('./Badges').then((module) => ({ default: module.Badges })));

interface BadgeButtonProps {
  readonly workspace: string;
  readonly application: string;
}

/** Opens the badges of an application. */
export function BadgeButton(props: BadgeButtonProps) {
  const { t } = useT();
  const [open, setOpen] = useState(false);
  return (
    <>
      <UnstyledButton className={ui.quietButton} aria-haspopup="dialog" onClick={() => setOpen(true)}>
        {t('badge.open')}
      </UnstyledButton>
      <Dialog open={open} onClose={() => setOpen(false)} title={t('badge.title')} closeLabel={t('badge.close')}>
        <Suspense fallback={<p>{t('badge.loading')}</p>}>
          <Badges {...props} />
        </Suspense>
      </Dialog>
    </>
  );
}
