export interface Edition {
  readonly version: string;
  readonly folder: string;
  readonly node: string;
  readonly entry: string;
  readonly extensions: string;
  /** What the server must be told for the in-host suite. */
  readonly inHostOptions: readonly string[];
}
export const root: string;
export const chromiumNames: readonly string[];
export function chosenEdition(): Edition;
