import { ActionIcon, Menu } from '@mantine/core';
import { useState, type RefObject } from 'react';
import { useT } from '../i18n/useT';
import classes from './charts.module.css';
import { tableFile, type Table } from './csv';
import { download, standaloneSVG, toPNG } from './exportFile';

interface ExportMenuProps {
  /** Contains the picture; without one only the data can be exported. */
  host: RefObject<HTMLElement | null>;
  title: string;
  caption: string;
  fileName: string;
  table: Table;
}

/** Saves the chart as SVG, PNG or CSV. */
export function ExportMenu({ host, title, caption, fileName, table }: ExportMenuProps) {
  const { t } = useT();
  const [failed, setFailed] = useState(false);
  const picture = () => {
    const svg = host.current?.querySelector('svg[viewBox][role="img"]');
    return svg ? standaloneSVG(svg as SVGSVGElement, title, caption) : null;
  };
  const saveSVG = () => {
    const svg = picture();
    setFailed(svg === null);
    if (svg !== null) download(`${fileName}.svg`, new Blob([svg], { type: 'image/svg+xml' }));
  };
  const savePNG = async () => {
    try {
      const svg = picture();
      if (svg === null) throw new Error('no picture');
      const [, , width, height] = /viewBox="(\S+) (\S+) (\S+) (\S+)"/.exec(svg)!.slice(1).map(Number);
      download(`${fileName}.png`, await toPNG(svg, width!, height!));
      setFailed(false);
    } catch {
      setFailed(true);
    }
  };
  const saveCSV = () => download(`${fileName}.csv`, new Blob([tableFile(table)], { type: 'text/csv;charset=utf-8' }));

  return (
    <>
      <Menu position="bottom-end" withinPortal>
        <Menu.Target>
          <ActionIcon variant="subtle" size={28} aria-label={`${t('chart.export')}: ${title}`}>
            <svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" className={classes.icon}>
              <path d="M8 2v8M4.5 7 8 10.5 11.5 7M2.5 13.5h11" />
            </svg>
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={saveSVG}>{t('chart.export_svg')}</Menu.Item>
          <Menu.Item onClick={() => void savePNG()}>{t('chart.export_png')}</Menu.Item>
          <Menu.Item onClick={saveCSV}>{t('chart.export_csv')}</Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {failed && (
        <p role="alert" className={classes.failure}>
          {t('chart.export_failed')}
        </p>
      )}
    </>
  );
}
