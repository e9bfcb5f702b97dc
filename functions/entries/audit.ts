import { audit } from '../api/audit.ts';
import { apiFunction } from '../lambda/api.ts';

export const handler = apiFunction('audit', audit);
