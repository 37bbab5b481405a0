import type { FactDetail } from '../../api/types';
import { useT } from '../../i18n/useT';
import { Panel } from '../../ui/Panel';
import { ErrorState } from '../../ui/states';
import { Skeletons } from '../application/Skeletons';
import { Observations } from '../events/Observations';
import { Uses } from '../events/Uses';
import classes from './deployment.module.css';

interface TrustProps {
  workspace: string;
  query: { data: FactDetail | undefined; error: unknown; isPending: boolean; refetch: () => unknown };
}

/** In which figures the deployment counts, and everything that was said of it. */
export function Trust({ workspace, query }: TrustProps) {
  const { t } = useT();
  const { data } = query;
  const rest = query.isPending ? <Skeletons height={140} /> : <ErrorState error={query.error} onRetry={() => void query.refetch()} />;
  return (
    <>
      <Panel title={t('deployment.counted')}>{data ? <Uses workspace={workspace} uses={data.uses} /> : rest}</Panel>
      <Panel title={t('deployment.said')}>
        {data ? (
          <>
            <p className={classes.quiet}>{t('deployment.said_text')}</p>
            <Observations workspace={workspace} observations={data.observations} />
          </>
        ) : (
          rest
        )}
      </Panel>
    </>
  );
}
