// Plain Python as most of a project's files hold it: text, dictionaries, clients, state machines, tables of constants. Seeded, so that the
// same module comes out every time; varied enough that no two are alike.

/** Numbers in [0, 1) that depend on the seed alone (mulberry32). */
export function randomNumbers(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

const nouns = [
  "account",
  "batch",
  "channel",
  "device",
  "entry",
  "feature",
  "group",
  "header",
  "invoice",
  "journal",
  "limit",
  "message",
  "node",
];
const verbs = ["collect", "merge", "render", "parse", "resolve", "encode", "compare", "filter", "load", "publish", "schedule", "validate"];
const fields = ["name", "kind", "state", "weight", "created", "owner", "label", "total", "position", "region", "code", "version"];

const snippets = [
  ({ noun, verb, field, other, id, number }) => `
def ${verb}_${noun}_${id}(values: Iterable[dict[str, Any]], *, limit: int = ${number}) -> list[dict[str, Any]]:
    """${verb[0].toUpperCase()}${verb.slice(1)}s the ${noun}s, at most \`\`limit\`\` of them."""
    result: list[dict[str, Any]] = []
    for index, value in enumerate(values):
        if index >= limit:
            logger.warning("more than %d ${noun}s", limit)
            break
        ${field} = value.get("${field}")
        if ${field} is None or not isinstance(${field}, (str, int)):
            continue
        # What has no ${other} yet belongs to nobody.
        result.append({**value, "${field}": clean(str(${field})), "${other}": value.get("${other}", ${number} * index)})
    return sorted(result, key=lambda entry: (entry["${field}"], -len(entry)))
`,
  ({ noun, verb, field, other, id, number }) => `
@dataclass(frozen=True, slots=True)
class ${noun[0].toUpperCase()}${noun.slice(1)}${id}:
    ${field}: str
    ${other}_count: int = ${number}
    tags: tuple[str, ...] = ()
    extra: dict[str, Any] = dataclass_field(default_factory=dict)

    @property
    def is_${verb}d(self) -> bool:
        return self.${other}_count > ${number} and bool(self.${field})

    @classmethod
    def from_row(cls, row: Mapping[str, Any]) -> "${noun[0].toUpperCase()}${noun.slice(1)}${id}":
        tags = tuple(tag.strip() for tag in (row.get("tags") or "").split(",") if tag.strip())
        return cls(${field}=row["${field}"], ${other}_count=int(row.get("${other}_count", 0)), tags=tags)

    def ${verb}(self, *others: "${noun[0].toUpperCase()}${noun.slice(1)}${id}") -> dict[str, int]:
        counts: dict[str, int] = {}
        for one in (self, *others):
            for tag in one.tags:
                counts[tag] = counts.get(tag, 0) + one.${other}_count
        return {tag: count for tag, count in counts.items() if count != 0}
`,
  ({ noun, verb, field, other, id, number }) => `
class ${noun[0].toUpperCase()}${noun.slice(1)}Client${id}:
    """Talks to the ${noun} service."""

    timeout = ${number / 10}
    retries = ${(number % 5) + 1}

    def __init__(self, base_url: str, token: str | None = None) -> None:
        self.base_url = base_url.rstrip("/")
        self._headers = {"Accept": "application/json"}
        if token is not None:
            self._headers["Authorization"] = f"Bearer {token}"
        self._cache: dict[str, tuple[float, Any]] = {}

    async def ${verb}(self, ${field}: str, **options: Any) -> dict[str, Any]:
        url = f"{self.base_url}/${noun}s/{${field}}?{'&'.join(f'{key}={value!s}' for key, value in options.items())}"
        for attempt in range(self.retries):
            try:
                async with asyncio.timeout(self.timeout):
                    return await self._get(url)
            except (TimeoutError, ConnectionError) as error:
                logger.info("attempt %d of %s failed: %s", attempt, url, error)
                await asyncio.sleep(0.1 * 2**attempt)
        raise RuntimeError(f"${noun} {${field}!r} could not be reached")

    async def _get(self, url: str) -> dict[str, Any]:
        moment, known = self._cache.get(url, (0.0, None))
        if known is not None and time.monotonic() - moment < ${number}:
            return known
        answer = {"url": url, "${other}": len(url) % ${number + 1}}
        self._cache[url] = (time.monotonic(), answer)
        return answer
`,
  ({ noun, verb, field, other, id, number }) => `
${noun.toUpperCase()}_${id.toUpperCase()}: dict[str, dict[str, Any]] = {
${Array.from({ length: 6 }, (_, i) => `    "${field}_${i}": {"${other}": ${(number * (i + 3)) % 97}, "label": "${noun} ${i}", "allowed": (${i}, ${i + number}), "parent": ${i ? `"${field}_${i - 1}"` : "None"}},`).join("\n")}
}


def ${verb}_path_${id}(key: str) -> list[str]:
    path: list[str] = []
    while key is not None and key in ${noun.toUpperCase()}_${id.toUpperCase()}:
        if key in path:
            raise ValueError(f"{key} is its own ancestor: {' > '.join(path)}")
        path.append(key)
        key = ${noun.toUpperCase()}_${id.toUpperCase()}[key]["parent"]
    return path[::-1]
`,
  ({ noun, verb, field, other, id, number }) => `
def ${verb}_state_${id}(state: str, event: Mapping[str, Any]) -> str:
    kind = event.get("${field}", "unknown")
    if state == "new":
        if kind == "${other}" and event.get("amount", 0) >= ${number}:
            return "open"
        elif kind in ("cancel", "expire"):
            return "closed"
    elif state == "open":
        match kind:
            case "${noun}" | "${other}":
                return "waiting"
            case "fail" if event.get("attempts", 0) > ${number % 7}:
                return "failed"
    else:
        assert state in {"waiting", "failed", "closed"}, f"no such state: {state}"
    return state


def ${verb}_all_${id}(events: Sequence[Mapping[str, Any]]) -> Counter[str]:
    counter: Counter[str] = Counter()
    state = "new"
    for event in events:
        try:
            state = ${verb}_state_${id}(state, event)
        except AssertionError:
            logger.exception("event %r was left out", event)
            continue
        finally:
            counter["seen"] += 1
        counter[state] += 1
    return counter
`,
];

const head = `import asyncio
import logging
import time
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field as dataclass_field
from typing import Any

from ..common.text import clean

logger = logging.getLogger(__name__)
`;

/** @returns a module of about `lines` lines */
export function plainModule(seed, lines) {
  const random = randomNumbers(seed);
  const pick = (list) => list[Math.floor(random() * list.length)];
  let text = head;
  for (let n = 0; text.split("\n").length < lines; n++) {
    const field = pick(fields);
    const other = pick(fields.filter((name) => name !== field));
    const names = { noun: pick(nouns), verb: pick(verbs), field, other, id: `${seed % 97}_${n}`, number: Math.floor(random() * 90) + 1 };
    text += `\n${pick(snippets)(names)}`;
  }
  return text;
}

/** What nearly every module of the project imports. */
export const commonText = `import re

SPACES = re.compile(r"\\s+")


def clean(text: str, longest: int = 200) -> str:
    """One line without blanks at its ends."""
    short = SPACES.sub(" ", text).strip()
    # The ellipsis counts too.
    return short if len(short) <= longest else short[: longest - 1] + "…"
`;
