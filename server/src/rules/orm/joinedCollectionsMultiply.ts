import { planFor, type Entity, type OrmIndex, type OrmSubject, type QueryValue } from "../../orm/index.js";
import type { Problem, Rule } from "../rule.js";
import { multipliedBy, type JoinedBranch } from "./joinedBranches.js";
import { withoutProduct } from "./edits/unjoin.js";
import { nameOf } from "./wording.js";

export const joinedCollectionsMultiply: Rule<OrmSubject> = {
  meta: {
    id: "joined-collections-multiply",
    summary: "Two collections are joined in one query: it gives every pair of their rows.",
    severity: "warning",
    enabledByDefault: true,
    languages: ["python"],
    fix: "safe",
  },
  docs: {
    whatItDoes:
      'Reports a query that loads two or more collections side by side with `joinedload`, or with `lazy="joined"` of the mapping. One collection, or a chain of one collection of another, multiplies nothing and is silent.',
    whyBad:
      "The database pairs each row of the one collection with each row of the other: a user with 50 orders and 40 addresses comes as 2,000 rows, each with all columns of the user, of which SQLAlchemy keeps 91.",
    bad: 'class Basket(Base):\n    __tablename__ = "baskets"\n    id: Mapped[int] = mapped_column(primary_key=True)\n    items: Mapped[list["Item"]] = relationship()\n    notes: Mapped[list["Note"]] = relationship()\n\nclass Item(Base):\n    __tablename__ = "items"\n    id: Mapped[int] = mapped_column(primary_key=True)\n    basket_id: Mapped[int] = mapped_column(ForeignKey("baskets.id"))\n\nclass Note(Base):\n    __tablename__ = "notes"\n    id: Mapped[int] = mapped_column(primary_key=True)\n    basket_id: Mapped[int] = mapped_column(ForeignKey("baskets.id"))\n\ndef baskets(session: Session):\n    return session.scalars(select(Basket).options(joinedload(Basket.items), joinedload(Basket.notes))).unique().all()',
    good: 'class Basket(Base):\n    __tablename__ = "baskets"\n    id: Mapped[int] = mapped_column(primary_key=True)\n    items: Mapped[list["Item"]] = relationship()\n    notes: Mapped[list["Note"]] = relationship()\n\nclass Item(Base):\n    __tablename__ = "items"\n    id: Mapped[int] = mapped_column(primary_key=True)\n    basket_id: Mapped[int] = mapped_column(ForeignKey("baskets.id"))\n\nclass Note(Base):\n    __tablename__ = "notes"\n    id: Mapped[int] = mapped_column(primary_key=True)\n    basket_id: Mapped[int] = mapped_column(ForeignKey("baskets.id"))\n\ndef baskets(session: Session):\n    return session.scalars(select(Basket).options(selectinload(Basket.items), selectinload(Basket.notes))).all()',
    fixSafety:
      "`selectinload` fills the same collections with one more query each. Rows and their order stay the same. It is unsafe where the option stands elsewhere and other queries use it too.",
    references: ["https://docs.sqlalchemy.org/en/20/orm/queryguide/relationships.html#what-kind-of-loading-to-use"],
  },
  check: function* (subject) {
    for (const entity of subject.index.entities.values()) if (entity.file === subject.file) yield* ofMapping(subject.index, entity);
    const seen = new Set<number>();
    for (const query of subject.sent) {
      const problem = seen.has(query.site.start) ? undefined : problemOf(subject.index, query);
      if (problem) seen.add(query.site.start);
      if (problem) yield problem;
    }
  },
};

/** `lazy="joined"` on two collections multiplies the rows of every query for the entity. */
function* ofMapping(index: OrmIndex, entity: Entity): Iterable<Problem> {
  const branches = multipliedBy(index, entity, { relationships: new Map(), uncertain: false });
  const last = branches?.at(-1)?.way[0];
  const first = branches?.[0]?.way[0];
  if (!branches || !first || last?.owner !== entity.id || last.file !== entity.file || first === last) return;
  const names = branches.map(({ way }) => nameOf(index, way.at(-1)!));
  const listed = names.map((name) => `\`${name}\``).join(" and ");
  yield {
    file: last.file,
    span: last.span,
    message: `${listed} are joined by every query for \`${entity.name}\`: it gives every row of the one with every row of the other, of which most are thrown away. Map all but one with \`lazy="selectin"\`, or leave them to the queries that need them.`,
    certainty: "certain",
    evidence: { level: "code", facts: [`${listed} are collections with lazy="joined".`] },
    related: [{ file: first.file, span: first.span, message: `\`${names[0]}\` is joined too.` }],
    fixes: [],
    anchor: `${entity.name}/${names.join("+")}`,
  };
}

function problemOf(index: OrmIndex, query: QueryValue): Problem | undefined {
  if (query.uncertain || query.flags.compound) return undefined;
  for (const { value } of query.targets) {
    const entity = value.kind === "entityClass" ? index.entities.get(value.entity) : undefined;
    const branches =
      entity && value.kind === "entityClass" ? multipliedBy(index, entity, planFor(index, query, entity.id, value)) : undefined;
    // What the mapping does to every query is said of the mapping.
    if (branches?.some((branch) => branch.place)) return problemWith(index, query, branches);
  }
  return undefined;
}

function problemWith(index: OrmIndex, query: QueryValue, branches: readonly JoinedBranch[]): Problem {
  const { file, start, end, scope } = query.site;
  const names = branches.map(({ way }) => nameOf(index, way.at(-1)!));
  const listed = names.map((name) => `\`${name}\``).join(" and ");
  const place = branches.findLast((branch) => branch.place?.file === file)?.place ?? { start, end };
  const fix = withoutProduct(index, query, branches);
  return {
    file,
    span: { start: place.start, end: place.end },
    message: `${listed} are joined in one query: it gives every row of the one with every row of the other, of which most are thrown away. Load all but one with \`selectinload\`.`,
    certainty: "certain",
    evidence: { level: "code", facts: [`${listed} are collections, and both are loaded by outer joins of the same SELECT.`] },
    related: branches.flatMap((branch, at) =>
      branch.place && branch.place !== place
        ? [
            {
              file: branch.place.file,
              span: { start: branch.place.start, end: branch.place.end },
              message: `\`${names[at]}\` is joined here.`,
            },
          ]
        : [],
    ),
    fixes: fix ? [fix] : [],
    anchor: `${scope}/${names.join("+")}`,
  };
}
