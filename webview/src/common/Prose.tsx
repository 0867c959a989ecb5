/** Text in which names stand between backticks, as in the editor's messages. */
export function Prose({ text }: { text: string }) {
  const parts = text.split("`");
  // An odd number of backticks: the last one is a backtick and nothing else.
  if (parts.length % 2 === 0) return <>{text}</>;
  return <>{parts.map((part, index) => (index % 2 === 1 ? <code key={index}>{part}</code> : part))}</>;
}
