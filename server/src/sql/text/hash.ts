/**
 * FNV-1a, 64 bits, over UTF-16 code units, as 16 hexadecimal digits. For names of things inside one project, not against adversaries.
 * The state is kept in two halves of 32 bits because BigInt is a hundred times slower.
 */
export function hash64(text: string): string {
  let high = 0xcbf29ce4;
  let low = 0x84222325;
  for (let index = 0; index < text.length; index++) {
    low = (low ^ text.charCodeAt(index)) >>> 0;
    // Times the prime 2^40 + 0x1b3.
    const product = low * 0x1b3;
    high = (Math.imul(high, 0x1b3) + (low << 8) + Math.floor(product / 0x100000000)) >>> 0;
    low = product >>> 0;
  }
  return high.toString(16).padStart(8, "0") + low.toString(16).padStart(8, "0");
}
