import { cellSuite } from '../e2e/cell-suite.ts';
import { archiveSuite } from './archive-suite.ts';
import { deployedCell, deployedTarget } from './deployed-target.ts';

const name = 'the second deployed cell';
cellSuite(name, () => deployedTarget(1));
archiveSuite(name, async () => [await deployedTarget(1), deployedCell(1)]);
