import { beforeAll, describe, expect, test } from "vitest";
import { parseOne } from "../../../server/src/database/guard/parse.js";
import { mentionsOfBody } from "../../../server/src/database/guard/plpgsql/body.js";

const created = (body: string, head: string) =>
  `CREATE OR REPLACE FUNCTION public.f${head}\n LANGUAGE plpgsql\nAS $function$${body}$function$\n`;
const scalar = "(a integer, b app.users)\n RETURNS integer";
const rows = "(a integer)\n RETURNS SETOF integer";
const trigger = "()\n RETURNS trigger";

describe("the names in a body of PL/pgSQL", () => {
  const implicit = new Set(["=", "<>", "<", "<=", ">", ">="]);
  const builtin = new Set(["pg_catalog", "record", "refcursor", "text"]);
  function checkNames(body: string, wanted: string, head = scalar) {
    const words = mentionsOfBody(created(body, head), body).flatMap(({ relations, functions, operators, types }) => [
      ...relations.map(({ name }) => `reads ${name.join(".")}`),
      ...functions.map(({ name, arguments: count }) => `calls ${name.join(".")}/${count}`),
      ...operators.filter(({ name }) => !implicit.has(name.join("."))).map(({ name }) => `uses ${name.join(".")}`),
      ...types.filter(([first]) => !builtin.has(first ?? "")).map((name) => `types ${name.join(".")}`),
    ]);
    expect([...new Set(words)].sort().join(", ")).toBe(wanted);
  }
  test.each([
    ["BEGIN RETURN a; END", ""],
    ["BEGIN RETURN g(a) + 1; END", "calls g/1, uses +"],
    ["DECLARE x int := g(1); BEGIN x := h(x); RETURN x; END", "calls g/1, calls h/1"],
    ["DECLARE x int DEFAULT g(1); y CONSTANT text NOT NULL = k(); BEGIN RETURN x; END", "calls g/1, calls k/0"],
    ["DECLARE r app.users := app.load(1); BEGIN RETURN r.id; END", "calls app.load/1, calls id/-1, types app.users"],
    ["DECLARE m app.mood DEFAULT pick('x'); n app.mood = 'sad'; BEGIN RETURN 1; END", "calls pick/1, types app.mood"],
    ["\n\nDECLARE\n  r app.mood :=\n    pick('x');\nBEGIN\n RETURN 1;\nEND\n", "calls pick/1, types app.mood"],
    [
      "DECLARE q app.users.id%TYPE; w app.users%ROWTYPE; z a%TYPE; BEGIN RETURN 1; END",
      "reads a, reads app, reads app.users, reads app.users.id, types a, types app.users, types app.users.id",
    ],
    ["DECLARE m numeric(10,2)[]; d app.dom[]; BEGIN m[g(1)] := h(2); RETURN 1; END", "calls g/1, calls h/1, types app.dom"],
    ["DECLARE v ALIAS FOR $1; BEGIN RETURN v; END", ""],
    ["DECLARE r record; BEGIN r.total = g(2); b.name := k(); RETURN 1; END", "calls g/1, calls k/0, calls name/-1, calls total/-1"],
    ["BEGIN SELECT u.id, g(3) INTO STRICT a FROM app.users u; RETURN a; END", "calls g/1, calls id/-1, reads app.users"],
    ["BEGIN WITH x AS (SELECT * FROM t) SELECT n INTO a FROM x; RETURN a; END", "reads t, reads x"],
    ["BEGIN PERFORM g(1), h(2) FROM t; RETURN 1; END", "calls g/1, calls h/1, reads t"],
    ["BEGIN IF g(1) THEN RETURN 1; ELSIF h(1) THEN RETURN 2; ELSE RETURN k(1); END IF; END", "calls g/1, calls h/1, calls k/1"],
    ["BEGIN CASE g(a) WHEN 1, h(2) THEN RETURN 1; ELSE RETURN k(); END CASE; END", "calls g/1, calls h/1, calls k/0"],
    ["BEGIN CASE WHEN g(a) THEN RETURN 1; END CASE; END", "calls g/1"],
    ["BEGIN FOR i IN REVERSE g(1)..h(2) BY k() LOOP EXIT WHEN x(i); END LOOP; RETURN 1; END", "calls g/1, calls h/1, calls k/0, calls x/1"],
    ["BEGIN <<l>> WHILE g() LOOP CONTINUE l WHEN h(); END LOOP l; RETURN 1; END", "calls g/0, calls h/0"],
    ["BEGIN FOREACH a IN ARRAY g(1) LOOP RETURN a; END LOOP; RETURN 1; END", "calls g/1"],
    ["DECLARE r record; BEGIN FOR r IN SELECT g(n) FROM t LOOP RETURN 1; END LOOP; RETURN 0; END", "calls g/1, reads t"],
    [
      "DECLARE c CURSOR (k int) FOR SELECT g(k) FROM t; BEGIN OPEN c(h(1)); FETCH c INTO a; CLOSE c; RETURN a; END",
      "calls g/1, calls h/1, reads t",
    ],
    ["DECLARE c CURSOR (k int) FOR SELECT g(k); BEGIN FOR r IN c(h(1)) LOOP RETURN 1; END LOOP; RETURN 0; END", "calls g/1, calls h/1"],
    [
      "DECLARE c refcursor; BEGIN OPEN c NO SCROLL FOR SELECT g(1); FETCH RELATIVE h(1) FROM c INTO a; MOVE NEXT FROM c; RETURN a; END",
      "calls g/1, calls h/1",
    ],
    ["BEGIN RAISE NOTICE 'x % y', g(1) USING HINT = h(2), ERRCODE = '22012'; RETURN 1; END", "calls g/1, calls h/1"],
    ["BEGIN RAISE division_by_zero USING MESSAGE = g(1); END", "calls g/1"],
    ["BEGIN RAISE SQLSTATE '22012'; END", ""],
    ["BEGIN ASSERT g(1), h(2); RETURN 1; END", "calls g/1, calls h/1"],
    [
      "BEGIN GET DIAGNOSTICS a = ROW_COUNT; RETURN a; EXCEPTION WHEN division_by_zero OR SQLSTATE '22012' THEN RETURN g(SQLERRM); WHEN OTHERS THEN RAISE; END",
      "calls g/1",
    ],
    ["BEGIN RETURN (SELECT count(*) FROM t WHERE x @> g(1)); END", "calls count/0, calls g/1, reads t, uses @>"],
    ["BEGIN /* EXECUTE 'x' */ RETURN 1; -- EXECUTE 'y'\nEND", ""],
    ["BEGIN RETURN length('EXECUTE format(''x'')'); END", "calls length/1"],
    ["#variable_conflict use_column\nBEGIN RETURN 1; END", ""],
    ['DECLARE x text COLLATE "C" := g(1); BEGIN IF a > 1 THEN RETURN 1; END IF; RETURN (SELECT "end" FROM t); END', "calls g/1, reads t"],
    ['DECLARE "Odd Name" int := g(1); BEGIN "Odd Name" := 2; RETURN "Odd Name"; END', "calls g/1"],
  ])("%s", (body, wanted) => checkNames(body, wanted));
  test.each([["BEGIN RETURN QUERY SELECT g(a) FROM t; RETURN NEXT h(1); END", "calls g/1, calls h/1, reads t"]])("%s", (body, wanted) =>
    checkNames(body, wanted, rows),
  );
  test.each([
    [
      "BEGIN NEW.at := now(); IF TG_OP = 'UPDATE' AND OLD.n IS DISTINCT FROM g(NEW.n) THEN NEW.n = 1; END IF; RETURN NEW; END",
      "calls at/-1, calls g/1, calls n/-1, calls now/0",
    ],
  ])("%s", (body, wanted) => checkNames(body, wanted, trigger));
});

