import { evidence } from '../api/evidence.ts';
import { apiFunction } from '../lambda/api.ts';

export const handler = apiFunction('evidence', evidence);
