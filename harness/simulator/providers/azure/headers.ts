import { hexId } from '../../made-up.ts';
import type { AnswerContext } from '../wire.ts';

/** What the gateway before the models adds to every answer, names and values in turn. */
export function gatewayHeaders({ callId }: AnswerContext): string[] {
  return [
    'apim-request-id',
    hexId('azure request', callId, 32),
    'strict-transport-security',
    'max-age=31536000; includeSubDomains; preload',
    'x-content-type-options',
    'nosniff',
    'x-ms-region',
    'East US 2',
  ];
}