describe("a body of PL/pgSQL that does more than a query", () => {
  test.each([
    ["BEGIN EXECUTE 'x'; RETURN 1; END", /EXECUTE runs SQL.*line 1/],
    ["BEGIN\n IF a > 1 THEN\n  EXECUTE format('x') INTO a USING b;\n END IF;\n RETURN 1; END", /EXECUTE.*line 3/],
    ["DECLARE r record; BEGIN FOR r IN EXECUTE 'x' LOOP END LOOP; RETURN 1; END", /IN EXECUTE/],
    ["DECLARE c refcursor; BEGIN OPEN c FOR EXECUTE 'x' USING 1; RETURN 1; END", /EXECUTE/],
    ["BEGIN INSERT INTO t VALUES (1); RETURN 1; END", /writes or locks rows/],
    ["BEGIN INSERT INTO t VALUES (1) RETURNING n INTO a; RETURN 1; END", /writes or locks/],
    ["BEGIN WITH x AS (DELETE FROM t RETURNING n) SELECT n INTO a FROM x; RETURN 1; END", /writes or locks/],
    ["BEGIN PERFORM 1 FROM t FOR UPDATE; RETURN 1; END", /writes or locks/],
    ["DECLARE c CURSOR FOR SELECT 1 FROM t FOR UPDATE; BEGIN OPEN c; RETURN 1; END", /writes or locks/],
    ["DECLARE x int := (WITH d AS (DELETE FROM t RETURNING 1) SELECT 1); BEGIN RETURN 1; END", /writes or locks/],
    ["BEGIN CALL p(); RETURN 1; END", /CALL or DO/],
    ["BEGIN DO 'x'; RETURN 1; END", /CALL or DO/],
    ["BEGIN COMMIT; RETURN 1; END", /COMMIT/],
    ["BEGIN ROLLBACK; RETURN 1; END", /ROLLBACK/],
    ["BEGIN SET transaction_read_only = off; RETURN 1; END", /SET|Variable/i],
    ["BEGIN LOCK TABLE t; RETURN 1; END", /LOCK/],
    ["BEGIN NOTIFY c; RETURN 1; END", /NOTIFY/],
    ["BEGIN CREATE TEMP TABLE t (n int); RETURN 1; END", /CREATE/],
    ["BEGIN COPY t TO PROGRAM 'x'; RETURN 1; END", /COPY|support|stdout/i],
    ["BEGIN LOOP BEGIN PERFORM pg_sleep(9); EXCEPTION WHEN query_canceled THEN NULL; END; END LOOP; END", /catches query_canceled/],
    ["BEGIN RETURN 1; EXCEPTION WHEN SQLSTATE '57014' THEN RETURN 2; END", /catches 57014/],
    ["BEGIN RETURN 1; EXCEPTION WHEN operator_intervention THEN RETURN 2; END", /catches operator_intervention/],
    ["BEGIN UPDATE t SET n = 1 WHERE CURRENT OF c; RETURN 1; END", /CurrentOfExpr/],
    ["BEGIN this is not PL/pgSQL; END", /syntax error/],
    ["not even a block", /syntax error/],
  ])("%s", (body, message) => expect(() => mentionsOfBody(created(body, scalar), body)).toThrow(message));

  test.each([
    ["what is not in the tree", "BEGIN RETURN 1; END", "BEGIN RETURN 1; evil.f(); END", /as a whole \(around "evil"\)/],
    ["brackets that are nobody's", "BEGIN RETURN a; END", "BEGIN a(); RETURN a; END", /as a whole \(around "\("\)/],
    ["operators that are nobody's", "BEGIN RETURN a; END", "BEGIN a @@ a; RETURN a; END", /as a whole \(around "@@"\)/],
    ["values that are nobody's", "BEGIN RETURN a; END", "BEGIN a = a; RETURN a; END", /as a whole \(around "="\)/],
  ])("%s is noticed", (_, read, run, message) => expect(() => mentionsOfBody(created(read, scalar), run)).toThrow(message));
});

beforeAll(() => parseOne("SELECT 1"));
