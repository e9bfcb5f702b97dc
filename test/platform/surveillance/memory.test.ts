import { MemorySurveillance } from '../../../platform/surveillance/memory.ts';
import { surveillanceContract } from '../../contract/surveillance.ts';

surveillanceContract('Memory', { open: async (watch, clock) => new MemorySurveillance(watch, clock) });
