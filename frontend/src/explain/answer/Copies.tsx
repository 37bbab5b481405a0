import { UnstyledButton } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { ExplainParams } from '../../api/queries';
import type { MessageId } from '../../i18n/i18n';
import { useT } from '../../i18n/useT';
import { download } from '../../ui/csv';
import { TableExport } from '../../ui/TableExport';
import type { TableParams } from '../../ui/tableAddress';
import { writeQuery } from '../../url/state';
import classes from '../explain.module.css';
import { allRows, rowsCsv } from './csv';

/** A command that asks for the explanation; the token stays in the reader's environment. */
export function curlOf(params: ExplainParams, origin: string): string {
  const query = writeQuery(params as unknown as Record<string, string>);
  return `curl -H "Authorization: Bearer $EVENKEEL_TOKEN" '${origin}/api/v1/explain${query.replaceAll("'", '%27')}'`;
}

/** The explanation in other forms: a command, a file. */
export function Copies({ params }: { params: ExplainParams }) {
  const { t } = useT();
  const client = useQueryClient();
  const [said, setSaid] = useState<MessageId | null>(null);
  const act = async (action: () => Promise<MessageId | null>, failed: MessageId) => {
    setSaid(await action().catch(() => failed));
  };
  const copy = async (): Promise<MessageId> => {
    await navigator.clipboard.writeText(curlOf(params, window.location.origin));
    return 'explain.curl.copied';
  };
  const save = async (): Promise<null> => {
    setSaid('explain.csv.loading');
    const name = [params.application ?? params.group ?? params.workspace, params.metric.replaceAll('_', '-')].join('-');
    download(`${name}.csv`, 'text/csv;charset=utf-8', rowsCsv(await allRows(client, params)));
    return null;
  };
  return (
    <div className={classes.copies}>
      <UnstyledButton onClick={() => void act(save, 'explain.csv.failed')} disabled={said === 'explain.csv.loading'}>
        {t('explain.csv')}
      </UnstyledButton>
      <UnstyledButton onClick={() => void act(copy, 'explain.curl.failed')}>{t('explain.curl')}</UnstyledButton>
      <TableExport table="rows" name={t(`metric.${params.metric}`)} params={params as unknown as TableParams} />
      <output>{said && t(said)}</output>
    </div>
  );
}
