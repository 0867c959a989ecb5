/** A codicon; decoration only, so the text beside it (or an aria-label above it) must say the same. */
export function Icon({ name, class: extra }: { name: string; class?: string }) {
  return <span aria-hidden="true" class={`codicon codicon-${name}${extra ? ` ${extra}` : ""}`} />;
}
