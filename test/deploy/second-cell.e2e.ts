import { cellSuite } from '../e2e/cell-suite.ts';
import { deployedTarget } from './deployed-target.ts';

cellSuite('the second deployed cell', () => deployedTarget(1));
