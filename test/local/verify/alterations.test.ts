import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { verify } from '../../../local/verify/check.ts';
import { type EvidenceFile, readEvidence } from '../../../local/verify/evidence-file.ts';
import { lifeText } from '../../../local/verify/life.ts';
import { canonicalJson } from '../../../platform/event-store/canonical-json.ts';
import { startTestCell, type TestCell } from '../../support/cell.ts';
import { Prng } from '../../simulation/prng.ts';
import { altered, at, eventfulOrder, evidenceText, leavesOf, other } from './evidence-story.ts';

let cell: TestCell;
let text: string;
let file: EvidenceFile;

beforeAll(async () => {
  cell = await startTestCell();
  text = await evidenceText(cell, await eventfulOrder(cell));
  const read = readEvidence(text);
  if ('findings' in read) throw new TypeError(JSON.stringify(read.findings));
  file = read.file;
});
afterAll(() => cell.stop());

const placesIn = (content: unknown) => verify(JSON.stringify(content)).findings.map(({ where }) => where);

test('nothing is wrong with a file as it was exported, also when it was written out again with line breaks', () => {
  expect(verify(text).findings).toEqual([]);
  expect(verify(JSON.stringify(file, null, 2)).findings).toEqual([]);
});

test('the file tells the life of the order: who did what, when, under which config, and why', () => {
  const { checked } = verify(text);
  const life = checked ? lifeText(checked) : '';
  const version = cell.cell.dependencies.config.current().version;
  for (const words of [
    `client first by key ${cell.key('first').keyId} (api-key)  config ${version}`,
    'OrderPlaced: buy 10 ALFA, limit, limit 100.00, day;',
    'reference price 100.00, 0 ms old; holds 1000.10 USD',
    'OrderExecuted: execution M1, 2 at 99.00; fee 0.02 USD; frees 200.02 USD; reported in venue-manual-',
    'ExecutionCorrected: execution E2, 3 at 98.00; in place of E1;',
    'ReportDisputed: report execute; because execution_conflict;',
    'ApprovalGranted: by colleague',
    '5 ALFA traded for 492.00 USD, fees 0.05 USD, 0.00 USD and 0 shares held',
  ])
    expect(life).toContain(words);
});

describe('an alteration is found and named', () => {
  test('of any value of any commit: the commit', () => {
    let values = 0;
    for (const [index, { stream, commits }] of file.streams.entries())
      for (const [which, commit] of commits.entries()) {
        const said: unknown = JSON.parse(commit.text);
        for (const path of leavesOf(said)) {
          const changed = canonicalJson(altered(said, path, other(at(said, path))));
          const target = ['streams', String(index), 'commits', String(which), 'text'];
          expect([path, placesIn(altered(file, target, changed))]).toEqual([
            path,
            expect.arrayContaining([`${stream} version ${commit.version}`]),
          ]);
          values += 1;
        }
      }
    expect(values).toBeGreaterThan(400);
  });

  test('of any value beside the commits: the member it is in', () => {
    const paths = leavesOf(file).filter(([member]) => member !== 'streams');
    expect(paths.length).toBeGreaterThan(80);
    for (const path of paths) {
      const [member = '', second = ''] = path;
      const places = placesIn(altered(file, path, other(at(file, path)))).join('\n');
      const named =
        member === 'manifest' && second === 'streams' ? /manifest|^(order|venue|account)-/m : member;
      expect([path, places]).toEqual([path, expect.stringMatching(named)]);
    }
  });

  test('of any single character', () => {
    const random = new Prng('one character');
    for (let attempt = 0; attempt < 1_500; attempt += 1) {
      const position = random.between(0, text.length - 1);
      const letter = 'abcdefghijklmnopqrstuvwxyz0123456789{}[]",:'.charAt(random.between(0, 42));
      if (letter === text.charAt(position)) continue;
      const changed = text.slice(0, position) + letter + text.slice(position + 1);
      expect([position, letter, verify(changed).findings.length]).not.toEqual([position, letter, 0]);
    }
  });

  test('a commit dropped, doubled, swapped or brought from another stream: its stream', () => {
    for (const [index, { stream, commits }] of file.streams.entries()) {
      const foreign = file.streams.at(index - 1)?.commits[0];
      for (const [which, commit] of commits.entries()) {
        const lists = [
          commits.toSpliced(which, 1),
          commits.toSpliced(which, 0, commit),
          ...(which > 0 ? [commits.toSpliced(which - 1, 2, commit, commits[which - 1] ?? commit)] : []),
          ...(foreign ? [commits.toSpliced(which, 0, foreign)] : []),
        ];
        for (const list of lists) {
          const places = placesIn(altered(file, ['streams', String(index), 'commits'], list)).join('\n');
          // A stream without commits is no stream: that is said by its place in the file.
          expect(places).toMatch(list.length === 0 ? `streams.${index}` : stream);
        }
      }
    }
  });

  test('a stream dropped or doubled: the stream', () => {
    for (const [index, one] of file.streams.entries())
      for (const streams of [file.streams.toSpliced(index, 1), [...file.streams, one]])
        expect(placesIn({ ...file, streams }).join('\n')).toContain(one.stream);
  });

  test('a file that was cut off anywhere', () => {
    for (let length = 0; length < text.length; length += 97)
      expect(verify(text.slice(0, length)).findings).toEqual([
        { where: 'the file', what: expect.stringMatching(/^it is not JSON, or cut off: /) },
      ]);
  });

  test('a name that is written twice in one object', () => {
    const twice = text.replace('"cell":', '"cell":"elsewhere","cell":');
    expect(verify(twice).findings).toEqual([
      { where: 'the file', what: 'a name is written twice in one object: readers would differ' },
    ]);
  });
});
