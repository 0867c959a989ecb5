/** Tests and migrations are reported on only when asked for, and do not shape what is known of the project. */
export type FileRole = "source" | "test" | "migration";

const testFolders = new Set(["test", "tests", "testing", "__tests__"]);
const migrationFolders = new Set(["migrations", "alembic"]);

function isTestFile(name: string): boolean {
  return name === "conftest.py" || /^test_.*\.pyi?$/.test(name) || /_test\.pyi?$/.test(name);
}

/** What a file is, by its path below the workspace's folder: a folder above it that happens to be called `tests` says nothing. */
export function roleOf(relativePath: string): FileRole {
  const parts = relativePath.split("/");
  const name = parts.pop() ?? "";
  if (parts.some((part) => testFolders.has(part)) || isTestFile(name)) return "test";
  return parts.some((part) => migrationFolders.has(part)) ? "migration" : "source";
}

/** The same question about a folder that the user named: naming it is asking for what is in it. */
export function isAskedForByName(relativePath: string): boolean {
  return relativePath !== "" && roleOf(`${relativePath}/x`) !== "source";
}
