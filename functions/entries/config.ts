import { config } from '../api/config.ts';
import { apiFunction } from '../lambda/api.ts';
import { withApprovals } from '../lambda/parts.ts';
import * as declared from '../manifest/administration.ts';

export const handler = apiFunction(declared.config, config, withApprovals);
