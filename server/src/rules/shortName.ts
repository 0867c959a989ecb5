/** `repo.py`, and `models/__init__.py`, of which there are many. */
export function shortName(file: string): string {
  const [folder, name = folder ?? ""] = file.split("/").slice(-2);
  return name === "__init__.py" ? `${folder}/${name}` : name;
}
