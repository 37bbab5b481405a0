import { useEffect, useId, useRef, type ReactNode } from 'react';
import { IconClose } from './icons';
import styles from './ui.module.css';

interface DialogProps {
  readonly open: boolean;
  readonly onClose: () => void;
  readonly title: string;
  readonly closeLabel: string;
  /** A drawer comes from a side and is as high as the window: a narrow one from the start, a wide one from the end. */
  readonly side?: 'start' | 'end';
  readonly children: ReactNode;
}

/** A modal dialog of the browser: focus stays inside, Escape and the backdrop close it. */
export function Dialog({ open, onClose, title, closeLabel, side, children }: DialogProps) {
  const ref = useRef<HTMLDialogElement>(null);
  const id = useId();
  useEffect(() => {
    const dialog = ref.current;
    if (open && dialog && !dialog.open) dialog.showModal();
    if (!open && dialog?.open) dialog.close();
  }, [open]);
  return (
    // The click closes on the backdrop only; Escape does the same for keyboards.
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/no-noninteractive-element-interactions
    <dialog
      ref={ref}
      className={side ? styles.drawer : styles.dialog}
      data-side={side}
      aria-labelledby={id}
      onClose={onClose}
      onClick={(event) => event.target === event.currentTarget && onClose()}
    >
      {open && (
        <div className={styles.dialogBody}>
          <div className={styles.panelHead}>
            <h2 id={id} className={styles.panelTitle}>
              {title}
            </h2>
            <button type="button" className={styles.iconButton} aria-label={closeLabel} onClick={onClose}>
              <IconClose size={18} aria-hidden />
            </button>
          </div>
          {children}
        </div>
      )}
    </dialog>
  );
}
