import { openApiRoutes } from '../api/openapi.ts';
import { publicFunction } from '../lambda/public.ts';

export const handler = publicFunction('openapi', openApiRoutes);
