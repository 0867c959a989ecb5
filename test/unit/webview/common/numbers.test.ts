import { expect, test } from "vitest";
import {
  formatBytes,
  formatFactor,
  formatRows,
  formatShare,
  formatShort,
  formatTime,
  formatTimeExact,
} from "../../../../webview/src/common/numbers.js";
import { costChange } from "../../../../webview/src/common/proof.js";

test.each([
  [0, "0 ms"],
  [0.0001, "< 0.001 ms"],
  [0.042, "0.042 ms"],
  [0.9996, "1.00 ms"],
  [4.312, "4.31 ms"],
  [9.996, "10.0 ms"],
  [87.21, "87.2 ms"],
  [99.96, "100 ms"],
  [431.6, "432 ms"],
  [999.6, "1.00 s"],
  [1234, "1.23 s"],
  [123_456, "123.5 s"],
])("time %d", (ms, expected) => expect(formatTime(ms)).toBe(expected));

test.each([
  [0, "0 %"],
  [0.0004, "< 0.1 %"],
  [0.048, "4.8 %"],
  [0.0996, "10 %"],
  [0.824, "82 %"],
  [0.9974, "99.7 %"],
  [0.99999, "99.9 %"],
  [1, "100 %"],
])("share %d", (share, expected) => expect(formatShare(share)).toBe(expected));

test.each([
  [2.44, "2.4×"],
  [0.25, "4.0×"],
  [208.4, "208×"],
  [1_234_567, "1.23M×"],
  [0, "∞×"],
])("factor %d", (ratio, expected) => expect(formatFactor(ratio)).toBe(expected));

test.each([
  [0, "0 B"],
  [1023, "1,023 B"],
  [8192, "8.0 kB"],
  [104_857_600, "100 MB"],
])("bytes %d", (bytes, expected) => expect(formatBytes(bytes)).toBe(expected));

test("bounds are shown where they matter", () => {
  expect(formatTimeExact(53.2, 0.0005)).toBe("53.200 ms");
  expect(formatTimeExact(53.2, 0.065)).toBe("53.200 ± 0.065 ms");
  expect(formatRows(1204)).toBe("1,204");
  expect(formatRows(1204, 0.005)).toBe("1,204");
  expect(formatRows(1204, 65.5)).toBe("1,204 ± 65.5");
  expect(formatShort(999_999)).toBe("999,999");
  expect(formatShort(12_345_678)).toBe("12.3M");
});

test.each([
  [{ costBefore: 1000, costAfter: 3 }, "−99.7 %"],
  [{ costBefore: 1000, costAfter: 1200 }, "+20 %"],
  [{ costBefore: 0, costAfter: 0 }, undefined],
  [{ costBefore: 10 }, undefined],
])("cost change %o", (costs, expected) => expect(costChange({ method: "none", ...costs })?.text).toBe(expected));
