import { parked } from '../api/parked.ts';
import { attendingFunction } from '../lambda/attending.ts';
import * as declared from '../manifest/administration.ts';

export const handler = attendingFunction(declared.parked, parked);
