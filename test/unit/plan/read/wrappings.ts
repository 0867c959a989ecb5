/** What plans are copied with. Each takes the lines of EXPLAIN's output; `cell` says that all lines are one value (JSON, XML, YAML). */
export type Wrapping = (lines: readonly string[], cell: boolean) => string;

const width = (lines: readonly string[]): number => Math.max(10, ...lines.map((line) => line.length));
const centred = (text: string, size: number): string => " ".repeat(Math.floor((size - text.length) / 2)) + text;
const mark = (lines: readonly string[], index: number, cell: boolean, sign: string): string =>
  cell && index < lines.length - 1 ? sign : " ";
const rows = (lines: readonly string[], cell: boolean): string => (cell ? "(1 row)" : `(${lines.length} rows)`);
const csv = (text: string): string => (/[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

const aligned: Wrapping = (lines, cell) => {
  const size = width(lines);
  const body = lines.map((line, index) => ` ${line.padEnd(size)}${mark(lines, index, cell, "+")}`);
  return [
    centred("QUERY PLAN", size + 2),
    "-".repeat(size + 2),
    ...(cell ? body : body.map((line) => line.trimEnd())),
    rows(lines, cell),
    "",
    "",
  ].join("\n");
};

const framed =
  ([left, line, right, top]: readonly [string, string, string, string], newline: string): Wrapping =>
  (lines, cell) => {
    const size = width(lines);
    const rule = top + line.repeat(size + 2) + top;
    const body = lines.map((text, index) => `${left} ${text.padEnd(size)}${mark(lines, index, cell, newline)}${right}`);
    return [rule, `${left}${centred("QUERY PLAN", size + 2).padEnd(size + 2)}${right}`, rule, ...body, rule, rows(lines, cell)].join("\n");
  };

const expanded: Wrapping = (lines, cell) =>
  cell
    ? [
        "-[ RECORD 1 ]---------------",
        ...lines.map((line, index) =>
          `${index === 0 ? "QUERY PLAN" : "          "} | ${line.padEnd(60)}${mark(lines, index, cell, "+")}`.trimEnd(),
        ),
      ].join("\n")
    : lines.map((line, index) => `-[ RECORD ${index + 1} ]${"-".repeat(60)}\nQUERY PLAN | ${line}`).join("\n");

/** psql's `\pset format wrapped`: a point at both margins where a line goes on. */
const psqlWrapped =
  (columns: number): Wrapping =>
  (lines, cell) => {
    const size = columns - 2;
    const body = lines.flatMap((line, index) => {
      const pieces = line.match(new RegExp(`.{1,${size}}`, "g")) ?? [""];
      return pieces.map((piece, part) => {
        const last = part === pieces.length - 1;
        return `${part > 0 ? "." : " "}${piece.padEnd(size)}${last ? mark(lines, index, cell, "+") : "."}`;
      });
    });
    return [centred("QUERY PLAN", columns), "-".repeat(columns), ...body, rows(lines, cell)].join("\n");
  };

/** A terminal that was copied from: lines cut at the margin. */
const cutAt =
  (columns: number): Wrapping =>
  (lines) =>
    lines.flatMap((line) => line.match(new RegExp(`.{1,${columns}}`, "g")) ?? [""]).join("\n");

/** A mail: lines broken at blanks. */
const brokenAt =
  (columns: number): Wrapping =>
  (lines) =>
    lines
      .flatMap((line) => {
        const indent = line.length - line.trimStart().length;
        const out: string[] = [];
        let current = line;
        while (current.length > columns) {
          const at = current.lastIndexOf(" ", columns);
          if (at <= indent + 4) break;
          out.push(current.slice(0, at));
          current = current.slice(at + 1);
        }
        return [...out, current];
      })
      .join("\n");

const log =
  (prefix: string, tab: string, continued = ""): Wrapping =>
  (lines) =>
    [
      `${prefix}LOG:  statement: select 1`,
      `${prefix}LOG:  duration: 12.345 ms  plan:`,
      `${continued}${tab}Query Text: select *`,
      ...["  from t", "  where a = 'it''s (cost'"].map((line) => `${continued}${tab}${line}`),
      ...lines.map((line) => `${continued}${tab}${line}`),
      `${prefix}LOG:  checkpoint starting: time`,
    ].join("\n");

export const wrappings: Readonly<Record<string, Wrapping>> = {
  nothing: (lines) => lines.join("\n"),
  "Windows line ends": (lines) => lines.join("\r\n"),
  "a first line without its blanks": (lines) =>
    lines
      .map((line) => ` ${line}`)
      .join("\n")
      .trim(),
  indentation: (lines) => lines.map((line) => `        ${line}`).join("\n"),
  "a no-break space for each blank": (lines) => lines.join("\n").replaceAll(" ", "\u00a0"),
  psql: aligned,
  "psql without right margin": (lines, cell) => (cell ? aligned(lines, cell) : aligned(lines, cell).trim()),
  "psql after a command": (lines, cell) =>
    `shop=# EXPLAIN (ANALYZE) SELECT * FROM t\nshop-# WHERE a = 1;\n${aligned(lines, cell)}\nTime: 12.345 ms\nshop=#`,
  "psql with border": framed(["|", "-", "|", "+"], "+"),
  "psql with Unicode border": framed(["│", "─", "│", "┼"], "↵"),
  "psql unaligned": (lines, cell) => ["QUERY PLAN", ...lines, rows(lines, cell)].join("\n"),
  "psql expanded": expanded,
  "psql wrapped at 80": psqlWrapped(80),
  "a quote around each line": (lines) => lines.map((line) => `"${line.replaceAll('"', '""')}"`).join("\n"),
  "a header and a quote around each line": (lines) =>
    ['"QUERY PLAN"', ...lines.map((line) => `"${line.replaceAll('"', '""')}"`)].join("\n"),
  CSV: (lines, cell) => ["QUERY PLAN", ...(cell ? [csv(lines.join("\n"))] : lines.map(csv))].join("\n"),
  "CSV with all lines in one cell": (lines) => `id,plan\n17,"${lines.join("\n").replaceAll('"', '""')}"\n`,
  "TSV with row numbers": (lines) => lines.map((line, index) => `${index + 1}\t${line}`).join("\n"),
  Markdown: (lines) => ["I get this plan, why is it slow?", "", "```sql", ...lines, "```", "", "What can I do? Thanks."].join("\n"),
  "a mail": (lines) => ["Hello,", "", "On Monday someone wrote:", ...lines.map((line) => `> ${line}`), "", "Is that normal?"].join("\n"),
  "a mail in a mail": (lines) => lines.map((line) => `> > ${line}`).join("\n"),
  comments: (lines) => lines.map((line) => `-- ${line}`).join("\n"),
  "a container's name": (lines) => lines.map((line) => `postgres-1  | ${line}`).join("\n"),
  HTML: (lines) =>
    `<pre>${lines.join("\n").replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;")}</pre>`,
  "rows as JSON": (lines, cell) =>
    JSON.stringify(cell ? [{ "QUERY PLAN": lines.join("\n") }] : lines.map((line) => ({ "QUERY PLAN": line }))),
  "rows as Python": (lines, cell) =>
    `[${(cell ? [lines.join("\n")] : lines).map((line) => `('${line.replaceAll("\\", "\\\\").replaceAll("'", "\\'").replaceAll("\n", "\\n")}',)`).join(", ")}]`,
  "rows as Python, a line each": (lines, cell) =>
    cell ? lines.join("\n") : lines.map((line) => `('${line.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}',)`).join("\n"),
  "a grid with a bar behind each row": (lines) =>
    [`${"QUERY PLAN".padEnd(width(lines))}|`, `${"-".repeat(width(lines))}+`, ...lines.map((line) => `${line.padEnd(width(lines))}|`)].join(
      "\n",
    ),
  "a table of Markdown": (lines) => ["| QUERY PLAN |", "| --- |", ...lines.map((line) => `| ${line} |`)].join("\n"),
  "escapes of a program": (lines) => lines.join("\n").replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n"),
  "a string of JSON": (lines) => JSON.stringify(lines.join("\n")),
};

/** Only what the server logs. */
export const logs: Readonly<Record<string, Wrapping>> = {
  "the log": log("2026-01-02 03:04:05.678 UTC [4711] shop@shop ", "\t"),
  syslog: log("Jan  2 03:04:05 db postgres[4711]: [5-1] ", "#011", "Jan  2 03:04:05 db postgres[4711]: [5-2] "),
  jsonlog: (lines) =>
    [
      { message: "checkpoint starting: time" },
      { timestamp: "2026-01-02", message: `duration: 12.3 ms  plan:\nQuery Text: select 1\n${lines.join("\n")}` },
    ]
      .map((entry) => JSON.stringify(entry))
      .join("\n"),
  csvlog: (lines) =>
    `2026-01-02 03:04:05.678 UTC,"shop","shop",4711,"[local]",1,1,"SELECT",2026-01-02,3/4,0,LOG,00000,"duration: 12.3 ms  plan:\nQuery Text: select ""a""\n${lines.join("\n").replaceAll('"', '""')}",,,,,,,,,"psql","client backend",,0\n`,
};

/** Only EXPLAIN's text can be put together again when its lines were broken. */
export const breaks: Readonly<Record<string, Wrapping>> = {
  "a terminal of 80 columns": cutAt(80),
  "a terminal of 120 columns": cutAt(120),
  "a mail of 72 columns": brokenAt(72),
  "a quoted mail of 72 columns": (lines, cell) =>
    brokenAt(72)(lines, cell)
      .split("\n")
      .map((line) => `> ${line}`)
      .join("\n"),
};
