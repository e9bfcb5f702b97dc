import { readFileSync } from 'node:fs';
import Ajv from 'ajv-draft-04';
import { expect, test } from 'vitest';
import { readSeed } from '../../../local/seed.ts';
import { checkConfig } from '../../../platform/hot-config/check.ts';
import { configJsonSchema, jsonSchemaCharactersMax } from '../../../platform/hot-config/json-schema.ts';
import { configWith } from '../../support/cell.ts';

/** Nobody here wrote it: what AppConfig validates with is not to be had, and this follows the same draft. */
const validate = new Ajv.default({ allErrors: true, validateFormats: false, strict: false }).compile(
  JSON.parse(configJsonSchema()),
);
const pathsRefused = (document: unknown) =>
  validate(document)
    ? []
    : (validate.errors ?? []).map(({ instancePath }) => instancePath.slice(1).replaceAll('/', '.'));

test('docs/config.schema.json is what the code says (npm run docs:config writes it)', () => {
  expect(readFileSync('docs/config.schema.json', 'utf8')).toBe(configJsonSchema());
});

test('it fits into what AppConfig takes', () => {
  expect(configJsonSchema().length).toBeLessThan(jsonSchemaCharactersMax);
});

test('it takes the config that every cell begins with', () => {
  expect(pathsRefused(readSeed().config)).toEqual([]);
});

test.each<[string, unknown]>([
  ['fees.default.ratePpm', -4],
  ['fees.default.ratePpm', 2_000_000],
  ['fees.default.ratePpm', '4'],
  ['switches.firm', 'no'],
  ['switches.accounts', {}],
  ['instruments.0.currency', 'XXX'],
  ['instruments.0.symbol', 'lower'],
  ['instruments.0.tradable', 1],
])('both refuse %s that is %j, at the same place', (path, value) => {
  const document = configWith({ [path]: value });
  const checked = checkConfig(document);
  expect('issues' in checked && checked.issues.map((issue) => issue.path)).toEqual([path]);
  expect(pathsRefused(document)).toContain(path);
});

test('a member that is missing, or that nobody knows, is refused where it should not or should be', () => {
  expect(pathsRefused(configWith({ 'limits.accounts': undefined }))).toContain('limits');
  expect(pathsRefused(configWith({ 'fees.default.nonsense': 1 }))).toContain('fees.default');
});
