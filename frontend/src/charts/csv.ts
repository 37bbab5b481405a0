/** A table as text: what "view as table" shows and what the file holds. */
export interface Table {
  columns: string[];
  /** Null is an empty cell: no value, not 0. */
  rows: (string | number | null)[][];
}

function cell(value: string | number | null): string {
  if (value === null) return "";
  const text = String(value);
  const formula = typeof value === "string" && /^[=+\-@\t\r]/.test(text);
  const safe = formula ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/**
 * RFC 4180 text with CRLF line ends. Texts that a spreadsheet would run as a
 * formula are disarmed with an apostrophe.
 */
export function toCSV(table: Table): string {
  return [table.columns, ...table.rows].map((row) => row.map(cell).join(",") + "\r\n").join("");
}
