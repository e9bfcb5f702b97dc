import * as z from 'zod/mini';
import { askedSchema } from '../../shapes/approval-json.ts';
import {
  configBody,
  configChangedSchema,
  configChangeSchema,
  configDocumentSchema,
  configHistoryQuery,
  configPatchBody,
  configSchema,
} from '../../shapes/config-json.ts';
import type { Descriptions } from '../description.ts';
import { askingRefusals, configRefusals } from '../refusals.ts';

export const configRoutes: Descriptions = {
  'GET /v1/config': {
    summary: 'Read the config in force, and how sure it is',
    answers: { 200: configSchema },
    refusals: [],
  },
  'GET /v1/config/history': {
    summary: 'List the changes of the config, applied and refused',
    query: configHistoryQuery,
    answers: { 200: z.array(configChangeSchema) },
    refusals: [],
  },
  'GET /v1/config/versions/{version}': {
    summary: 'Read a config that was in force',
    answers: { 200: configDocumentSchema },
    refusals: ['config_version_unknown'],
  },
  'PUT /v1/config': {
    summary: 'Put a config in force, or ask to raise a limit',
    body: configBody,
    idempotencyKey: 'optional',
    answers: { 200: configChangedSchema, 202: askedSchema },
    refusals: [...configRefusals, ...askingRefusals],
  },
  'PATCH /v1/config': {
    summary: 'Change some of the config, or ask to raise a limit',
    body: configPatchBody,
    idempotencyKey: 'optional',
    answers: { 200: configChangedSchema, 202: askedSchema },
    refusals: [...configRefusals, ...askingRefusals],
  },
};
