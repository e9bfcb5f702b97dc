import { evidence } from '../api/evidence.ts';
import { apiFunction } from '../lambda/api.ts';
import { withOrders } from '../lambda/parts.ts';
import * as declared from '../manifest/administration.ts';

export const handler = apiFunction(declared.evidence, evidence, withOrders);
