import { cellSuite } from '../e2e/cell-suite.ts';
import { deployedTarget } from './deployed-target.ts';

cellSuite('the first deployed cell', () => deployedTarget(0));
