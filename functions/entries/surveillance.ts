import { surveillance } from '../api/surveillance.ts';
import { apiFunction } from '../lambda/api.ts';
import { withBreaches } from '../lambda/parts.ts';

export const handler = apiFunction('surveillance', surveillance, withBreaches);
