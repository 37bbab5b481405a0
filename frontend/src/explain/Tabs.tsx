import { useRef, type KeyboardEvent } from 'react';
import classes from './explain.module.css';

interface TabsProps<Id extends string> {
  /** Names the choice. */
  label: string;
  tabs: readonly { id: Id; label: string }[];
  selected: Id;
  onSelect: (id: Id) => void;
  /** The panel that shows what is selected; a tab's own id is this and its name. */
  panelId: string;
}

const steps: Record<string, number> = { ArrowRight: 1, ArrowLeft: -1, Home: -Infinity, End: Infinity };

/** The tab that a key leads to. */
export function tabAfter(at: number, key: string, count: number): number | null {
  const step = Object.hasOwn(steps, key) ? steps[key]! : null;
  if (step === null) return null;
  return Number.isFinite(step) ? (at + step + count) % count : step > 0 ? count - 1 : 0;
}

/** Tabs of a drawer: arrow keys move, the selected one is reached by Tab. */
export function Tabs<Id extends string>({ label, tabs, selected, onSelect, panelId }: TabsProps<Id>) {
  const list = useRef<HTMLDivElement>(null);
  const move = (event: KeyboardEvent) => {
    const at = tabs.findIndex((tab) => tab.id === selected);
    const next = tabAfter(at, event.key, tabs.length);
    if (next === null) return;
    event.preventDefault();
    onSelect(tabs[next]!.id);
    list.current?.querySelectorAll<HTMLElement>('[role="tab"]')[next]?.focus();
  };
  return (
    <div ref={list} role="tablist" aria-label={label} className={classes.tabs} onKeyDown={move} tabIndex={-1}>
      {tabs.map((tab) => (
        <button
          key={tab.id}
          id={`${panelId}-${tab.id}`}
          type="button"
          role="tab"
          aria-selected={tab.id === selected}
          aria-controls={panelId}
          tabIndex={tab.id === selected ? 0 : -1}
          onClick={() => onSelect(tab.id)}
        >
          {tab.label}
        </button>
      ))}
    </div>
  );
}
