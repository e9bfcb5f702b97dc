import { surveillance } from '../api/surveillance.ts';
import { apiFunction } from '../lambda/api.ts';
import { withBreaches } from '../lambda/parts.ts';
import * as declared from '../manifest/administration.ts';

export const handler = apiFunction(declared.surveillance, surveillance, withBreaches);
