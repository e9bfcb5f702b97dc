import * as z from 'zod/mini';
import { describedAs, type JsonSchema } from './described.ts';
import type { AnyReason } from './reasons.ts';
import { type Reply, refused } from './reply.ts';

const plainDecimal = /^\d{1,15}(?:\.\d{1,9})?$/;
const decimalHint =
  'a decimal of 0 or more, as text or number, such as "1.5", with at most 15 digits before the point and 9 after';

/** The same amount always gives the same text, so that a repeated request is recognised however its numbers were written. */
function normalized(text: string): string {
  const whole = text.replace(/^0+(?=\d)/, '');
  return whole.includes('.') ? whole.replace(/\.?0+$/, '') : whole;
}

const numerals: readonly string[] = ['string', 'number', 'symbol'];

function isNumeral(value: unknown): boolean {
  return numerals.includes(typeof value);
}

/** As it was written. Symbols are numbers with many digits (see `parseJsonExactly`). */
function digitsOf(value: unknown): string {
  return typeof value === 'symbol' ? (value.description ?? '') : String(value);
}

/** An amount, exactly: text, or a JSON number that is one (see `parseJsonExactly`). Never a float on the way. */
export const decimal = describedAs(
  z.pipe(
    z.pipe(z.unknown().check(z.refine(isNumeral, { error: decimalHint })), z.transform(digitsOf)),
    z.pipe(z.string().check(z.regex(plainDecimal, decimalHint)), z.transform(normalized)),
  ),
  {
    anyOf: [
      { type: 'string', pattern: plainDecimal.source },
      { type: 'number', minimum: 0, exclusiveMaximum: 1e15 },
    ],
    description: 'An exact amount, as text or as a number: at most 15 digits before the point and 9 after.',
  },
);

/** Clients in many languages write `null` for a field they leave out. */
export function optional<Schema extends z.ZodMiniType>(schema: Schema) {
  return z.pipe(
    z.nullish(schema),
    z.transform((value) => value ?? undefined),
  );
}

const unsupportedReason = 'field_unsupported' satisfies AnyReason;

/** A field of the Alpaca API that asks for something we do not do: refused by name, unless it asks for nothing. */
export function unsupported(sentence: string, harmless: readonly unknown[] = []) {
  return describedAs(
    z.pipe(
      onlyHarmless(sentence, harmless),
      z.transform(() => undefined),
    ),
    harmlessAs(sentence, harmless),
  );
}

/** The same, where what is harmless has to agree with other fields. */
export function onlyHarmless(sentence: string, harmless: readonly unknown[]) {
  return describedAs(
    z.optional(
      z.unknown().check(
        z.refine((value) => value === undefined || value === null || harmless.includes(value), {
          error: sentence,
          params: { reason: unsupportedReason },
        }),
      ),
    ),
    harmlessAs(sentence, harmless),
  );
}

/** Every language's clients may write `null` for what they leave out. */
function harmlessAs(sentence: string, harmless: readonly unknown[]): JsonSchema {
  return { enum: [...harmless, null].filter(isPlain), description: `Not supported: ${sentence}.` };
}

function isPlain(value: unknown): value is string | number | boolean | null {
  return value === null || ['string', 'number', 'boolean'].includes(typeof value);
}

export type Parsed<Value> = { readonly value: Value } | { readonly refusal: Reply };

/** The first thing that is wrong, by the path of its field, and what would be right. */
export function parse<Value>(schema: z.ZodMiniType<Value>, input: unknown): Parsed<Value> {
  const result = schema.safeParse(input);
  if (result.success) return { value: result.data };
  const { issues } = result.error;
  const issue = issues.find(isUnwanted) ?? issues[0];
  return { refusal: issue ? refusalOf(issue, input) : refused('field_invalid') };
}

/** What we do not do is said before what is missing: `notional` without `qty` is not a forgotten `qty`. */
function isUnwanted(issue: z.core.$ZodIssue): boolean {
  return issue.code === 'unrecognized_keys' || isUnsupported(issue);
}

function isUnsupported(issue: z.core.$ZodIssue): boolean {
  return issue.code === 'custom' && issue.params?.['reason'] === unsupportedReason;
}

function refusalOf(issue: z.core.$ZodIssue, input: unknown): Reply {
  const path = issue.path.map(String);
  if (issue.code === 'unrecognized_keys') {
    return refused('field_unknown', { field: [...path, issue.keys[0] ?? ''].join('.') });
  }
  const field = path.join('.') || 'body';
  if (isUnsupported(issue)) return refused(unsupportedReason, { field, hint: issue.message });
  if (valueAt(input, issue.path) === undefined) {
    return refused('field_missing', { field, hint: `is missing; ${hintOf(issue)}` });
  }
  return refused('field_invalid', { field, hint: hintOf(issue) });
}

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  let value = input;
  for (const key of path) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = Reflect.get(value, key);
  }
  return value;
}

function hintOf(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_value') return choiceOf(issue.values.map(String));
  if (issue.code === 'invalid_union' && 'options' in issue && Array.isArray(issue.options))
    return choiceOf(issue.options.map(String));
  // A schema's own hint says what would be right; Zod's sentences are for programmers.
  return /^(?:Invalid|Too) /.test(issue.message) ? plainHint(issue) : issue.message;
}

function choiceOf(values: readonly string[]): string {
  const named = `one of ${values.filter((value) => value !== '').join(', ')}`;
  return values.includes('') ? `${named}, or an empty text` : named;
}

const kinds: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a JSON object',
};

function plainHint(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_type') return kinds[issue.expected] ?? 'another kind of value';
  if (issue.code === 'too_small') return issue.minimum === 1 ? 'not empty' : `at least ${issue.minimum}`;
  if (issue.code === 'too_big')
    return `at most ${issue.maximum}${issue.origin === 'string' ? ' characters' : ''}`;
  if (issue.code === 'invalid_format') return issue.format === 'uuid' ? 'a UUID' : 'written otherwise';
  return 'another value';
}
