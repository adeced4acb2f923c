import swagger from '@fastify/swagger';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { DEFAULT_SHAPE, shapeNamed } from '../shapes/shapes.ts';
import { VERSION } from '../version.ts';
import { describeRoute, type JsonSchema } from './describe-route.ts';
import { shareAnswers } from './share-answers.ts';
import { serializeByZod, validateWith } from './zod-schemas.ts';

declare module 'fastify' {
  interface FastifySchema {
    /** Statuses of the route's own refusals, in the error envelope. */
    readonly errors?: readonly (number | '4XX' | '5XX')[];
    /** Headers that any answer of the route may have, as JSON Schema. */
    readonly answerHeaders?: Readonly<Record<string, object>>;
  }
}

const INFO = {
  title: 'Reference BYOM service',
  version: VERSION,
  description: 'Calls LLM providers through one API, with the keys of its users or its own.',
};

/**
 * Has every route validated and documented by its one declaration, and serves the document. To be
 * called before the first route is added. A route that does not declare its answers throws.
 */
export async function serveOpenApi(app: FastifyInstance): Promise<void> {
  app.setValidatorCompiler(validateWith(422));
  app.setSerializerCompiler(serializeByZod);
  app.addHook('onRoute', ({ method, url, schema }) => {
    if (schema?.response === undefined)
      throw new Error(`${method} ${url} does not declare its answers: give it schema.response.`);
  });
  const schemas: Record<string, JsonSchema> = {};
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: INFO,
      security: [{ serviceKey: [] }, { serviceKeyOfAnthropic: [] }],
      components: {
        securitySchemes: {
          serviceKey: { type: 'http', scheme: 'bearer' },
          serviceKeyOfAnthropic: { type: 'apiKey', in: 'header', name: 'x-api-key' },
        },
      },
    },
    convertConstToEnum: false,
    transform: ({ schema, url, route }) => ({
      url,
      schema: describeRoute(schema, {
        method: String(route.method),
        refusal: shapeNamed(route.config?.shape ?? DEFAULT_SHAPE).refusal,
        schemas,
      }),
    }),
    transformObject: (document) => {
      if (!('openapiObject' in document)) return document.swaggerObject;
      const { paths, components } = document.openapiObject;
      Object.assign(components ?? {}, { schemas, ...shareAnswers(paths ?? {}) });
      return document.openapiObject;
    },
  });
  const schema = {
    summary: 'This document',
    security: [],
    response: { 200: z.looseObject({ openapi: z.string() }) },
  };
  app.get('/openapi.json', { schema, config: { isMetered: false } }, () => app.swagger());
}
