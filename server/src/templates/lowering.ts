import type { FunctionFact, ParamFact, Stmt, SyntaxProblem } from "../python/index.js";
import type { Cursor } from "./cursor.js";
import type { ExpressionParser } from "./expressions.js";
import type { Tag } from "./scanner.js";

/** Nesting beyond this is not followed: bodies join the one around them. */
const maxFrames = 80;
const maxProblems = 50;

/** One `{% … %}` that is being read. */
export interface TagReader extends ExpressionParser {
  readonly tag: Tag;
  readonly cursor: Cursor;
  /** The tag's own word. */
  readonly word: { readonly start: number; readonly end: number; readonly text: string };
}

/** A tag with a body, until its end tag. */
export interface Frame {
  readonly name: string;
  readonly start: number;
  /** Where statements go now. */
  body: Stmt[];
  /** `else`, `elif`, `pluralize`: true when the word belongs to this frame. */
  readonly part?: (word: string, reader: TagReader) => boolean;
  /** Called once, with the end of the end tag. */
  readonly close?: (end: number) => void;
  /** Index of the function whose body it is. */
  readonly function: number;
  readonly loop?: true;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** A template while it is lowered: the tables that grow, and the tags that are open. */
export class TemplateLowering {
  readonly functions: Mutable<FunctionFact>[] = [];
  readonly problems: SyntaxProblem[] = [];
  private readonly frames: Frame[] = [];
  private tooDeep = false;

  constructor(readonly text: string) {
    const body: Stmt[] = [];
    this.addFunction({ name: "", start: 0, nameStart: 0, parent: -1, params: [], body });
    this.frames.push({ name: "", start: 0, body, function: 0 });
  }

  get top(): Frame {
    return this.frames.at(-1)!;
  }

  add(statement: Stmt): void {
    this.top.body.push(statement);
  }

  report(problem: SyntaxProblem): void {
    if (this.problems.length < maxProblems) this.problems.push(problem);
  }

  /** The index of a new function; its end is set when its frame closes. */
  addFunction(fact: {
    name: string;
    start: number;
    nameStart: number;
    parent: number;
    params: readonly ParamFact[];
    body: Stmt[];
  }): number {
    const outer = this.functions[fact.parent]?.qualifiedName;
    const qualifiedName = outer ? `${outer}.${fact.name}` : fact.name;
    this.functions.push({ ...fact, qualifiedName, end: this.text.length, decorators: [] });
    return this.functions.length - 1;
  }

  open(frame: Omit<Frame, "function"> & { readonly function?: number }): void {
    const whole: Frame = { ...frame, function: frame.function ?? this.top.function };
    const deep = this.frames.length > maxFrames;
    if (deep && !this.tooDeep)
      this.report({ start: frame.start, end: frame.start, message: "Nested too deeply: blocks are not told apart from here on." });
    this.tooDeep ||= deep;
    this.frames.push(deep ? { name: frame.name, start: frame.start, body: this.top.body, function: this.top.function } : whole);
  }

  /** Whether a `{% break %}` here would find its loop. */
  inLoop(): boolean {
    const { function: current } = this.top;
    return this.frames.slice(-maxFrames).some((frame) => frame.loop === true && frame.function === current);
  }

  /** The frame of this name is closed, and with it what was left open inside. False: no such frame is open. */
  close(name: string, end: number): boolean {
    if (this.top.name !== name && !this.isOpen(name)) return false;
    while (this.top.name !== name) this.closeUnfinished(end);
    this.frames.pop()!.close?.(end);
    return true;
  }

  /** What is open at the end of the template. */
  finish(): void {
    while (this.frames.length > 1) this.closeUnfinished(this.text.length);
  }

  private isOpen(name: string): boolean {
    // Only as far as a template that was written by hand would nest: hostile ones must not cost a search of all per tag.
    return this.frames.slice(-maxFrames).some((frame) => frame.name === name);
  }

  private closeUnfinished(end: number): void {
    const frame = this.frames.pop()!;
    this.report({
      start: frame.start,
      end: frame.start + 2,
      message: `"{% ${frame.name} %}" is never closed: "{% end${frame.name} %}" is missing.`,
    });
    frame.close?.(end);
  }
}
