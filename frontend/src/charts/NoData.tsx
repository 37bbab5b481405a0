import { useT } from '../i18n/useT';
import classes from './charts.module.css';
import type { Frame } from './layout';

/** Says in the picture that there is nothing to draw. */
export function NoData({ box }: { box: Frame }) {
  const { t } = useT();
  return (
    <text className={classes.empty} x={box.plotWidth / 2} y={box.plotHeight / 2} textAnchor="middle">
      {t('chart.no_data')}
    </text>
  );
}
