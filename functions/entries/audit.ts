import { audit } from '../api/audit.ts';
import { apiFunction } from '../lambda/api.ts';
import * as declared from '../manifest/administration.ts';

export const handler = apiFunction(declared.audit, audit);
