import { useEffect, useRef } from 'react';

/** What a key or a sequence such as "g o" does. */
export type Shortcuts = Readonly<Record<string, () => void>>;

const pause = 1000;

/** Text entry and open dialogs keep their keys. */
function takesText(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || target.closest('input,textarea,select,[role="menu"],[role="dialog"],dialog') !== null)
  );
}

/** One reader of key presses; remembers the first key of a sequence for a second. */
export function createReader(shortcuts: () => Shortcuts, now: () => number): (event: KeyboardEvent) => void {
  let first = { key: '', at: 0 };
  return (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || takesText(event.target)) return;
    const known = shortcuts();
    const sequence = now() - first.at < pause ? `${first.key} ${event.key}` : event.key;
    const action = known[sequence] ?? known[event.key];
    first = { key: event.key, at: now() };
    if (!action) return;
    first = { key: '', at: 0 };
    event.preventDefault();
    action();
  };
}

/** Listens for shortcuts while the component is shown. */
export function useShortcuts(shortcuts: Shortcuts, enabled: boolean): void {
  const current = useRef(shortcuts);
  useEffect(() => {
    current.current = shortcuts;
  });
  useEffect(() => {
    if (!enabled) return undefined;
    const read = createReader(() => current.current, Date.now);
    window.addEventListener('keydown', read);
    return () => window.removeEventListener('keydown', read);
  }, [enabled]);
}
