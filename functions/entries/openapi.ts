import { openApiRoutes } from '../api/openapi.ts';
import { publicFunction } from '../lambda/public.ts';
import * as declared from '../manifest/trading.ts';

export const handler = publicFunction(declared.openapi, openApiRoutes);
