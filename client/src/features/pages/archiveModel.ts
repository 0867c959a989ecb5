/** The files beyond the bound, oldest first. */
export function pagesToForget(files: readonly { name: string; time: number }[], bound: number): readonly string[] {
  return [...files]
    .sort((a, b) => b.time - a.time)
    .slice(bound)
    .map(({ name }) => name)
    .reverse();
}
