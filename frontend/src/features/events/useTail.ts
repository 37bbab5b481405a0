import { useCallback, useEffect, useRef, useState } from 'react';

/** How a live view stands; "hidden" is paused because nobody looks. */
export type TailState = 'connecting' | 'live' | 'lost' | 'paused' | 'hidden';

export interface Tail {
  readonly state: TailState;
  /** Ids of facts that came or changed and are not shown yet. */
  readonly fresh: ReadonlySet<string>;
  /** More came than could be told one by one. */
  readonly many: boolean;
  readonly paused: boolean;
  readonly setPaused: (paused: boolean) => void;
  /** Forgets what came: it is shown now. */
  readonly clear: () => void;
}

const firstWait = 1000;
const longestWait = 60_000;

/** New facts are told of at most this often. */
const telling = 1000;

/** The wait before another try: doubled each time up to a minute. */
export function waitBefore(attempt: number): number {
  return Math.min(longestWait, firstWait * 2 ** attempt);
}

interface Followed {
  readonly onState: (state: TailState) => void;
  readonly onFact: (id: string) => void;
  readonly onGap: () => void;
  /** The stream begins; what came before is not told. */
  readonly onReady: () => void;
}

/** Follows a stream until the returned function is called; tries again by itself. */
export function follow(address: string, { onState, onFact, onGap, onReady }: Followed): () => void {
  let source: EventSource | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let attempt = 0;
  const connect = () => {
    const stream = new EventSource(address);
    source = stream;
    stream.addEventListener('ready', () => {
      attempt = 0;
      onState('live');
      onReady();
    });
    stream.addEventListener('fact', (event: MessageEvent<string>) => onFact((JSON.parse(event.data) as { id: string }).id));
    stream.addEventListener('gap', onGap);
    stream.addEventListener('error', () => {
      stream.close();
      onState('lost');
      timer = setTimeout(connect, waitBefore(attempt));
      attempt += 1;
    });
  };
  onState('connecting');
  connect();
  return () => {
    clearTimeout(timer);
    source?.close();
  };
}

/** What came through one stream and is not shown yet. */
interface News {
  readonly address: string;
  readonly ids: ReadonlySet<string>;
  readonly many: boolean;
}

const noNews: News = { address: '', ids: new Set(), many: false };

function useHidden(): boolean {
  const [hidden, setHidden] = useState(document.hidden);
  useEffect(() => {
    const read = () => setHidden(document.hidden);
    document.addEventListener('visibilitychange', read);
    return () => document.removeEventListener('visibilitychange', read);
  }, []);
  return hidden;
}

/**
 * Follows the facts of a filter while the page is seen and not paused; nothing
 * where there is no address. missed finds the ids that came before the stream
 * began.
 */
export function useTail(address: string | null, missed: () => Promise<readonly string[]>): Tail {
  const [news, setNews] = useState<News>(noNews);
  const [state, setState] = useState<TailState>('connecting');
  const [paused, setPaused] = useState(false);
  const hidden = useHidden();
  const waiting = useRef(new Set<string>());
  const look = useRef(missed);
  useEffect(() => {
    look.current = missed;
  });
  const clear = useCallback(() => {
    waiting.current.clear();
    setNews(noNews);
  }, []);

  useEffect(() => {
    if (paused || hidden || !address) return undefined;
    let open = true;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const known = waiting.current;
    const tell = (many = false) => {
      timer = undefined;
      const ids = [...known];
      known.clear();
      setNews((before) => {
        const base = before.address === address ? before : noNews;
        return { address, ids: new Set([...base.ids, ...ids]), many: base.many || many };
      });
    };
    const onFact = (id: string) => {
      known.add(id);
      timer ??= setTimeout(tell, telling);
    };
    const onReady = () => {
      // What this misses is found when the list is read again.
      void look.current().then((ids) => open && ids.forEach(onFact), () => undefined);
    };
    const stop = follow(address, { onState: setState, onFact, onGap: () => tell(true), onReady });
    return () => {
      open = false;
      clearTimeout(timer);
      known.clear();
      stop();
    };
  }, [address, paused, hidden]);

  const { ids, many } = news.address === address ? news : noNews;
  return { state: paused ? 'paused' : hidden ? 'hidden' : state, fresh: ids, many, paused, setPaused, clear };
}
