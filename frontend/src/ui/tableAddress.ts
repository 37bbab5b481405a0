import { knownInstant } from '../api/known';
import { writeQuery } from '../url/state';

/** The tables that the server gives as files. */
export type TableName = 'series' | 'groups' | 'capabilities' | 'applications' | 'rows' | 'stages' | 'changes' | 'assisted' | 'coverage';

/** Scope, window and filters of a table, as the server reads them; what is empty is left out. */
export type TableParams = Readonly<Record<string, string | null | undefined>>;

/** The address of a table as a file, as of the instant that the page is shown as of; coverage has no past. */
export function tableAddress(table: TableName, format: 'csv' | 'ndjson', params: TableParams): string {
  const given = Object.entries({ ...params, as_of: table === 'coverage' ? null : knownInstant(), format }).flatMap(([key, value]) => (value ? [[key, value]] : []));
  return `/api/v1/tables/${table}${writeQuery(Object.fromEntries(given) as Record<string, string>)}`;
}

/** A command that fetches the file; the token stays in the reader's environment. */
export function tableCommand(origin: string, address: string): string {
  return `curl -fsS -H "Authorization: Bearer $EVENKEEL_TOKEN" '${origin}${address.replaceAll("'", '%27')}'`;
}
