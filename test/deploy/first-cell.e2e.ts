import { cellSuite } from '../e2e/cell-suite.ts';
import { archiveSuite } from './archive-suite.ts';
import { deployedCell, deployedTarget } from './deployed-target.ts';

const name = 'the first deployed cell';
cellSuite(name, () => deployedTarget(0));
archiveSuite(name, async () => [await deployedTarget(0), deployedCell(0)]);
