import { expect, test } from 'vitest';
import { readSeed } from '../../../local/seed.ts';
import { handler } from '../../../functions/entries/check-config.ts';
import { configWith } from '../../support/cell.ts';

/** As AppConfig asks. */
const asked = (text: string) => ({
  applicationId: 'app1234',
  configurationProfileId: 'prof567',
  configurationVersion: '2',
  uri: 'hosted',
  content: Buffer.from(text).toString('base64'),
});

test('a config that the cell would take is let pass', async () => {
  await expect(handler(asked(JSON.stringify(readSeed().config)))).resolves.toBeUndefined();
});

test('what only the cell knows to be wrong is refused by what is thrown, with its place', async () => {
  const document = JSON.stringify(configWith({ dayTimeZone: 'Mars/Phobos' }));
  await expect(handler(asked(document))).rejects.toThrow(
    'the config cannot be used: dayTimeZone: an IANA time zone, e.g. America/New_York',
  );
});

test('so is a limit of a symbol that is no instrument', async () => {
  const document = JSON.stringify(configWith({ 'limits.instruments.bySymbol': { ALPHA: {} } }));
  await expect(handler(asked(document))).rejects.toThrow(
    'limits.instruments.bySymbol.ALPHA: ALPHA is not among the instruments: correct it here, or list it there',
  );
});

test('so is what is no JSON', async () => {
  await expect(handler(asked('{"a":'))).rejects.toThrow('the config cannot be used: document: is not JSON');
});
