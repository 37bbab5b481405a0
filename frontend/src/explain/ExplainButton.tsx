import { use, useEffect, useRef, useState, type RefObject } from 'react';
import { AppContextValue } from '../app/context';
import type { MessageId } from '../i18n/i18n';
import { useT } from '../i18n/useT';
import { Dialog } from '../ui/Dialog';
import { ExplainPanel } from './ExplainPanel';
import classes from './explain.module.css';
import type { ExplainProps } from './types';

/** Whether a key press belongs to a text being written, or is a shortcut of the system. */
function isTyping(event: KeyboardEvent): boolean {
  const target = event.target as HTMLElement;
  const modified = event.ctrlKey || event.metaKey || event.altKey;
  return modified || target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName);
}

/** Opens on the key e while the focus is anywhere in the figure around the button. */
function useFigureKey(button: RefObject<HTMLButtonElement | null>, open: () => void) {
  // Readers may switch single keys off; outside the shell they are on.
  const enabled = use(AppContextValue)?.shortcuts ?? true;
  useEffect(() => {
    if (!enabled) return undefined;
    const figure = button.current?.closest('[data-figure], article, figure') ?? button.current;
    const press = (event: Event) => {
      const key = event as KeyboardEvent;
      if (key.key !== 'e' || key.defaultPrevented || isTyping(key)) return;
      if ((key.target as HTMLElement).closest('dialog')) return;
      key.preventDefault();
      open();
    };
    figure?.addEventListener('keydown', press);
    return () => figure?.removeEventListener('keydown', press);
  }, [button, open, enabled]);
}

/**
 * The ⓘ beside a figure. Its drawer says what the figure means, how it is
 * made and which facts it rests on. Escape closes it and the focus returns here.
 */
export function ExplainButton(props: ExplainProps) {
  const { t } = useT();
  const [opened, setOpened] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const figure = t(`metric.${props.metric}` satisfies MessageId);
  useFigureKey(button, () => setOpened(true));
  const close = () => {
    setOpened(false);
    button.current?.focus();
  };
  return (
    <>
      <button
        ref={button}
        type="button"
        className={classes.button}
        aria-label={t('explain.open', { figure })}
        aria-haspopup="dialog"
        aria-keyshortcuts="e"
        title={`${t('explain.open', { figure })} (${t('explain.hint')})`}
        onClick={() => setOpened(true)}
      >
        <svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
          <circle cx="8" cy="8" r="6.25" />
          <path d="M8 7.2v4M8 4.6v.4" />
        </svg>
      </button>
      <Dialog side="end" open={opened} onClose={close} title={t('explain.title', { figure })} closeLabel={t('explain.close')}>
        <ExplainPanel {...props} onClose={close} />
      </Dialog>
    </>
  );
}
