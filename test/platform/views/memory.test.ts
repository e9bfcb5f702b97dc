import { MemoryViews } from '../../../platform/views/memory.ts';
import { viewContract } from '../../contract/views.ts';

viewContract('memory', { open: async () => new MemoryViews() });
