import { closePositions } from '../api/close-positions.ts';
import { apiFunction } from '../lambda/api.ts';
import { withViews } from '../lambda/parts.ts';

export const handler = apiFunction('close-positions', closePositions, withViews);
