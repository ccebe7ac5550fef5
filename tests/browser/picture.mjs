// Pictures that are small enough to keep: PNG with a palette.

import { decode, encode } from 'fast-png';

// So many colours of a picture stay as they are, by how many pixels have them: its surfaces and its ink. The smoothed edges
// of letters are left the rest of the palette, in steps that the eye hardly sees, as fine as there is room for.
const EXACT = 80;
const STEP = 16;

/** The pixels of a PNG, four bytes each: red, green, blue, opacity. */
export function read(bytes) {
  const { width, height, data, channels, palette } = decode(bytes);
  const pixels = new Uint8Array(width * height * 4).fill(255);
  for (let pixel = 0; pixel < width * height; pixel += 1) {
    for (let part = 0; part < 3; part += 1) {
      pixels[pixel * 4 + part] = palette ? palette[data[pixel]][part] : data[pixel * channels + part];
    }
  }
  return { width, height, data: pixels };
}

/** A PNG of pixels as `read` gives them. */
export function write({ width, height, data }) {
  const colours = new Uint32Array(width * height);
  const counts = new Map();
  for (let pixel = 0; pixel < colours.length; pixel += 1) {
    const [red, green, blue] = [data[pixel * 4], data[pixel * 4 + 1], data[pixel * 4 + 2]];
    colours[pixel] = (red << 16) | (green << 8) | blue;
    counts.set(colours[pixel], (counts.get(colours[pixel]) ?? 0) + 1);
  }
  const common = [...counts].sort(([, a], [, b]) => b - a).slice(0, EXACT);
  const exact = new Set(common.map(([colour]) => colour));
  let palette;
  let index;
  for (let step = STEP; !palette || palette.length > 256; step += 4) {
    const stepped = (part) => Math.min(255, Math.round(part / step) * step);
    const near = (colour) => (stepped(colour >> 16) << 16) | (stepped((colour >> 8) & 255) << 8) | stepped(colour & 255);
    palette = [];
    index = new Map();
    for (const colour of counts.keys()) {
      const shown = exact.has(colour) ? colour : near(colour);
      if (!index.has(shown)) index.set(shown, palette.push([shown >> 16, (shown >> 8) & 255, shown & 255]) - 1);
      index.set(colour, index.get(shown));
    }
  }
  const indices = Uint8Array.from(colours, (colour) => index.get(colour));
  return encode({ width, height, data: indices, depth: 8, channels: 1, palette }, { zlib: { level: 9 } });
}
