import { describe, expect, it } from "vitest";
import { corpus } from "./corpus.js";
import { read } from "./fixtures.js";

describe("what must hold of", () => {
  it.each(corpus)("$name", ({ json, wrong }) => expect(wrong(read(json))).toEqual([]));
});
