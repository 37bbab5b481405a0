/** What of a computed style must travel with the picture. */
const carried = [
  'fill',
  'fill-opacity',
  'stroke',
  'stroke-width',
  'stroke-opacity',
  'stroke-dasharray',
  'stroke-linejoin',
  'font-family',
  'font-size',
  'font-weight',
  'text-anchor',
  'opacity',
] as const;

const namespace = 'http://www.w3.org/2000/svg';
const headRoom = 34;
const footRoom = 24;

function inlineStyles(from: Element, to: Element) {
  const style = getComputedStyle(from);
  for (const name of carried) {
    const value = style.getPropertyValue(name);
    if (value) to.setAttribute(name, value);
  }
  to.removeAttribute('class');
  Array.from(from.children).forEach((child, i) => {
    const copy = to.children[i];
    if (copy) inlineStyles(child, copy);
  });
}

function text(content: string, y: number, size: number, colour: string): SVGTextElement {
  const element = document.createElementNS(namespace, 'text');
  element.setAttribute('x', '12');
  element.setAttribute('y', String(y));
  element.setAttribute('font-family', 'system-ui, sans-serif');
  element.setAttribute('font-size', String(size));
  element.setAttribute('fill', colour);
  element.textContent = content;
  return element;
}

function backdrop(width: number, height: number, colour: string): SVGRectElement {
  const element = document.createElementNS(namespace, 'rect');
  element.setAttribute('width', String(width));
  element.setAttribute('height', String(height));
  element.setAttribute('fill', colour);
  return element;
}

/**
 * A picture that stands on its own: colours written out, background, title and
 * caption included, nothing of the reading cursor.
 */
export function standaloneSVG(svg: SVGSVGElement, title: string, caption: string): string {
  const { width, height } = { width: svg.viewBox.baseVal.width, height: svg.viewBox.baseVal.height };
  const copy = svg.cloneNode(true) as SVGSVGElement;
  inlineStyles(svg, copy);
  copy.querySelectorAll('[data-transient]').forEach((element) => element.remove());
  copy.setAttribute('y', String(headRoom));
  copy.setAttribute('width', String(width));
  copy.setAttribute('height', String(height));

  const tokens = getComputedStyle(document.documentElement);
  const total = headRoom + height + footRoom;
  const sheet = document.createElementNS(namespace, 'svg');
  sheet.setAttribute('viewBox', `0 0 ${width} ${total}`);
  sheet.setAttribute('width', String(width));
  sheet.setAttribute('height', String(total));
  sheet.append(
    backdrop(width, total, tokens.getPropertyValue('--ek-surface') || '#ffffff'),
    text(title, 22, 15, tokens.getPropertyValue('--ek-text') || '#14171c'),
    copy,
    text(caption, total - 9, 11, tokens.getPropertyValue('--ek-muted') || '#535b66'),
  );
  return new XMLSerializer().serializeToString(sheet);
}

/** Offers a file to the reader. */
export function download(name: string, content: Blob) {
  const address = URL.createObjectURL(content);
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  // The browser needs the address until it has read it.
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

/** Draws a picture at twice its size. Rejects where the browser cannot. */
export async function toPNG(svg: string, width: number, height: number): Promise<Blob> {
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
  await image.decode();
  const canvas = document.createElement('canvas');
  canvas.width = width * 2;
  canvas.height = height * 2;
  const context = canvas.getContext('2d');
  if (!context) throw new Error('no drawing surface');
  context.drawImage(image, 0, 0, canvas.width, canvas.height);
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error('no picture'))), 'image/png');
  });
}
