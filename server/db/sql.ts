import { createHash } from 'node:crypto';

/**
 * A statement: text with $1, $2 … and its values. `Row` is what one row of the answer looks like; it is declared where
 * the statement is written, because nothing else knows it.
 */
export interface Sql<Row = unknown> {
  readonly text: string;
  readonly values: readonly unknown[];
  /** Name under which the server keeps the parsed statement; absent for texts too many to keep. */
  readonly name: string | undefined;
  readonly row?: Row;
}

class Statement implements Sql<never> {
  readonly text: string;
  readonly values: readonly unknown[];
  readonly name: string | undefined;
  constructor(text: string, values: readonly unknown[], name: string | undefined) {
    this.text = text;
    this.values = values;
    this.name = name;
  }
}

interface Shape {
  readonly text: string;
  readonly name: string | undefined;
}

/** One entry for each place in the code that writes a statement without parts. */
const byPlace = new WeakMap<TemplateStringsArray, Shape>();
/** Texts put together from parts; bounded, because the server keeps every name for as long as a connection lives. */
const byText = new Map<string, string>();
const mostNames = 500;

/**
 * Writes a statement: every `${value}` becomes a parameter, never text. A `${sql`…`}` inside is put in as it is, its
 * values renumbered. Lists go in as one array: `where id = any(${ids})`. JSON goes in as text: `${JSON.stringify(v)}`.
 * Throws on `undefined` (a forgotten argument is not a null).
 */
export function sql<Row = unknown>(strings: TemplateStringsArray, ...inputs: readonly unknown[]): Sql<Row> {
  if (inputs.includes(undefined)) throw new TypeError(`undefined in a statement: ${strings.join('?').slice(0, 120)}`);
  if (inputs.some((i) => i instanceof Statement)) return withParts(strings, inputs);
  let shape = byPlace.get(strings);
  if (shape === undefined) {
    const text = strings.reduce((all, part, i) => `${all}$${i}${part}`);
    shape = { text, name: nameOf(text) };
    byPlace.set(strings, shape);
  }
  return new Statement(shape.text, inputs, shape.name);
}

function withParts(strings: TemplateStringsArray, inputs: readonly unknown[]): Statement {
  let text = strings[0] ?? '';
  const values: unknown[] = [];
  inputs.forEach((input, i) => {
    if (input instanceof Statement) {
      const base = values.length;
      text += input.text.replace(/\$(\d+)/g, (_, n: string) => `$${base + Number(n)}`);
      values.push(...input.values);
    } else {
      values.push(input);
      text += `$${values.length}`;
    }
    text += strings[i + 1] ?? '';
  });
  let name = byText.get(text);
  if (name === undefined && byText.size < mostNames) {
    name = nameOf(text);
    byText.set(text, name);
  }
  return new Statement(text, values, name);
}

/** A name of a table or column, quoted. Only for names that come from the database or our code. */
export function identifier(name: string): Sql<never> {
  return new Statement(quoteName(name), [], undefined);
}

/** Quotes a name as PostgreSQL wants it. */
export function quoteName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

function nameOf(text: string): string {
  return `q${createHash('sha256').update(text).digest('base64url').slice(0, 20)}`;
}
