let last: { readonly text: string; readonly starts: readonly number[] } | undefined;

/** Offsets at which lines begin, with the line ends that editors know. */
export function lineStarts(text: string): readonly number[] {
  // One file is asked about many times.
  if (last?.text !== text) last = { text, starts: startsOf(text) };
  return last.starts;
}

function startsOf(text: string): number[] {
  const starts = [0];
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 10 || (code === 13 && text.charCodeAt(at + 1) !== 10)) starts.push(at + 1);
  }
  return starts;
}

/** From 1. */
export function lineOf(starts: readonly number[], offset: number): number {
  let [low, high] = [0, starts.length - 1];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (starts[middle]! <= offset) low = middle;
    else high = middle - 1;
  }
  return low + 1;
}
