import { TextInput } from '@mantine/core';
import { useEffect, useState } from 'react';
import { IconSearch } from './icons';

interface SearchFieldProps {
  readonly label: string;
  readonly placeholder: string;
  readonly value: string;
  readonly onChange: (text: string) => void;
  readonly className?: string;
}

const typingPause = 250;

/** The filter of a page by text: reports a pause in typing; a change from elsewhere replaces the text. */
export function SearchField({ label, placeholder, value, onChange, className }: SearchFieldProps) {
  const [text, setText] = useState(value);
  const [seen, setSeen] = useState(value);
  // What was reported and the value has not caught up with: a person may be further.
  const [ahead, setAhead] = useState<readonly string[]>([]);
  if (seen !== value) {
    const own = ahead.indexOf(value);
    setSeen(value);
    setAhead(own < 0 ? [] : ahead.slice(own + 1));
    if (own < 0) setText(value);
  }
  useEffect(() => {
    if (text === value) return undefined;
    const timer = setTimeout(() => {
      setAhead((before) => [...before, text]);
      onChange(text);
    }, typingPause);
    return () => clearTimeout(timer);
  }, [text, value, onChange]);
  return (
    <TextInput
      className={className}
      size="xs"
      type="search"
      label={label}
      placeholder={placeholder}
      leftSection={<IconSearch size={14} aria-hidden />}
      maxLength={100}
      data-page-filter
      value={text}
      onChange={(event) => setText(event.currentTarget.value)}
    />
  );
}
