/** From the units in which PostgreSQL counts to UTF-16 offsets of the same text. */

/** Offset in UTF-8 bytes → offset in UTF-16 units. */
export function byteOffsets(text: string): (bytes: number) => number {
  if (isAscii(text)) return (bytes) => bytes;
  const units: number[] = [];
  for (let unit = 0; unit < text.length;) {
    const point = text.codePointAt(unit) ?? 0;
    // A lone surrogate goes over as U+FFFD, which has three bytes too.
    const bytes = point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
    for (let index = 0; index < bytes; index++) units.push(unit);
    unit += point > 0xffff ? 2 : 1;
  }
  units.push(text.length);
  return (bytes) => units[bytes] ?? text.length;
}

/** Offset in code points → offset in UTF-16 units. */
export function codePointOffset(text: string, points: number): number {
  let unit = 0;
  for (let point = 0; point < points && unit < text.length; point++) unit += (text.codePointAt(unit) ?? 0) > 0xffff ? 2 : 1;
  return unit;
}

function isAscii(text: string): boolean {
  for (let index = 0; index < text.length; index++) if (text.charCodeAt(index) > 0x7f) return false;
  return true;
}
