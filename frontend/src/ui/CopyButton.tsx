import { Button } from '@mantine/core';
import { useState } from 'react';
import { useT } from '../i18n/useT';
import { IconCheck, IconCopy } from './icons';

/** Copies a text and says whether that worked. */
export function CopyButton({ text, label }: { text: string | (() => string); label: string }) {
  const { t } = useT();
  const [said, setSaid] = useState<'copy.copied' | 'copy.failed' | null>(null);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(typeof text === 'string' ? text : text());
      setSaid('copy.copied');
    } catch {
      setSaid('copy.failed');
    }
    setTimeout(() => setSaid(null), 3000);
  };
  return (
    <>
      <Button
        size="compact-sm"
        variant="default"
        leftSection={said === 'copy.copied' ? <IconCheck size={13} aria-hidden /> : <IconCopy size={13} aria-hidden />}
        onClick={() => void copy()}
      >
        {label}
      </Button>
      <output className={said === 'copy.failed' ? undefined : 'ek-hidden'}>{said && t(said)}</output>
    </>
  );
}
