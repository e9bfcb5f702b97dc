import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { systemClock } from '../../../platform/clock/clock.ts';
import { deadlineIn } from '../../../platform/deadline/deadline.ts';
import { masterSecretsIn, SecretUnusable } from '../../../platform/secrets/ring-text.ts';
import { ringKeysMax, SecretRingFull } from '../../../platform/secrets/ring.ts';
import { RotationRefused, SecretRotation } from '../../../platform/secrets/rotation.ts';
import { createSecretsManagerClient } from '../../../platform/secrets/secrets-manager-client.ts';
import { SecretUnavailable, StoredSecret } from '../../../platform/secrets/secrets-manager.ts';
import { rotationSteps, SecretsLoopback, type Step } from '../../support/secrets-loopback.ts';

const generated = 'A1b2C3d4'.repeat(8);
const { arn } = SecretsLoopback;

let secrets: SecretsLoopback;
let rotation: SecretRotation;
let version: string;
beforeEach(async () => {
  secrets = await SecretsLoopback.start(generated);
  const { endpoint } = secrets;
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const client = createSecretsManagerClient({ endpoint, region: 'local', credentials, maxAttempts: 1 });
  rotation = new SecretRotation(new StoredSecret({ client, arn, clock: systemClock }));
  version = secrets.stage();
});
afterEach(() => secrets.stop());

const step = (name: string, of = version) => rotation.step(name, of, deadlineIn(5_000, systemClock));
const pendingText = () => secrets.versions.get(version)?.text ?? '';
const stagesOf = (name: string) => [...(secrets.versions.get(name)?.stages ?? [])].toSorted();
async function until(last: Step): Promise<void> {
  for (const name of rotationSteps.slice(0, rotationSteps.indexOf(last) + 1)) await step(name);
}

test('what the service generated is a ring of one, and its key is what it was before there were rings', () => {
  const [only, ...others] = masterSecretsIn(generated, arn);
  expect(others).toEqual([]);
  // Stored secrets of customers rest on this very derivation: it never changes.
  expect(only?.fingerprint).toBe('yPZwwawiakX');
});

test('after the four steps a new key is before the one of before, which is what it was', async () => {
  await until('finishSecret');
  const [newest, ...others] = secrets.text.split('\n');
  expect(others).toEqual([generated]);
  expect(newest).toMatch(/^[\w-]{43}$/);
  expect(stagesOf(version)).toContain('AWSCURRENT');
  expect(stagesOf('first')).toEqual(['AWSPREVIOUS']);
});

test('until the last step nobody reads anything new', async () => {
  for (const name of rotationSteps.slice(0, -1)) {
    await step(name);
    expect(secrets.text).toBe(generated);
  }
});

test('a step that is asked for again does nothing more', async () => {
  for (const name of rotationSteps) {
    await step(name);
    const text = pendingText();
    await step(name);
    expect([name, pendingText()]).toEqual([name, text]);
  }
  const writes = secrets.calls.filter((call) => call === 'PutSecretValue' || call.startsWith('Update'));
  expect(writes).toEqual(['PutSecretValue', 'UpdateSecretVersionStage']);
});

test('two that make the version at once leave one of their keys, and the rotation goes on', async () => {
  await Promise.all([step('createSecret'), step('createSecret')]);
  const made = pendingText();
  await until('finishSecret');
  expect(secrets.text).toBe(made);
  expect(made.split('\n')).toHaveLength(2);
});

test('the first step again after the last one does not undo it', async () => {
  await until('finishSecret');
  const { text } = secrets;
  expect(await step('createSecret')).toBe('done before');
  expect(secrets.text).toBe(text);
});

describe('refused, with the secret as it was', () => {
  const unchanged = () => expect(secrets.text).toBe(generated);

  test.each(rotationSteps)('%s of a version that nobody is rotating to', async (name) => {
    await expect(step(name, 'unheard-of')).rejects.toThrow(RotationRefused);
    secrets.versions.get(version)?.stages.clear();
    await expect(step(name)).rejects.toThrow(RotationRefused);
    expect(pendingText()).toBe('');
    unchanged();
  });

  test.each(['testSecret', 'finishSecret'])('%s before there is anything in the version', async (name) => {
    await expect(step(name)).rejects.toThrow(SecretUnusable);
    unchanged();
  });

  test('a step that there is not', async () => {
    await expect(step('dropSecret')).rejects.toThrow('no step "dropSecret"');
    unchanged();
  });

  test('a version without a key that is in force, whoever put it there', async () => {
    await step('createSecret');
    secrets.versions.set(version, { text: 'x'.repeat(43), stages: new Set(['AWSPENDING']) });
    for (const name of ['testSecret', 'finishSecret'])
      await expect(step(name)).rejects.toThrow('lacks a key that is in force');
    unchanged();
  });

  test('the last step, when another version came into force since the first', async () => {
    await until('testSecret');
    const other = `${'y'.repeat(43)}\n${generated}`;
    secrets.text = other;
    await expect(step('finishSecret')).rejects.toThrow('lacks a key that is in force');
    expect(secrets.text).toBe(other);
  });

  test('one more than there is room for', async () => {
    const full = Array.from({ length: ringKeysMax }, (_, number) => String(number).padStart(43, 'k'));
    secrets.text = full.join('\n');
    await expect(step('createSecret')).rejects.toThrow(SecretRingFull);
    expect(pendingText()).toBe('');
    expect(secrets.text).toBe(full.join('\n'));
  });

  test('a secret that somebody put there by hand and that is none', async () => {
    secrets.text = `${generated}\n`;
    await expect(step('createSecret')).rejects.toThrow(SecretUnusable);
    expect(pendingText()).toBe('');
  });
});

test('no error holds a key', async () => {
  const errors: unknown[] = [];
  const failing = async (name: Step) => errors.push(await step(name).catch((error: unknown) => error));
  secrets.text = `${generated}\nshort`;
  await failing('createSecret');
  secrets.text = generated;
  await step('createSecret');
  const kept = pendingText();
  secrets.text = `${'y'.repeat(43)}\n${generated}`;
  await failing('finishSecret');
  secrets.isDown = true;
  await failing('finishSecret');
  expect(errors.map((error) => Object(error).name)).toEqual([
    'SecretUnusable',
    'RotationRefused',
    SecretUnavailable.name,
  ]);
  const shown = inspect(errors, { depth: 6 });
  for (const line of [...kept.split('\n'), 'y'.repeat(43), 'short']) expect(shown).not.toContain(line);
});
