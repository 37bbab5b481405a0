import type { BenchmarkBand } from './types';
import type { ValueAxis } from './scale';

/** A benchmark range cut to what the axis shows. */
export interface PlacedBand {
  name: string;
  top: number;
  bottom: number;
  /** Alternates so that neighbours can be told apart without colour. */
  shade: 0 | 1;
  /** Whether a text of one line fits into it. */
  labelled: boolean;
}

/** The ranges that the axis shows at least in part, from the lowest value up. */
export function placeBands(bands: BenchmarkBand[], axis: ValueAxis, lineHeight = 14): PlacedBand[] {
  return bands
    .toSorted((a, b) => a.from - b.from)
    .map((band, i) => {
      const bottom = axis.y(Math.max(band.from, axis.low));
      const top = axis.y(Math.min(band.to ?? axis.high, axis.high));
      const shade: 0 | 1 = i % 2 === 0 ? 0 : 1;
      return { name: band.name, top, bottom, shade, labelled: bottom - top >= lineHeight };
    })
    .filter((band) => band.bottom - band.top > 0.5);
}
