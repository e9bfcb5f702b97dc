import { audit } from '../api/audit.ts';
import { apiFunction } from '../lambda/api.ts';
import { withOrders } from '../lambda/parts.ts';
import * as declared from '../manifest/administration.ts';

export const handler = apiFunction(declared.audit, audit, withOrders);
