/**
 * Measures of colour for the test over the design tokens. Formulas: WCAG 2.2
 * relative luminance; CIEDE2000 (Sharma, Wu and Dalal 2005); simulation of
 * colour-vision deficiency at severity 1 (Machado, Oliveira and Fernandes 2009).
 */
type Triple = readonly [number, number, number];

/** Ways of seeing colour. */
export type Vision = 'normal' | 'protan' | 'deutan' | 'tritan';

const simulations: Record<Exclude<Vision, 'normal'>, readonly [Triple, Triple, Triple]> = {
  protan: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deutan: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritan: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
};

const toXYZ: readonly [Triple, Triple, Triple] = [
  [0.4124564, 0.3575761, 0.1804375],
  [0.2126729, 0.7151522, 0.072175],
  [0.0193339, 0.119192, 0.9503041],
];

function times(matrix: readonly [Triple, Triple, Triple], [a, b, c]: Triple): Triple {
  const row = (r: Triple) => r[0] * a + r[1] * b + r[2] * c;
  return [row(matrix[0]), row(matrix[1]), row(matrix[2])];
}

function each(of: Triple, change: (value: number) => number): Triple {
  return [change(of[0]), change(of[1]), change(of[2])];
}

/** Linear light of "#rrggbb", each part 0..1. */
function linear(hex: string): Triple {
  const part = (at: number) => Number.parseInt(hex.slice(at, at + 2), 16) / 255;
  return each([part(1), part(3), part(5)], (v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
}

/** WCAG contrast of two colours, 1 to 21. */
export function contrast(a: string, b: string): number {
  const [one, two] = [luminance(a), luminance(b)];
  return (Math.max(one, two) + 0.05) / (Math.min(one, two) + 0.05);
}

function luminance(hex: string): number {
  const [red, green, blue] = linear(hex);
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** CIELAB (D65) of a colour as it is seen. */
export function lab(hex: string, vision: Vision = 'normal'): Triple {
  const light = linear(hex);
  const seen = vision === 'normal' ? light : each(times(simulations[vision], light), (v) => Math.min(1, Math.max(0, v)));
  const [x, y, z] = times(toXYZ, seen);
  const [fx, fy, fz] = [sensed(x / 0.95047), sensed(y), sensed(z / 1.08883)];
  return [116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)];
}

/** The cube root of CIELAB, straight near black. */
function sensed(t: number): number {
  return t > 216 / 24389 ? Math.cbrt(t) : ((24389 / 27) * t + 16) / 116;
}

const radians = Math.PI / 180;

function hue(a: number, b: number): number {
  if (a === 0 && b === 0) return 0;
  return (Math.atan2(b, a) / radians + 360) % 360;
}

/** The chroma of both colours with the correction of a*, and their hues. */
function polar([, a1, b1]: Triple, [, a2, b2]: Triple) {
  const mean = (Math.hypot(a1, b1) + Math.hypot(a2, b2)) / 2;
  const g = 0.5 * (1 - Math.sqrt(mean ** 7 / (mean ** 7 + 25 ** 7)));
  const [p1, p2] = [(1 + g) * a1, (1 + g) * a2];
  return { c1: Math.hypot(p1, b1), c2: Math.hypot(p2, b2), h1: hue(p1, b1), h2: hue(p2, b2) };
}

function hueDifference(h1: number, h2: number, grey: boolean): number {
  if (grey) return 0;
  const plain = h2 - h1;
  if (plain > 180) return plain - 360;
  return plain < -180 ? plain + 360 : plain;
}

function meanHue(h1: number, h2: number, grey: boolean): number {
  if (grey) return h1 + h2;
  if (Math.abs(h1 - h2) <= 180) return (h1 + h2) / 2;
  return h1 + h2 < 360 ? (h1 + h2 + 360) / 2 : (h1 + h2 - 360) / 2;
}

/** CIEDE2000 difference of two CIELAB colours. */
export function difference(one: Triple, two: Triple): number {
  const { c1, c2, h1, h2 } = polar(one, two);
  const grey = c1 * c2 === 0;
  const lightness = (one[0] + two[0]) / 2 - 50;
  const chroma = (c1 + c2) / 2;
  const mean = meanHue(h1, h2, grey);
  const cos = (degrees: number) => Math.cos(degrees * radians);
  const t = 1 - 0.17 * cos(mean - 30) + 0.24 * cos(2 * mean) + 0.32 * cos(3 * mean + 6) - 0.2 * cos(4 * mean - 63);
  const dl = (two[0] - one[0]) / (1 + (0.015 * lightness ** 2) / Math.sqrt(20 + lightness ** 2));
  const dc = (c2 - c1) / (1 + 0.045 * chroma);
  const half = Math.sin((hueDifference(h1, h2, grey) / 2) * radians);
  const dh = (2 * Math.sqrt(c1 * c2) * half) / (1 + 0.015 * chroma * t);
  const turn = 30 * Math.exp(-(((mean - 275) / 25) ** 2));
  const rotation = -2 * Math.sqrt(chroma ** 7 / (chroma ** 7 + 25 ** 7)) * Math.sin(2 * turn * radians);
  return Math.sqrt(dl ** 2 + dc ** 2 + dh ** 2 + rotation * dc * dh);
}
