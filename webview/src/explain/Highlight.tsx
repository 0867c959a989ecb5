import { highlightPieces } from "./search.js";

/** A text with what the search found in it lit. */
export function Highlight({ text, search }: { text: string; search: string }) {
  if (search === "") return <>{text}</>;
  return <>{highlightPieces(text, search).map((piece, i) => (piece.hit ? <mark key={i}>{piece.text}</mark> : piece.text))}</>;
}
