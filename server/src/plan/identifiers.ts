/** Quotes a name where PostgreSQL would show it quoted, keywords apart. */
export function displayName(name: string): string {
  return isPlain(name) ? name : quoteName(name);
}

/** A name as DDL can take it, whatever it is. */
export function quoteName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

function isPlain(name: string): boolean {
  const characters = [...name];
  const letter = (character: string): boolean => (character >= "a" && character <= "z") || character === "_";
  const digit = (character: string): boolean => (character >= "0" && character <= "9") || character === "$";
  return characters.length > 0 && letter(characters[0] ?? "") && characters.every((character) => letter(character) || digit(character));
}
