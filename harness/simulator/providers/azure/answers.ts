import { canonicalJson } from '#harness/cassettes/canonical-json.ts';
import {
  type Answer,
  type AnswerPart,
  createPart,
  createWholeAnswer,
  type WholeAnswer,
  withBody,
} from '../../answer.ts';
import { parseJson } from '../../parse-json.ts';
import type { GeneratedAnswer } from '../../script.ts';
import { splitEvents } from '../../sse.ts';
import { generate as generateAtOpenai } from '../openai/answers.ts';
import { MODELS } from '../openai/models.ts';
import type { AnswerContext, ProviderRequest } from '../wire.ts';
import { withGateway } from './errors.ts';

/** What OpenAI answers, with what the filters and the gateway add. */
export function generate(
  request: ProviderRequest,
  asked: GeneratedAnswer | undefined,
  context: AnswerContext,
): Answer {
  if (request.operation.name === 'models.list') {
    return withGateway(listModels(), context);
  }
  const answer = withGateway(generateAtOpenai(request, asked, context), context);
  if (answer.kind === 'stream') {
    return { ...answer, parts: filterParts(answer.parts) };
  }
  const body = parseJson(answer.body.toString());
  return hasChoices(body)
    ? withBody(answer, Buffer.from(`${canonicalJson(filter(body, PROMPT))}\n`))
    : answer;
}

const SAFE = { filtered: false, severity: 'safe' };
const PARTS_SAFE = { hate: SAFE, self_harm: SAFE, sexual: SAFE, violence: SAFE };
const PROMPT = {
  prompt_filter_results: [{ prompt_index: 0, content_filter_results: PARTS_SAFE }],
};

/** The prompt's verdict comes first and alone; then each chunk has the one of its content. */
function* filterParts(parts: Iterable<AnswerPart>): Generator<AnswerPart> {
  const opening = { choices: [], created: 0, id: '', model: '', object: '', ...PROMPT };
  yield createPart(frame(opening));
  for (const part of parts) {
    const body = parseJson(splitEvents(part.bytes)[0]?.data ?? '');
    yield hasChoices(body) ? { ...part, bytes: frame(filter(body)) } : part;
  }
}

interface HasChoices {
  readonly choices: readonly object[];
}

function hasChoices(body: unknown): body is HasChoices {
  return typeof body === 'object' && body !== null && 'choices' in body;
}

function filter(body: HasChoices, more: object = {}): object {
  const choices = body.choices.map((choice) => ({ ...choice, content_filter_results: PARTS_SAFE }));
  return { ...body, choices, ...more };
}

/** Keys come sorted at this provider. */
function frame(body: object): Buffer {
  return Buffer.from(`data: ${canonicalJson(body)}\n\n`);
}

/** A model as the resource lists it: with what it is good for. */
function listModels(): WholeAnswer {
  const data = MODELS.map(({ id, operation }) => ({
    status: 'succeeded',
    capabilities: {
      fine_tune: false,
      inference: true,
      completion: false,
      chat_completion: operation === 'chat.completions',
      embeddings: operation === 'embeddings',
    },
    lifecycle_status: 'generally-available',
    id,
    object: 'model',
  }));
  const headers = ['content-type', 'application/json'];
  return createWholeAnswer(JSON.stringify({ data, object: 'list' }), { status: 200, headers });
}
