/** One line of the file: a JSON object that says what to do. Fields are read when they are needed. */
export interface Line {
  readonly number: number;
  readonly do: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** The file cannot be read as lines of commands; nothing was done. */
export class Unreadable extends Error {
  override readonly name = 'Unreadable';
}

/** A line whose fields make no sense; it is answered, and the next one is read. */
export class Senseless extends Error {
  override readonly name = 'Senseless';
}

/** All lines or none: a file that breaks off half way is refused before the first line is applied. */
export function readLines(content: string): readonly Line[] {
  return content
    .split(/\r?\n/)
    .flatMap((text, index) => (text.trim() === '' ? [] : [readLine(text, index + 1)]));
}

function readLine(text: string, number: number): Line {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new Unreadable(
      `line ${number}: not JSON: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
  if (!isRecord(value)) throw new Unreadable(`line ${number}: not a JSON object`);
  if (typeof value['do'] !== 'string') throw new Unreadable(`line ${number}: field "do": not a text`);
  return { number, do: value['do'], fields: value };
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A field as text; numbers as JSON writes them. */
export function optionalText(line: Line, name: string): string | undefined {
  const value = line.fields[name];
  if (value === undefined || value === null || value === '') return undefined;
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return String(value);
  throw new Senseless(`field "${name}" is neither a text nor a number`);
}

export function requiredText(line: Line, name: string): string {
  const value = optionalText(line, name);
  if (value === undefined) throw new Senseless(`field "${name}" is missing`);
  return value;
}

/** The decimals a grid needs to hold every number the lines give under one of these names. */
export function decimalsOf(lines: readonly Line[], names: readonly string[]): number {
  let most = 0;
  for (const { fields } of lines) {
    for (const name of names) most = Math.max(most, decimalsIn(fields[name]));
  }
  return most;
}

function decimalsIn(value: unknown): number {
  const text = typeof value === 'string' || typeof value === 'number' ? String(value) : '';
  return /^\d+\.(\d{1,9})$/.exec(text)?.[1]?.length ?? 0;
}
