import { approvals } from '../api/approvals.ts';
import { apiFunction } from '../lambda/api.ts';

export const handler = apiFunction('approvals', approvals);
