import { z } from 'zod';
import { credentialBodies, withId } from './credential-requests.ts';
import { credentialAnswer } from './credential-view.ts';
import { keyCheck } from './validate-key.ts';

/** What each route takes and answers: its validation and its part of the document. */
export const credentialRoutes = {
  list: {
    summary: 'The credentials of the user, the oldest first',
    response: { 200: z.object({ object: z.literal('list'), data: z.array(credentialAnswer) }) },
  },
  get: { summary: 'One credential', params: withId, response: { 200: credentialAnswer } },
  create: {
    summary: 'Store a key of a provider',
    body: credentialBodies.create,
    response: { 201: credentialAnswer },
    errors: [409],
  },
  update: {
    summary: 'Rename a credential or replace its settings',
    params: withId,
    body: credentialBodies.update,
    response: { 200: credentialAnswer },
    errors: [409],
  },
  replaceKey: {
    summary: 'Replace the key',
    params: withId,
    body: credentialBodies.replaceKey,
    response: { 200: credentialAnswer },
    errors: [409],
  },
  makeDefault: {
    summary: 'Use this credential for calls that name none',
    params: withId,
    response: { 200: credentialAnswer },
  },
  remove: { summary: 'Delete a credential', params: withId, response: { 204: z.null() } },
  validate: {
    summary: 'Ask the provider about a key that is not stored',
    body: credentialBodies.validate,
    response: { 200: keyCheck },
  },
  validateStored: {
    summary: 'Ask the provider about a stored key',
    params: withId,
    response: { 200: keyCheck },
    errors: [422],
  },
} as const;
