import { useEffect } from 'react';

/** Names the document after the page, most specific part first. */
export function useTitle(...parts: string[]): void {
  const title = [...parts, 'Evenkeel'].join(' · ');
  useEffect(() => {
    document.title = title;
  }, [title]);
}
