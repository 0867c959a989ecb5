/** Whether the page was saved as one file: there is no host behind it and nothing beside it. */
export function isSingleFile(): boolean {
  return document.querySelector("meta[name=single-file]") !== null;
}
