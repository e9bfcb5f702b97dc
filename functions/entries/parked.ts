import { parked } from '../api/parked.ts';
import { attendingFunction } from '../lambda/attending.ts';

export const handler = attendingFunction('parked', parked);
