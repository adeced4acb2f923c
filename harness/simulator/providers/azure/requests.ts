import type { IncomingHttpHeaders } from 'node:http';

import type { WholeAnswer } from '../../answer.ts';
import { bearerKey } from '../bearer-key.ts';
import { findModel } from '../openai/models.ts';
import * as openai from '../openai/requests.ts';
import { unknownOperation } from '../unknown-operation.ts';
import type { AnswerContext, Operation, ProviderRequest, RawRequest } from '../wire.ts';
import { deploymentNotFound, resourceNotFound, withGateway } from './errors.ts';

/** The way of dated versions; the model is the deployment's. */
const DEPLOYMENT_PATH = /^\/openai\/deployments\/([^/]+)(\/.+)$/;
const MODELS_PATH = '/openai/models';

/** A key of the resource, or a token of the directory. */
export function readKey(headers: IncomingHttpHeaders): string | undefined {
  const key = headers['api-key'];
  return typeof key === 'string' && key !== '' ? key : bearerKey(headers);
}

/** What OpenAI would be asked; a path that is not of this provider stays as it is. */
function openaiPath(path: string): string {
  const operation = path.match(DEPLOYMENT_PATH)?.[2];
  return operation === undefined
    ? path.replace(/^\/openai(?=\/v1\/|\/models$)(\/v1)?/, '/v1')
    : `/v1${operation}`;
}

export function findOperation(method: string, path: string): Operation {
  const operation = openai.findOperation(method, openaiPath(path));
  const isSpoken = path.startsWith('/openai/') && operation.kind !== 'unknown';
  return isSpoken ? operation : unknownOperation(method, path);
}

export function readRequest(raw: RawRequest, operation: Operation): ProviderRequest {
  const request = openai.readRequest(raw, operation);
  return { ...request, model: raw.path.match(DEPLOYMENT_PATH)?.[1] ?? request.model };
}

/** What the gateway checks, and then the model's own checks. */
export function checkRequest(
  request: ProviderRequest,
  context: AnswerContext,
): WholeAnswer | undefined {
  const { path, query, operation, model } = request;
  if (operation.kind === 'unknown') {
    return undefined;
  }
  const isDated = path === MODELS_PATH || DEPLOYMENT_PATH.test(path);
  if (isDated && !new URLSearchParams(query).has('api-version')) {
    return resourceNotFound(context);
  }
  // Deployments are named like their models here.
  const isDeployed = model === undefined || findModel(model, operation.name) !== undefined;
  if (operation.kind === 'inference' && !isDeployed) {
    return deploymentNotFound(context);
  }
  const refusal = openai.checkRequest(request, context);
  return refusal && withGateway(refusal, context);
}
