import { expect, test } from 'vitest';
import { divide } from './stacks.ts';

const known = new Set(['AWS::S3::Bucket', 'AWS::Lambda::Function']);
const data = { name: 'Data', types: ['AWS::S3::Bucket'], needs: [] };
const audit = { name: 'Audit', types: ['AWS::S3::Bucket', 'AWS::CloudTrail::Trail'], needs: ['Data'] };

test('a stack with a type that the emulator does not know is left out, and the type is named', () => {
  expect(divide([data, audit], known)).toEqual({
    deployed: ['Data'],
    leftOut: [{ stack: 'Audit', unknown: ['AWS::CloudTrail::Trail'] }],
  });
});

test('a stack that takes something of one that is left out is left out too', () => {
  const queries = { name: 'Queries', types: ['AWS::S3::Bucket'], needs: ['Data', 'Audit'] };
  expect(divide([queries, data, audit], known)).toEqual({
    deployed: ['Data'],
    leftOut: [
      { stack: 'Audit', unknown: ['AWS::CloudTrail::Trail'] },
      { stack: 'Queries', unknown: ['Audit'] },
    ],
  });
});

test('what a cell cannot do without is never left out', () => {
  const cell = { name: 'Cell', types: ['AWS::Lambda::Function', 'AWS::Events::Archive'], needs: [] };
  expect(() => divide([data, cell], known)).toThrow('AWS::Events::Archive');
});
