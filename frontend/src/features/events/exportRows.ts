import { ApiError } from '../../api/problem';

/** The forms of a file of events. */
export const exportTypes = { ndjson: 'application/x-ndjson', csv: 'text/csv' } as const;
export type ExportForm = keyof typeof exportTypes;

/** The server puts no more rows into one file. */
export const mostRows = 100_000;

const newline = 10;

export interface Exported {
  readonly file: Blob;
  /** Rows of events, without a heading. */
  readonly rows: number;
  /** The limit was reached: there may be more. */
  readonly limited: boolean;
}

/** Counts events by the line; a CSV cell holds no line break. */
function lines(chunk: Uint8Array): number {
  let count = 0;
  for (const byte of chunk) if (byte === newline) count += 1;
  return count;
}

/** Fetches a file of events and tells how many rows have come. */
export async function fetchRows(address: string, form: ExportForm, signal: AbortSignal, onRows: (rows: number) => void): Promise<Exported> {
  const type = exportTypes[form];
  const request = new Request(new URL(address, window.location.origin), { headers: { Accept: type }, signal, credentials: 'same-origin' });
  const response = await fetch(request).catch((cause: unknown) => {
    throw ApiError.offline(cause);
  });
  if (!response.ok || !response.body) throw ApiError.of(response.status, await response.json().catch(() => null));
  const heading = form === 'csv' ? 1 : 0;
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  let rows = -heading;
  const reader = response.body.getReader();
  for (let read = await reader.read(); !read.done; read = await reader.read()) {
    chunks.push(read.value as Uint8Array<ArrayBuffer>);
    rows += lines(read.value);
    onRows(Math.max(0, rows));
  }
  return { file: new Blob(chunks, { type }), rows: Math.max(0, rows), limited: rows >= mostRows };
}

/** A command that fetches the same file; the token stands in a variable. */
export function curlCommand(origin: string, address: string, form: ExportForm): string {
  const quoted = `${origin}${address}`.replaceAll("'", "'\\''");
  return `curl -H 'Accept: ${exportTypes[form]}' -H "Authorization: Bearer $EVENKEEL_TOKEN" '${quoted}'`;
}
